/* command.c - a command of another hand, and what it has to say. */
#include "command.h"

#include <check.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 32 };

static pid_t start(const char *const *arguments, int output)
{
	char *words[ARGUMENTS_MAX] = {NULL};
	posix_spawn_file_actions_t actions;
	extern char **environ;
	pid_t child;

	for (size_t i = 0; arguments[i] != NULL && i + 1 < ARGUMENTS_MAX; i++)
		words[i] = strdup(arguments[i]);
	ck_assert_int_eq(posix_spawn_file_actions_init(&actions), 0);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO), 0);
	ck_assert_int_eq(posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO), 0);
	ck_assert_msg(posix_spawnp(&child, words[0], &actions, NULL, words, environ) == 0, "start %s",
	              words[0]);
	posix_spawn_file_actions_destroy(&actions);
	for (size_t i = 0; words[i] != NULL; i++)
		free(words[i]);
	return child;
}

void command_text(const char *const *arguments, char *text, size_t size)
{
	size_t length = 0;
	int ends[2], status;
	ssize_t got;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = start(arguments, ends[1]);
	close(ends[1]);
	while ((got = read(ends[0], text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(ends[0]);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: %s", arguments[0], text);
}
