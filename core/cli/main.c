/* main.c - finds the command that the command line names, and runs it. */
#include <stdio.h>
#include <string.h>

#include <vidmill/plugin.h>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/process.h"
#include "support/suggest.h"

#define COMMANDS_MAX 32

static const struct command *find_command(const char *name)
{
	for (const struct command *const *command = commands; *command != NULL; command++)
		if (strcmp((*command)->name, name) == 0)
			return *command;
	return NULL;
}

static int refuse_command(const char *name)
{
	const char *names[COMMANDS_MAX], *near;
	size_t count = 0;

	for (size_t i = 0; commands[i] != NULL && count < COMMANDS_MAX; i++)
		if (!commands[i]->hidden)
			names[count++] = commands[i]->name;
	near = suggest_name(name, names, count);
	if (near != NULL)
		fprintf(stderr, "vidmill: unknown command \"%s\"; did you mean \"%s\"?\n", name, near);
	else
		fprintf(stderr, "vidmill: unknown command \"%s\"; \"vidmill --help\" lists them\n", name);
	return EXIT_USAGE;
}

static const struct command_option *find_global(const char *written)
{
	size_t length = strcspn(written, "=");

	if (strncmp(written, "--", 2) != 0)
		return NULL;
	for (const struct command_option *option = global_options; option->name != NULL; option++)
		if (strlen(option->name) == length - 2 &&
		    memcmp(option->name, written + 2, length - 2) == 0)
			return option;
	return NULL;
}

/* Where the command stands, behind global options; argc: nowhere; 0: behind an unknown one. */
static int find_command_index(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-') {
		const struct command_option *option = find_global(argv[i]);

		if (option == NULL) {
			fprintf(stderr, "vidmill: unknown option %s; \"vidmill --help\" lists them\n", argv[i]);
			return 0;
		}
		i += option->value != NULL && strchr(argv[i], '=') == NULL ? 2 : 1;
	}
	return i < argc ? i : argc;
}

/* Moves the command in front of the global options, where it looks for them. */
static void rotate(char **argv, int command)
{
	char *name = argv[command];

	memmove(argv + 2, argv + 1, (size_t)(command - 1) * sizeof *argv);
	argv[1] = name;
}

int main(int argc, char **argv)
{
	const struct command *command;
	int index;

	process_prepare();
	if (argc < 2) {
		help_print(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help_print(stdout);
		return EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("vidmill %s, plugin ABI %d.%d\n", VIDMILL_VERSION, VM_ABI_MAJOR, VM_ABI_MINOR);
		return EXIT_OK;
	}
	index = find_command_index(argc, argv);
	if (index == argc)
		fputs("vidmill: no command is given; \"vidmill --help\" lists them\n", stderr);
	if (index == 0 || index == argc)
		return EXIT_USAGE;
	command = find_command(argv[index]);
	if (command == NULL)
		return refuse_command(argv[index]);
	rotate(argv, index);
	return command->run(argc - 1, argv + 1);
}
