/* command_upload.c - `vidmill upload`: one file, from here to a playable video. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/client_print.h"
#include "cli/client_upload.h"
#include "cli/client_wait.h"
#include "support/clock.h"

enum { NAME = CLIENT_OPTIONS_END, TYPE, WAIT, NO_WAIT };

static const struct command_option options[] = {
    CLIENT_OPTIONS,
    [NAME] = {"name", "NAME", "What the video is called; default: the file's name."},
    [TYPE] = {"type", "TYPE", "Its media type, like video/mp4; default: none is said."},
    [WAIT] = {"wait", NULL, "Ends when the video is processed; this is the default."},
    [NO_WAIT] = {"no-wait", NULL, "Ends when the file is uploaded, not when it is processed."},
    {0},
};

struct file {
	const char *path;
	int fd;
	uint64_t bytes;
};

static int open_file(const char *path, struct file *out, struct vm_error *err)
{
	struct stat about;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 || fstat(fd, &about) != 0 ? errno : 0;

	if (error == 0 && !S_ISREG(about.st_mode))
		error = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
	if (error == 0 && about.st_size > 0) {
		*out = (struct file){.path = path, .fd = fd, .bytes = (uint64_t)about.st_size};
		return VM_OK;
	}
	if (fd >= 0)
		close(fd);
	if (error == 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "%s is empty: there is nothing to process", path);
	return vm_fail(err, VM_ERR_BAD_DATA, "%s: %s", path, strerror(error));
}

static int create_video(struct client *client, const struct arguments *arguments,
                        const struct file *file, json_t **out, struct vm_error *err)
{
	const char *slash = strrchr(file->path, '/');
	const char *name = arguments->values[NAME];
	json_t *body;
	int status;

	if (name == NULL)
		name = slash != NULL ? slash + 1 : file->path;
	body = json_pack("{ss ss* sI}", "name", name, "content_type", arguments->values[TYPE], "bytes",
	                 (json_int_t)file->bytes);
	if (body == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "the name is no UTF-8: choose one by --name");
	status = client_ask(client, "POST", "/v1/videos", body, out, err);
	json_decref(body);
	return status;
}

/* What the bar shows while the bytes go out. */
struct sending {
	struct progress *progress;
	uint64_t bytes;
	int64_t begun_ms;
};

static void show_sent(void *ctx, uint64_t sent)
{
	const struct sending *sending = ctx;
	int64_t lasted_ms = clock_monotonic_ms() - sending->begun_ms;
	char rate[PROGRESS_TEXT_MAX] = "";
	char detail[PROGRESS_TEXT_MAX + 4] = "";

	if (lasted_ms > 500) {
		progress_bytes((uint64_t)((double)sent * 1000 / (double)lasted_ms), rate);
		snprintf(detail, sizeof detail, "%s/s", rate);
	}
	progress_show(sending->progress, "uploading", sent, sending->bytes, detail);
}

/* Tells the server where it cannot know by itself; that it knew already is as good. */
static int complete(struct client *client, const char *id, struct vm_error *err)
{
	char path[512];
	int status;

	if (!client_video_path(id, "/complete", path, sizeof path))
		return vm_fail(err, VM_ERR_BAD_DATA, "the server gave a video without an id");
	status = client_ask(client, "POST", path, NULL, NULL, err);
	return status == VM_ERR_CONFLICT ? VM_OK : status;
}

/* `progress` may be NULL: then nothing is shown. */
static int send_file(struct client *client, const struct file *file, const json_t *created,
                     struct progress *progress, struct vm_error *err)
{
	struct sending sending = {
	    .progress = progress, .bytes = file->bytes, .begun_ms = clock_monotonic_ms()};
	struct client_upload upload = {
	    .path = file->path,
	    .fd = file->fd,
	    .bytes = file->bytes,
	    .requests = json_object_get(json_object_get(created, "upload"), "requests"),
	    .sent = progress != NULL ? show_sent : NULL,
	    .ctx = &sending,
	};
	const char *id = video_text(json_object_get(created, "video"), "id");
	bool received;
	int status = client_upload_send(&upload, &received, err);

	if (progress != NULL)
		progress_clear(progress);
	/* An answer that got lost: the source is there, sent by an earlier try of ours. */
	if (status != VM_OK && status != VM_ERR_CONFLICT)
		return status;
	return received ? VM_OK : complete(client, id, err);
}

static int ask_video(struct client *client, const char *id, json_t **out, struct vm_error *err)
{
	char path[512];

	if (!client_video_path(id, "", path, sizeof path))
		return vm_fail(err, VM_ERR_BAD_DATA, "the server gave a video without an id");
	return client_ask(client, "GET", path, NULL, out, err);
}

static int upload(struct client *client, const struct arguments *arguments, const struct file *file,
                  json_t **video, struct vm_error *err)
{
	bool as_json = arguments->values[CLIENT_JSON] != NULL;
	json_t *created = NULL;
	struct progress progress;
	const char *id;
	int status;

	progress_init(&progress, stderr);
	if ((status = create_video(client, arguments, file, &created, err)) != VM_OK)
		return status;
	id = video_text(json_object_get(created, "video"), "id");
	if (!as_json)
		fprintf(stderr, "video %s\n", id);
	status = send_file(client, file, created, as_json ? NULL : &progress, err);
	if (status == VM_OK && arguments->values[NO_WAIT] != NULL)
		status = ask_video(client, id, video, err);
	else if (status == VM_OK)
		status = client_wait(client, id, as_json, &progress, video, err);
	json_decref(created);
	return status;
}

static int tell(struct client *client, const struct arguments *arguments, const json_t *video)
{
	bool as_json = arguments->values[CLIENT_JSON] != NULL;

	if (arguments->values[NO_WAIT] == NULL)
		return client_tell_end(&command_upload, client, video, as_json);
	if (as_json)
		print_json(video);
	else
		puts(video_text(video, "id"));
	return EXIT_OK;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct file file = {.fd = -1};
	struct client *client = NULL;
	json_t *video = NULL;
	struct vm_error err;
	int code;
	int status;

	if (!arguments_read(&command_upload, argc, argv, &arguments, &code))
		return code;
	if (arguments.values[WAIT] != NULL && arguments.values[NO_WAIT] != NULL)
		return arguments_refuse(&command_upload, "--wait and --no-wait exclude each other");
	if ((status = open_file(arguments.operands[0], &file, &err)) == VM_OK &&
	    (status = client_create(&arguments, &client, &err)) == VM_OK)
		status = upload(client, &arguments, &file, &video, &err);
	code = status == VM_OK ? tell(client, &arguments, video) : client_fail(&command_upload, &err);
	if (file.fd >= 0)
		close(file.fd);
	json_decref(video);
	client_destroy(client);
	return code;
}

const struct command command_upload = {
    .name = "upload",
    .arguments = "FILE [--name NAME] [--type TYPE] [--wait | --no-wait] [--json]",
    .summary = "Uploads a file and waits until it is a playable video.",
    .help =
        "Ends with the addresses of what was made; with exit code 1 when the video failed, and\n"
        "why. With --no-wait it ends when the file has arrived and prints the video's id.",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
