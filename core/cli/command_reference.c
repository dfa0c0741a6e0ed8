/* command_reference.c - what the command tables say, as Markdown, man page and bash completion. */
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/help.h"

static void print_markdown_options(const struct command_option *options)
{
	fputs("\n| option | meaning |\n| --- | --- |\n", stdout);
	for (; options->name != NULL; options++) {
		printf("| `--%s", options->name);
		if (options->value != NULL)
			printf(" %s", options->value);
		printf("` | %s |\n", options->doc);
	}
}

static void print_markdown(void)
{
	const char *meaning;

	fputs("### Exit codes\n\n| code | means |\n| --- | --- |\n", stdout);
	for (int code = EXIT_OK; (meaning = help_exit_code(code)) != NULL; code++)
		printf("| %d | %s |\n", code, meaning);
	fputs("\n### Options of every command\n", stdout);
	print_markdown_options(global_options);
	for (const struct command *const *at = commands; *at != NULL; at++) {
		const struct command *command = *at;

		if (command->hidden)
			continue;
		printf("\n### vidmill %s\n\n    vidmill %s %s\n\n%s\n", command->name, command->name,
		       command->arguments, command->summary);
		if (command->help != NULL)
			printf("\n%s\n", command->help);
		if (command->options != NULL && command->options->name != NULL)
			print_markdown_options(command->options);
	}
}

/* Text of a man page: a '-' is a minus, a line does not begin with a control character. */
static void print_roff(const char *text)
{
	for (bool starts = true; *text != '\0'; text++) {
		if (starts && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		if (*text == '-' || *text == '\\')
			putchar('\\');
		putchar(*text);
		starts = *text == '\n';
	}
}

static void print_man_options(const struct command_option *options)
{
	for (; options != NULL && options->name != NULL; options++) {
		fputs(".TP\n.B \\-\\-", stdout);
		print_roff(options->name);
		if (options->value != NULL)
			printf(" \\fI%s\\fR", options->value);
		putchar('\n');
		print_roff(options->doc);
		putchar('\n');
	}
}

static void print_man(void)
{
	const char *meaning;

	fputs(".TH VIDMILL 1 \"\" \"vidmill " VIDMILL_VERSION "\"\n"
	      ".SH NAME\nvidmill \\- turns uploaded videos into playable ones\n"
	      ".SH SYNOPSIS\n.B vidmill\n.I COMMAND\n[\\fIOPTION\\fR...]\n"
	      ".SH OPTIONS OF EVERY COMMAND\n",
	      stdout);
	print_man_options(global_options);
	fputs(".SH COMMANDS\n", stdout);
	for (const struct command *const *at = commands; *at != NULL; at++) {
		if ((*at)->hidden)
			continue;
		fputs(".SS vidmill ", stdout);
		print_roff((*at)->name);
		putchar(' ');
		print_roff((*at)->arguments);
		putchar('\n');
		print_roff((*at)->summary);
		if ((*at)->help != NULL) {
			fputs("\n.PP\n", stdout);
			print_roff((*at)->help);
		}
		putchar('\n');
		print_man_options((*at)->options);
	}
	fputs(".SH EXIT STATUS\n", stdout);
	for (int code = EXIT_OK; (meaning = help_exit_code(code)) != NULL; code++)
		printf(".TP\n.B %d\n%s\n", code, meaning);
}

static void print_bash_options(const struct command_option *options)
{
	for (; options != NULL && options->name != NULL; options++)
		printf(" --%s", options->name);
}

static void print_bash(void)
{
	fputs("# bash completion for vidmill; made by `vidmill reference bash`\n"
	      "_vidmill()\n{\n"
	      "\tlocal word=${COMP_WORDS[COMP_CWORD]} command= options= i\n\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in\n",
	      stdout);
	for (const struct command *const *at = commands; *at != NULL; at++) {
		if ((*at)->hidden)
			continue;
		printf("\t\t%s) command=%s options=\"", (*at)->name, (*at)->name);
		print_bash_options((*at)->options);
		fputs("\" ;;\n", stdout);
	}
	fputs("\t\tesac\n\tdone\n\tif [[ -z $command && $word != -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W '",
	      stdout);
	for (const struct command *const *at = commands; *at != NULL; at++)
		if (!(*at)->hidden)
			printf(" %s", (*at)->name);
	fputs(
	    "' -- \"$word\"))\n\telif [[ $word == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W \"$options",
	    stdout);
	print_bash_options(global_options);
	fputs("\" -- \"$word\"))\n\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tfi\n}\n"
	      "complete -o filenames -F _vidmill vidmill\n",
	      stdout);
}

static int run(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} forms[] = {{"markdown", print_markdown}, {"man", print_man}, {"bash", print_bash}};
	struct arguments arguments;
	int code;

	if (!arguments_read(&command_reference, argc, argv, &arguments, &code))
		return code;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (strcmp(forms[i].name, arguments.operands[0]) == 0) {
			forms[i].print();
			return EXIT_OK;
		}
	}
	return arguments_refuse(&command_reference, "the form is markdown, man or bash");
}

const struct command command_reference = {
    .name = "reference",
    .arguments = "markdown|man|bash",
    .summary = "Prints all commands as documentation, man page or bash completion.",
    .operands_min = 1,
    .operands_max = 1,
    .hidden = true,
    .run = run,
};
