/* command_watch.c - `vidmill watch`: what changes in videos, while it happens. */
#include "cli/client.h"
#include "cli/client_print.h"
#include "cli/client_wait.h"

static const struct command_option options[] = {CLIENT_OPTIONS, {0}};

static enum vm_more print_change(void *ctx, const json_t *video)
{
	const bool *as_json = ctx;

	if (*as_json)
		print_json(video);
	else
		print_row(video);
	fflush(stdout);
	return VM_MORE;
}

static int watch_all(struct client *client, bool as_json)
{
	struct vm_error err;

	if (!as_json)
		print_heading();
	fflush(stdout);
	return client_follow(client, NULL, print_change, &as_json, &err) == VM_OK
	           ? EXIT_OK
	           : client_fail(&command_watch, &err);
}

static int watch_one(struct client *client, const char *id, bool as_json)
{
	struct progress progress;
	json_t *video = NULL;
	struct vm_error err;
	int code;

	progress_init(&progress, stderr);
	if (client_wait(client, id, as_json, &progress, &video, &err) != VM_OK)
		return client_fail(&command_watch, &err);
	code = client_tell_end(&command_watch, client, video, as_json);
	json_decref(video);
	return code;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct client *client = NULL;
	struct vm_error err;
	char path[512];
	bool as_json;
	int code;

	if (!arguments_read(&command_watch, argc, argv, &arguments, &code))
		return code;
	as_json = arguments.values[CLIENT_JSON] != NULL;
	if (arguments.n_operands > 0 &&
	    !client_video_path(arguments.operands[0], "", path, sizeof path))
		return client_no_video(&command_watch, arguments.operands[0]);
	if (client_create(&arguments, &client, &err) != VM_OK)
		return client_fail(&command_watch, &err);
	code = arguments.n_operands > 0 ? watch_one(client, arguments.operands[0], as_json)
	                                : watch_all(client, as_json);
	client_destroy(client);
	return code;
}

const struct command command_watch = {
    .name = "watch",
    .arguments = "[ID] [--json]",
    .summary = "Shows what happens to one video, or to all, while it happens.",
    .help = "With ID it ends when the video does, with exit code 0 when it was processed and 1\n"
            "when it failed, expired or was canceled. Without ID it goes on until it is\n"
            "interrupted. With --json each change is one line.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
