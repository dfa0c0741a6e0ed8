/* arguments.c - the command line of one command: its options, the global ones, its operands. */
#include "cli/arguments.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "plugin/option_value.h"
#include "support/log.h"
#include "support/suggest.h"

enum global { STATE, PLUGINS, LOG_LEVEL, LOG_FORMAT, HELP, N_GLOBALS };

const struct command_option global_options[] = {
    [STATE] = {"state", "DIR",
               "The private folder of this machine; default $XDG_STATE_HOME/vidmill, else "
               "~/.local/state/vidmill."},
    [PLUGINS] = {"plugins", "DIR",
                 "Where plugins are looked for, several folders separated by ':'; default "
                 "$VIDMILL_PLUGIN_PATH, else where they were installed."},
    [LOG_LEVEL] = {"log-level", "LEVEL",
                   "The least that is logged: debug, info (default), warning or error."},
    [LOG_FORMAT] = {"log-format", "FORMAT",
                    "text or json; default text on a terminal, json elsewhere."},
    [HELP] = {"help", NULL, "Prints this."},
    {0},
};

/* What getopt_long returns: above every character, globals first. */
#define FIRST_GLOBAL 1000
#define FIRST_OWN (FIRST_GLOBAL + N_GLOBALS)
#define LONG_MAX_COUNT (N_GLOBALS + ARGUMENTS_OPTIONS_MAX)

static size_t fill(const struct command_option *table, int first, struct option *options)
{
	size_t n = 0;

	for (; table != NULL && table[n].name != NULL; n++)
		options[n] = (struct option){
		    .name = table[n].name,
		    .has_arg = table[n].value != NULL ? required_argument : no_argument,
		    .val = first + (int)n,
		};
	return n;
}

int arguments_refuse(const struct command *command, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "vidmill %s: ", command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nusage: vidmill %s %s\n", command->name, command->arguments);
	return EXIT_USAGE;
}

/* "--conect=3" is no option that we know, or one that is written wrongly. */
static int refuse_option(const struct command *command, const char *written,
                         const struct option *options)
{
	const char *names[LONG_MAX_COUNT], *near;
	char word[64];
	size_t count = 0;

	snprintf(word, sizeof word, "%.*s", (int)strcspn(written, "="), written);
	for (; options[count].name != NULL; count++) {
		names[count] = options[count].name;
		if (strncmp(word, "--", 2) == 0 && strcmp(word + 2, names[count]) == 0)
			return arguments_refuse(command, "option %s takes no value", word);
	}
	near = suggest_name(word + strspn(word, "-"), names, count);
	if (near != NULL)
		return arguments_refuse(command, "unknown option %s; did you mean --%s?", word, near);
	return arguments_refuse(command, "unknown option %s", word);
}

static bool read_level(const char *text, enum vm_log_level *out)
{
	static const char *const levels[] = {
	    [VM_LOG_DEBUG] = "debug",
	    [VM_LOG_INFO] = "info",
	    [VM_LOG_WARNING] = "warning",
	    [VM_LOG_ERROR] = "error",
	};

	for (enum vm_log_level level = VM_LOG_DEBUG; level <= VM_LOG_ERROR; level++) {
		if (strcmp(levels[level], text) == 0) {
			*out = level;
			return true;
		}
	}
	return false;
}

static int setup_log(const struct command *command, const char *level_text, const char *format_text)
{
	enum vm_log_level level = VM_LOG_INFO;
	enum log_format format = LOG_AUTO;

	if (level_text != NULL && !read_level(level_text, &level))
		return arguments_refuse(
		    command, "--log-level is \"%s\"; it must be debug, info, warning or error", level_text);
	if (format_text != NULL && strcmp(format_text, "text") == 0)
		format = LOG_TEXT;
	else if (format_text != NULL && strcmp(format_text, "json") == 0)
		format = LOG_JSON;
	else if (format_text != NULL)
		return arguments_refuse(command, "--log-format is \"%s\"; it must be text or json",
		                        format_text);
	log_setup(level, format);
	return EXIT_OK;
}

static int check_operands(const struct command *command, int count)
{
	if (count < command->operands_min)
		return arguments_refuse(command, "something is missing behind it");
	if (count > command->operands_max)
		return arguments_refuse(command, "%d operands are too many", count);
	return EXIT_OK;
}

/* All options into `globals` and out->values; an exit code other than EXIT_OK ends it. */
static int read_options(const struct command *command, int argc, char **argv,
                        const char *globals[N_GLOBALS], struct arguments *out)
{
	struct option options[LONG_MAX_COUNT + 1] = {0};
	size_t n_globals = fill(global_options, FIRST_GLOBAL, options);
	int code;

	fill(command->options, FIRST_OWN, options + n_globals);
	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while ((code = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		const char *value = optarg != NULL ? optarg : "";

		if (code == ':')
			return arguments_refuse(command, "option %s wants a value", argv[optind - 1]);
		else if (code == '?')
			return refuse_option(command, argv[optind - 1], options);
		else if (code == 'h')
			globals[HELP] = value;
		else if (code >= FIRST_OWN)
			out->values[code - FIRST_OWN] = value;
		else
			globals[code - FIRST_GLOBAL] = value;
	}
	return EXIT_OK;
}

bool arguments_read(const struct command *command, int argc, char **argv, struct arguments *out,
                    int *exit_code)
{
	const char *globals[N_GLOBALS] = {0};

	*out = (struct arguments){0};
	*exit_code = read_options(command, argc, argv, globals, out);
	if (*exit_code != EXIT_OK)
		return false;
	if (globals[HELP] != NULL) {
		help_print_command(command, stdout);
		return false;
	}
	out->state_dir = globals[STATE];
	out->plugin_path = globals[PLUGINS];
	out->operands = argv + optind;
	out->n_operands = argc - optind;
	*exit_code = check_operands(command, out->n_operands);
	if (*exit_code == EXIT_OK)
		*exit_code = setup_log(command, globals[LOG_LEVEL], globals[LOG_FORMAT]);
	return *exit_code == EXIT_OK;
}

bool arguments_number(const struct command *command, const struct arguments *arguments, int option,
                      int64_t min, int64_t max, int64_t *out)
{
	const char *text = arguments->values[option];
	int64_t value;

	if (text == NULL)
		return true;
	if (!option_parse_int(text, &value) || value < min || value > max) {
		arguments_refuse(command, "--%s is \"%s\"; it must be a whole number from %lld to %lld",
		                 command->options[option].name, text, (long long)min, (long long)max);
		return false;
	}
	*out = value;
	return true;
}
