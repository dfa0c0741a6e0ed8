/* command_show.c - `vidmill show`: all that is known of one video. */
#include "cli/client.h"
#include "cli/client_print.h"

static const struct command_option options[] = {CLIENT_OPTIONS, {0}};

/* The outputs, where there are some. */
static int ask_outputs(struct client *client, const char *id, const json_t *video, json_t **out,
                       struct vm_error *err)
{
	char path[512];

	if (json_object_get(video, "result") == NULL)
		return VM_OK;
	snprintf(path, sizeof path, "/v1/videos/%s/outputs", id);
	return client_ask(client, "GET", path, NULL, out, err);
}

static void print(json_t *video, json_t *answer, bool as_json)
{
	json_t *outputs = json_object_get(answer, "outputs");

	if (!as_json) {
		print_video(video, outputs);
		return;
	}
	if (outputs != NULL)
		json_object_set(video, "outputs", outputs);
	print_json(video);
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct client *client = NULL;
	json_t *video = NULL;
	json_t *outputs = NULL;
	struct vm_error err;
	char path[512];
	int code;
	int status;

	if (!arguments_read(&command_show, argc, argv, &arguments, &code))
		return code;
	if (!client_video_path(arguments.operands[0], "", path, sizeof path))
		return client_no_video(&command_show, arguments.operands[0]);
	if ((status = client_create(&arguments, &client, &err)) == VM_OK &&
	    (status = client_ask(client, "GET", path, NULL, &video, &err)) == VM_OK &&
	    (status = ask_outputs(client, arguments.operands[0], video, &outputs, &err)) == VM_OK)
		print(video, outputs, arguments.values[CLIENT_JSON] != NULL);
	code = status == VM_OK ? EXIT_OK : client_fail(&command_show, &err);
	json_decref(outputs);
	json_decref(video);
	client_destroy(client);
	return code;
}

const struct command command_show = {
    .name = "show",
    .arguments = "ID [--json]",
    .summary = "Shows one video: its state, its attempts, its outputs.",
    .options = options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
