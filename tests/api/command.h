/* command.h - the program, run as its users run it, with what it says. */
#ifndef TESTS_API_COMMAND_H
#define TESTS_API_COMMAND_H

#include <sys/types.h>

struct command_run {
	pid_t pid;
	int out_fd, err_fd;
	int code; /* exit code; -1: it was ended by a signal */
	char *out, *err;
};

/*
 * Starts $VIDMILL with the words, ended by NULL. `server` and `token` go into
 * its environment; NULL: they are not set there.
 */
void command_start(struct command_run *run, const char *server, const char *token,
                   const char *const *words);
/* Waits for its end. */
void command_finish(struct command_run *run);
void command_free(struct command_run *run);

#endif
