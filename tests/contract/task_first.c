/* task_first.c - the suite's task as the first process of a container. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "task_first.h"

static volatile sig_atomic_t worker;

static void pass_on(int number)
{
	if (worker > 0)
		kill((pid_t)worker, number);
}

int task_first_run(int (*task)(void))
{
	sigset_t term, usual;
	int how = 0;
	pid_t pid;

	/* No signal that comes before there is somebody to pass it on to is lost. */
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &usual);
	signal(SIGTERM, pass_on);
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		sigprocmask(SIG_SETMASK, &usual, NULL);
		_exit(task());
	}
	worker = pid;
	sigprocmask(SIG_SETMASK, &usual, NULL);
	while (pid > 0 && waitpid(pid, &how, 0) != pid)
		;
	return pid < 0 ? 1 : WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
}
