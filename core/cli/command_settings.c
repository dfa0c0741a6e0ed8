/* command_settings.c - `vidmill settings`: what a pipeline file may say to the host itself. */
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "pipeline/settings.h"
#include "plugin/option_print.h"
#include "support/json.h"
#include "support/suggest.h"

enum { JSON, MARKDOWN };

static const struct command_option options[] = {
    [JSON] = {"json", NULL, "Prints JSON instead of text."},
    [MARKDOWN] = {"markdown", NULL, "Prints the table of the documentation; with SECTION only."},
    {0},
};

struct section {
	const char *name;
	const struct vm_option *table;
};

static const struct section sections[] = {
    {"policy", policy_options},
    {"policy.limits", limit_options},
    {"server", server_options},
    {"server.alarms", alarm_options},
};

#define N_SECTIONS (sizeof sections / sizeof sections[0])

static const struct section *find_section(const char *name)
{
	const char *names[N_SECTIONS], *near;

	for (size_t i = 0; i < N_SECTIONS; i++) {
		names[i] = sections[i].name;
		if (strcmp(names[i], name) == 0)
			return &sections[i];
	}
	near = suggest_name(name, names, N_SECTIONS);
	fprintf(stderr, "vidmill settings: no section \"%s\"; %s\"%s\"%s\n", name,
	        near != NULL ? "did you mean " : "there are ", near != NULL ? near : "policy",
	        near != NULL ? "?" : ", \"policy.limits\", \"server\" and \"server.alarms\"");
	return NULL;
}

static int print_json(const struct section *only)
{
	json_t *object = json_object();
	char *text;

	for (size_t i = 0; i < N_SECTIONS; i++)
		if (only == NULL || only == &sections[i])
			json_object_set_new(object, sections[i].name, option_to_json(sections[i].table));
	text = json_write(object);
	json_decref(object);
	if (text == NULL)
		return EXIT_FAILED;
	puts(text);
	free(text);
	return EXIT_OK;
}

static void print_text(const struct section *only)
{
	for (size_t i = 0; i < N_SECTIONS; i++) {
		if (only != NULL && only != &sections[i])
			continue;
		printf("%s%s\n", only == NULL && i > 0 ? "\n" : "", sections[i].name);
		option_print_text(sections[i].table, stdout);
	}
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	const struct section *only = NULL;
	int code;

	if (!arguments_read(&command_settings, argc, argv, &arguments, &code))
		return code;
	if (arguments.n_operands > 0 && (only = find_section(arguments.operands[0])) == NULL)
		return EXIT_NOT_FOUND;
	if (arguments.values[JSON] != NULL)
		return print_json(only);
	if (arguments.values[MARKDOWN] == NULL)
		print_text(only);
	else if (only == NULL)
		return arguments_refuse(&command_settings, "--markdown prints one section: name it");
	else
		option_print_markdown(only->table, stdout);
	return EXIT_OK;
}

const struct command command_settings = {
    .name = "settings",
    .arguments = "[SECTION]",
    .summary = "Says what the sections policy and server of a pipeline file may hold.",
    .help = "SECTION is policy, policy.limits, server or server.alarms. What a plugin's own group\n"
            "may hold is said by \"vidmill plugins NAME\".",
    .options = options,
    .operands_max = 1,
    .run = run,
};
