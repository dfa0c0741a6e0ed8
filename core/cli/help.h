/* help.h - what --help says, of the program and of one command. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

void help_print(FILE *out);
void help_print_command(const struct command *command, FILE *out);

/* The meaning of an exit code, for help, man page and documentation; NULL: no such code. */
const char *help_exit_code(int code);

#endif
