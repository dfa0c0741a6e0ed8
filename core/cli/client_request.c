/* client_request.c - asks one thing of one video and prints what came of it. */
#include "cli/client_request.h"

#include "cli/client_print.h"

int client_request(const struct command *command, const char *what, int argc, char **argv)
{
	struct arguments arguments;
	struct client *client = NULL;
	json_t *video = NULL;
	struct vm_error err;
	char path[512];
	int code;
	int status;

	if (!arguments_read(command, argc, argv, &arguments, &code))
		return code;
	if (!client_video_path(arguments.operands[0], what, path, sizeof path))
		return client_no_video(command, arguments.operands[0]);
	if ((status = client_create(&arguments, &client, &err)) == VM_OK)
		status = client_ask(client, "POST", path, NULL, &video, &err);
	if (status == VM_OK && arguments.values[CLIENT_JSON] != NULL)
		print_json(video);
	else if (status == VM_OK)
		printf("%s is %s\n", video_text(video, "id"), video_text(video, "state"));
	code = status == VM_OK ? EXIT_OK : client_fail(command, &err);
	json_decref(video);
	client_destroy(client);
	return code;
}
