/* arguments.h - the command line of one command: its options, the global ones, its operands. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include <vidmill/base.h>

#include "cli/command.h"

#define ARGUMENTS_OPTIONS_MAX 24

/*
 * What was written. All text is borrowed from argv. `values` stand in the order
 * of the command's option table, so a command names them by an enum:
 *
 *	enum { CONNECT, JSON };
 *	static const struct command_option options[] = {
 *		[CONNECT] = {"connect", NULL, "Also asks each plugin to reach what it names."},
 *		[JSON] = {"json", NULL, "Prints JSON."},
 *		{0},
 *	};
 *
 *	static int run(int argc, char **argv)
 *	{
 *		struct arguments arguments;
 *		int code;
 *
 *		if (!arguments_read(&command_check, argc, argv, &arguments, &code))
 *			return code;
 *		if (arguments.values[JSON] != NULL) …
 */
struct arguments {
	const char *state_dir;   /* --state; NULL: not given, see state_dir.h */
	const char *plugin_path; /* --plugins, for plugins_init; NULL: not given */
	char **operands;
	int n_operands;
	const char *values[ARGUMENTS_OPTIONS_MAX]; /* NULL: not given; a switch that was given: "" */
};

/*
 * False when the command ends here, with *exit_code: --help was asked for and
 * printed, or the command line is wrong and stderr says why. Sets up the log by
 * --log-level and --log-format. [main thread, before others start]
 */
bool arguments_read(const struct command *command, int argc, char **argv, struct arguments *out,
                    int *exit_code);

/* Says what is wrong with the command line, as all commands do; returns EXIT_USAGE. */
int arguments_refuse(const struct command *command, const char *format, ...) VM_PRINTF(2, 3);

/*
 * The value of an option as a whole number of the range; *out is left alone when
 * it was not given. False when it is no such number; stderr says so, and the
 * command ends with EXIT_USAGE.
 */
bool arguments_number(const struct command *command, const struct arguments *arguments, int option,
                      int64_t min, int64_t max, int64_t *out);

/* The options that every command takes: --state, --plugins, --log-level, --log-format, --help. */
extern const struct command_option global_options[];

#endif
