/* help.c - what --help says, of the program and of one command. */
#include "cli/help.h"

#include <string.h>

#include "cli/arguments.h"

#define LINE_WIDTH 80
#define OPTION_WIDTH 24

const char *help_exit_code(int code)
{
	static const char *const meanings[] = {
	    [EXIT_OK] = "it worked",
	    [EXIT_FAILED] = "it was tried and did not work",
	    [EXIT_USAGE] = "the command line is wrong",
	    [EXIT_CONFIG] = "the pipeline file or a plugin is wrong",
	    [EXIT_UNREACHABLE] = "no server answers",
	    [EXIT_NOT_FOUND] = "there is no such video, plugin or dead letter",
	    [EXIT_FOUND] = "an audit found what a person has to see to",
	};

	return code >= EXIT_OK && code <= EXIT_FOUND ? meanings[code] : NULL;
}

/* Words of `text` in lines that begin at `indent`; the first one is there already. */
static void print_wrapped(const char *text, int indent, FILE *out)
{
	int at = indent;

	while (*text != '\0') {
		int length = (int)strcspn(text, " ");

		if (at > indent && at + 1 + length > LINE_WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, (size_t)length, out);
		at += length;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void print_option(const struct command_option *option, FILE *out)
{
	char left[64];

	snprintf(left, sizeof left, "  --%s%s%s", option->name, option->value != NULL ? " " : "",
	         option->value != NULL ? option->value : "");
	fprintf(out, "%-*s", OPTION_WIDTH, left);
	if (strlen(left) >= OPTION_WIDTH)
		fprintf(out, "\n%*s", OPTION_WIDTH, "");
	print_wrapped(option->doc, OPTION_WIDTH, out);
}

static void print_options(const char *title, const struct command_option *options, FILE *out)
{
	if (options == NULL || options->name == NULL)
		return;
	fprintf(out, "\n%s\n", title);
	for (; options->name != NULL; options++)
		print_option(options, out);
}

void help_print(FILE *out)
{
	const char *meaning;

	fputs("usage: vidmill COMMAND [OPTION…]\n\n"
	      "Turns uploaded videos into playable ones, by plugins that one pipeline file names.\n\n"
	      "commands\n",
	      out);
	for (const struct command *const *command = commands; *command != NULL; command++)
		if (!(*command)->hidden)
			fprintf(out, "  %-14s %s\n", (*command)->name, (*command)->summary);
	print_options("options of every command", global_options, out);
	fputs("\nexit codes\n", out);
	for (int code = EXIT_OK; (meaning = help_exit_code(code)) != NULL; code++)
		fprintf(out, "  %d  %s\n", code, meaning);
	fputs("\n\"vidmill COMMAND --help\" says more of one; \"vidmill --version\" says which this "
	      "is.\n",
	      out);
}

void help_print_command(const struct command *command, FILE *out)
{
	fprintf(out, "usage: vidmill %s %s\n\n%s\n", command->name, command->arguments,
	        command->summary);
	if (command->help != NULL)
		fprintf(out, "\n%s\n", command->help);
	print_options("options", command->options, out);
	print_options("options of every command", global_options, out);
}
