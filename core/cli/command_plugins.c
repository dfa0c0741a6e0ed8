/* command_plugins.c - `vidmill plugins`: which there are, and the options of one. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "plugin/option_print.h"
#include "support/json.h"

enum { JSON, MARKDOWN };

static const struct command_option options[] = {
    [JSON] = {"json", NULL, "Prints JSON instead of text."},
    [MARKDOWN] = {"markdown", NULL, "Prints the page of the documentation; with NAME only."},
    {0},
};

struct listing {
	json_t *json; /* NULL: text is wanted */
	bool some_refused;
};

static void list_one(void *ctx, const struct plugin *plugin)
{
	const struct listing *listing = ctx;
	const struct vm_plugin *entry = &plugin->entry;

	if (listing->json != NULL)
		json_array_append_new(listing->json, plugin_to_json(plugin));
	else
		printf("%-8s  %-16s  %-8s  %s\n", plugin_kind_name(entry->kind), entry->name,
		       entry->version, entry->summary);
}

static void list_refused(void *ctx, const struct vm_error *err)
{
	struct listing *listing = ctx;

	listing->some_refused = true;
	fprintf(stderr, "vidmill plugins: %s\n", err->message);
}

/* Takes `value` over; NULL: memory ran out while it was made. */
static int print_json(json_t *value)
{
	char *text = value != NULL ? json_write(value) : NULL;

	json_decref(value);
	if (text == NULL) {
		fputs("vidmill plugins: out of memory\n", stderr);
		return EXIT_FAILED;
	}
	puts(text);
	free(text);
	return EXIT_OK;
}

static int print_all(struct plugins *plugins, bool as_json)
{
	struct listing listing = {.json = as_json ? json_array() : NULL};
	struct vm_error err;
	int code = EXIT_OK;

	if (plugins_each(plugins, list_one, list_refused, &listing, &err) != VM_OK)
		list_refused(&listing, &err);
	if (as_json)
		code = print_json(listing.json);
	return listing.some_refused ? EXIT_CONFIG : code;
}

/* "mine.so" is a file of this folder; a plugin's name has no ending. */
static int find(struct plugins *plugins, const char *operand, struct plugin **out,
                struct vm_error *err)
{
	size_t length = strlen(operand);
	char path[PATH_MAX];

	if (strchr(operand, '/') != NULL || length < 3 || strcmp(operand + length - 3, ".so") != 0)
		return plugins_find(plugins, operand, out, err);
	snprintf(path, sizeof path, "./%s", operand);
	return plugins_find(plugins, path, out, err);
}

static int print_one(struct plugins *plugins, const char *operand,
                     const struct arguments *arguments)
{
	struct plugin *plugin;
	struct vm_error err;
	int status = find(plugins, operand, &plugin, &err);

	if (status != VM_OK) {
		fprintf(stderr, "vidmill plugins: %s\n", err.message);
		return status == VM_ERR_NOT_FOUND ? EXIT_NOT_FOUND : EXIT_CONFIG;
	}
	if (arguments->values[JSON] != NULL)
		return print_json(plugin_to_json(plugin));
	if (arguments->values[MARKDOWN] != NULL)
		plugin_print_markdown(plugin, stdout);
	else
		plugin_print_text(plugin, stdout);
	return EXIT_OK;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct plugins plugins;
	struct vm_error err;
	const char *name;
	int code;

	if (!arguments_read(&command_plugins, argc, argv, &arguments, &code))
		return code;
	name = arguments.n_operands > 0 ? arguments.operands[0] : NULL;
	if (name == NULL && arguments.values[MARKDOWN] != NULL)
		return arguments_refuse(&command_plugins, "--markdown prints one plugin: name it");
	if (plugins_init(&plugins, arguments.plugin_path, &err) != VM_OK) {
		fprintf(stderr, "vidmill plugins: %s\n", err.message);
		return EXIT_CONFIG;
	}
	if (name != NULL)
		code = print_one(&plugins, name, &arguments);
	else
		code = print_all(&plugins, arguments.values[JSON] != NULL);
	plugins_finish(&plugins);
	return code;
}

const struct command command_plugins = {
    .name = "plugins",
    .arguments = "[NAME|FILE.so]",
    .summary = "Lists the plugins, or says what one is and which options it takes.",
    .help =
        "Without an operand every plugin of the search path is listed: kind, name, version and\n"
        "summary. With one, the whole table of that plugin is printed. None of a plugin's\n"
        "functions is called.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
