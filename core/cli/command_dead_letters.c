/* command_dead_letters.c - `vidmill dead-letters`: list them, redrive them, remove one. */
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "cli/client.h"
#include "cli/client_print.h"
#include "support/clock.h"

static const struct command_option options[] = {CLIENT_OPTIONS, {0}};

static void print_letter(const json_t *letter)
{
	char died[CLOCK_TEXT_MAX];
	int64_t died_ms = video_number(letter, "died_ms");

	print_safe(video_text(letter, "id"), stdout);
	printf("\n  video     %s\n  died      %s\n  receives  %lld\n  reason    ",
	       video_text(letter, "video")[0] != '\0' ? video_text(letter, "video") : "none of ours",
	       died_ms != 0 ? clock_text(died_ms, died) : "unknown",
	       (long long)video_number(letter, "receives"));
	print_safe(video_text(letter, "reason"), stdout);
	putchar('\n');
}

static int list(struct client *client, const char *id, bool as_json, struct vm_error *err)
{
	json_t *answer = NULL;
	const json_t *letter;
	size_t i;
	int status = client_ask(client, "GET", "/v1/dead-letters?limit=1000", NULL, &answer, err);

	(void)id;
	if (status != VM_OK)
		return status;
	if (as_json)
		print_json(answer);
	else
		json_array_foreach(json_object_get(answer, "dead_letters"), i, letter) print_letter(letter);
	json_decref(answer);
	return VM_OK;
}

static int redrive(struct client *client, const char *id, bool as_json, struct vm_error *err)
{
	json_t *body = json_pack("{ss*}", "id", id);
	json_t *answer = NULL;
	int status = client_ask(client, "POST", "/v1/dead-letters/redrive", body, &answer, err);

	json_decref(body);
	if (status != VM_OK)
		return status;
	if (as_json)
		print_json(answer);
	else
		printf("%lld moved\n", (long long)video_number(answer, "moved"));
	json_decref(answer);
	return VM_OK;
}

static int remove_one(struct client *client, const char *id, bool as_json, struct vm_error *err)
{
	char *escaped = curl_easy_escape(NULL, id, 0);
	char path[2048];
	int status;

	if (escaped == NULL)
		return vm_fail_memory(err);
	if (snprintf(path, sizeof path, "/v1/dead-letters/%s", escaped) < (int)sizeof path)
		status = client_ask(client, "DELETE", path, NULL, NULL, err);
	else
		status = vm_fail(err, VM_ERR_NOT_FOUND, "there is no dead letter %.64s…", id);
	curl_free(escaped);
	if (status == VM_OK && as_json)
		puts("{}");
	return status;
}

static const struct action {
	const char *name;
	int operands_min, operands_max; /* the action's own */
	int (*run)(struct client *client, const char *id, bool as_json, struct vm_error *err);
} actions[] = {
    {"list", 0, 0, list},
    {"redrive", 0, 1, redrive},
    {"remove", 1, 1, remove_one},
};

static const struct action *find_action(const struct arguments *arguments)
{
	int operands = arguments->n_operands - 1;

	if (arguments->n_operands == 0)
		return &actions[0];
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, arguments->operands[0]) == 0 &&
		    operands >= actions[i].operands_min && operands <= actions[i].operands_max)
			return &actions[i];
	return NULL;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	const struct action *action;
	struct client *client = NULL;
	struct vm_error err;
	int code;
	int status;

	if (!arguments_read(&command_dead_letters, argc, argv, &arguments, &code))
		return code;
	if ((action = find_action(&arguments)) == NULL)
		return arguments_refuse(&command_dead_letters, "write list, redrive [ID] or remove ID");
	if ((status = client_create(&arguments, &client, &err)) == VM_OK)
		status = action->run(client, arguments.n_operands > 1 ? arguments.operands[1] : NULL,
		                     arguments.values[CLIENT_JSON] != NULL, &err);
	code = status == VM_OK ? EXIT_OK : client_fail(&command_dead_letters, &err);
	client_destroy(client);
	return code;
}

const struct command command_dead_letters = {
    .name = "dead-letters",
    .arguments = "[list | redrive [ID] | remove ID] [--json]",
    .summary = "Lists what will not be tried again, and tries it again.",
    .help = "redrive queues the video of one dead letter, or of all, once more, with its attempts\n"
            "counted from 0. remove forgets a letter; its video stays as it is.",
    .options = options,
    .operands_max = 2,
    .run = run,
};
