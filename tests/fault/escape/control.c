/* control.c - an escape without a sandbox, which must work. */

/*
 * escape-control NAME [ARGUMENT] ends with 0 when it got out, with 1 when not.
 * The parent of the process that tries it is this one, with an environment and
 * one descriptor that is inherited: what a codec child is not to reach.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escapes.h"

static bool got_signal(const sigset_t *set)
{
	return sigtimedwait(set, NULL, &(struct timespec){0}) == SIGTERM;
}

int main(int argc, char **argv)
{
	const struct escape *escape = argc > 1 ? escape_find(argv[1]) : NULL;
	int inherited[2], status = 0;
	sigset_t terminate;
	pid_t pid;

	if (escape == NULL || pipe(inherited) != 0)
		return 2;
	sigemptyset(&terminate);
	sigaddset(&terminate, SIGTERM);
	sigprocmask(SIG_BLOCK, &terminate, NULL);
	pid = fork();
	if (pid == 0) {
		bool out = escape->attempt(argc > 2 ? argv[2] : "");

		if (!out)
			fprintf(stderr, "%s: refused: %s\n", escape->name, strerror(errno));
		_exit(out ? 0 : 1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 2;
	if (strncmp(escape->name, "signal_", 7) == 0 && !got_signal(&terminate))
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
