/* command.h - the commands of the program, one file each. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

/* The exit codes of every command; documented in docs/cli.md and --help. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,      /* it was tried and did not work */
	EXIT_USAGE = 2,       /* the command line is wrong */
	EXIT_CONFIG = 3,      /* the pipeline file or a plugin is wrong */
	EXIT_UNREACHABLE = 4, /* no server answers */
	EXIT_NOT_FOUND = 5,   /* no such video, plugin, dead letter */
	EXIT_FOUND = 6        /* an audit found what a person has to see to */
};

/* One row of a command's options, ended by a row without name; see arguments.h. */
struct command_option {
	const char *name;  /* "connect": the user writes --connect */
	const char *value; /* "SECONDS": what stands behind it; NULL: a switch */
	const char *doc;   /* one sentence that ends with a full stop */
};

/*
 * What one command is. Its --help, the man page, docs/cli.md and the shell
 * completion are all made of this.
 */
struct command {
	const char *name;
	const char *arguments; /* "[FILE] [--connect]": what usage says behind the name */
	const char *summary;   /* one line, for `vidmill --help` */
	const char *help;      /* paragraphs: what summary and options leave unsaid; may be NULL */
	const struct command_option *options; /* NULL: none but the global ones */
	int operands_min, operands_max;
	bool hidden;
	/* argv[0] is the command's name; global options may stand among the others. Returns an exit
	 * code. */
	int (*run)(int argc, char **argv);
};

extern const struct command *const commands[]; /* ended by NULL */

extern const struct command command_serve, command_work, command_codec_child;
extern const struct command command_check, command_plugins, command_test_plugin, command_provision;
extern const struct command command_settings, command_reference, command_audit;
extern const struct command command_upload, command_list, command_show, command_watch;
extern const struct command command_retry, command_cancel, command_dead_letters;

#endif
