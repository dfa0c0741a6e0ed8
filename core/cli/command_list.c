/* command_list.c - `vidmill list`: the videos of a server, newest first. */
#include <stdlib.h>

#include "cli/client.h"
#include "cli/client_print.h"
#include "support/buffer.h"

enum { ONLY = CLIENT_OPTIONS_END, LIMIT };
enum { LIMIT_DEFAULT = 50, LIMIT_MOST = 1000000, PAGE = 500 };

static const struct command_option options[] = {
    CLIENT_OPTIONS,
    [ONLY] = {"only", "STATE", "Only those in this state: queued, processed, failed, …"},
    [LIMIT] = {"limit", "N", "At most so many; default 50."},
    {0},
};

/* Appends one page to `videos`; *next becomes what to go on behind, "" at the end. */
static int ask_page(struct client *client, const char *state, int64_t limit, char next[64],
                    json_t *videos, struct vm_error *err)
{
	struct buffer path;
	json_t *page = NULL;
	const char *after;
	int status;

	buffer_init(&path, 1024);
	status = buffer_print(&path, err, "/v1/videos?limit=%d%s%s%s%s",
	                      (int)(limit < PAGE ? limit : PAGE), state != NULL ? "&state=" : "",
	                      state != NULL ? state : "", next[0] != '\0' ? "&after=" : "", next);
	if (status == VM_OK)
		status = client_ask(client, "GET", path.bytes, NULL, &page, err);
	if (status == VM_OK) {
		json_array_extend(videos, json_object_get(page, "videos"));
		after = video_text(page, "next");
		snprintf(next, 64, "%s", after);
	}
	json_decref(page);
	buffer_finish(&path);
	return status;
}

static void print(const json_t *videos, bool as_json)
{
	const json_t *video;
	size_t i;

	if (as_json) {
		json_t *object = json_pack("{sO}", "videos", videos);

		print_json(object);
		json_decref(object);
		return;
	}
	if (json_array_size(videos) > 0)
		print_heading();
	json_array_foreach(videos, i, video) print_row(video);
}

/* A word of the user that goes into a URL: the states are plain words, all else is none. */
static bool is_word(const char *text)
{
	for (; *text != '\0'; text++)
		if ((*text < 'a' || *text > 'z') && *text != '_')
			return false;
	return true;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct client *client = NULL;
	json_t *videos = NULL;
	int64_t left = LIMIT_DEFAULT;
	char next[64] = "";
	struct vm_error err;
	int code;
	int status;

	if (!arguments_read(&command_list, argc, argv, &arguments, &code))
		return code;
	if (!arguments_number(&command_list, &arguments, LIMIT, 1, LIMIT_MOST, &left))
		return EXIT_USAGE;
	if (arguments.values[ONLY] != NULL && !is_word(arguments.values[ONLY]))
		return arguments_refuse(&command_list, "--only is \"%s\", which is no state of a video",
		                        arguments.values[ONLY]);
	videos = json_array();
	status = client_create(&arguments, &client, &err);
	do {
		if (status == VM_OK)
			status = ask_page(client, arguments.values[ONLY], left, next, videos, &err);
		left = left > PAGE ? left - PAGE : 0;
	} while (status == VM_OK && next[0] != '\0' && left > 0);
	if (status == VM_OK)
		print(videos, arguments.values[CLIENT_JSON] != NULL);
	code = status == VM_OK ? EXIT_OK : client_fail(&command_list, &err);
	json_decref(videos);
	client_destroy(client);
	return code;
}

const struct command command_list = {
    .name = "list",
    .arguments = "[--only STATE] [--limit N] [--json]",
    .summary = "Lists the videos of a server, newest first.",
    .options = options,
    .run = run,
};
