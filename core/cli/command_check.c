/* command_check.c - `vidmill check`: everything that is wrong with a pipeline file, at once. */
#include <limits.h>
#include <stdlib.h>

#include "cli/opened.h"
#include "cli/state_dir.h"
#include "plugin/instance.h"
#include "support/call.h"
#include "support/json.h"

#define CONNECT_MS 15000

enum { CONNECT, JSON };

static const struct command_option options[] = {
    [CONNECT] = {"connect", NULL, "Also asks each plugin to reach what it names."},
    [JSON] = {"json", NULL, "Prints one JSON object instead of text."},
    {0},
};

struct connecting {
	struct opened *opened;
	const char *state_dir;
};

static void connect_role(void *ctx, const struct role *role)
{
	const struct connecting *connecting = ctx;
	struct instance *instance = NULL;
	struct call call;
	struct vm_error err;
	int status;

	if (role->plugin->entry.connect == NULL)
		return;
	call_init(&call, NULL, CONNECT_MS);
	status = instance_create(role->plugin, role->config, role->name, connecting->state_dir,
	                         connecting->opened->pipeline->name, &instance, &err);
	if (status == VM_OK)
		status = role->plugin->entry.connect(instance->self, &call.vm, &err);
	if (status != VM_OK)
		diagnostics_error(&connecting->opened->found, role->file, role->line, "%s: %s", role->name,
		                  err.message);
	instance_destroy(instance);
}

static int connect_all(struct opened *opened, const char *given_state_dir, struct vm_error *err)
{
	char state_dir[PATH_MAX];
	struct connecting connecting = {.opened = opened, .state_dir = state_dir};
	int status = state_dir_make(given_state_dir, state_dir, sizeof state_dir, err);

	if (status == VM_OK)
		opened_each_role(opened, connect_role, &connecting);
	return status;
}

static void print_role(const char *name, const struct role *role)
{
	printf("%s%s", name, role->plugin->entry.name);
}

/* One line: which plugin stands where. */
static void print_text(const struct pipeline *pipeline)
{
	printf("%s: \"%s\" is right:", pipeline->path, pipeline->name);
	print_role(" storage ", pipeline->storage_unprocessed);
	if (pipeline->storage_processed->plugin != pipeline->storage_unprocessed->plugin)
		print_role(" and ", pipeline->storage_processed);
	print_role(", queue ", pipeline->queue_unprocessed);
	if (pipeline->queue_processed->plugin != pipeline->queue_unprocessed->plugin)
		print_role(" and ", pipeline->queue_processed);
	print_role(", compute ", pipeline->compute);
	print_role(", meta ", pipeline->meta);
	for (size_t i = 0; i < pipeline->n_stages; i++)
		printf("%s%s (%s)", i == 0 ? ", stages " : ", ", pipeline->stages[i].name,
		       pipeline->stages[i].role.plugin->entry.name);
	putchar('\n');
}

static void add_role(void *ctx, const struct role *role)
{
	json_object_set_new(ctx, role->name, json_string(role->plugin->entry.name));
}

static json_t *problems_to_json(const struct diagnostics *found)
{
	json_t *problems = json_array();

	for (size_t i = 0; i < found->count; i++) {
		const struct diagnostic *item = &found->items[i];

		json_array_append_new(problems, json_pack("{s:s?, s:i, s:s, s:s}", "file", item->file,
		                                          "line", (int)item->line, "level",
		                                          item->is_warning ? "warning" : "error", "text",
		                                          item->text));
	}
	return problems;
}

static void print_json(const struct opened *opened, bool is_right)
{
	json_t *roles = json_object(), *report;
	char *text;

	if (opened->pipeline != NULL)
		opened_each_role(opened, add_role, roles);
	report = json_pack("{s:s, s:b, s:s?, s:o, s:o}", "file", opened->path, "right", is_right,
	                   "name", opened->pipeline != NULL ? opened->pipeline->name : NULL, "roles",
	                   roles, "problems", problems_to_json(&opened->found));
	text = report != NULL ? json_write(report) : NULL;
	puts(text != NULL ? text : "null");
	free(text);
	json_decref(report);
}

/* Says what was found and what comes of it. */
static int report(const struct opened *opened, bool as_json, bool file_is_right)
{
	bool is_right = opened->found.errors == 0; /* --connect included */

	if (as_json)
		print_json(opened, is_right);
	else
		diagnostics_print(&opened->found, stderr);
	if (is_right && !as_json)
		print_text(opened->pipeline);
	if (is_right)
		return EXIT_OK;
	return file_is_right ? EXIT_FAILED : EXIT_CONFIG;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct opened opened;
	struct vm_error err;
	bool file_is_right;
	int code, status;

	if (!arguments_read(&command_check, argc, argv, &arguments, &code))
		return code;
	status = opened_open(&arguments, &opened, &err);
	file_is_right = status == VM_OK && opened.found.errors == 0;
	if (file_is_right && arguments.values[CONNECT] != NULL)
		status = connect_all(&opened, arguments.state_dir, &err);
	if (status == VM_OK) {
		code = report(&opened, arguments.values[JSON] != NULL, file_is_right);
	} else {
		fprintf(stderr, "vidmill check: %s\n", err.message);
		code = EXIT_CONFIG;
	}
	opened_close(&opened);
	return code;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[FILE] [--connect]",
    .summary = "Says everything that is wrong with a pipeline file.",
    .help = "Reads FILE (without one: the local pipeline that comes with vidmill), loads the\n"
            "plugins that it names and asks them whether their options go together. Touches no\n"
            "network and starts nothing unless --connect is given. What is wrong goes to stderr,\n"
            "one line each with file and line; a file that is right gets one line on stdout.\n"
            "Exit code 3 when the file is wrong, 1 when it is right but --connect failed.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
