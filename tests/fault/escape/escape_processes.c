/* escape_processes.c - escapes into other programs, processes and threads. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escapes.h"

bool escape_exec(const char *argument)
{
	char program[] = "/bin/true";
	char *arguments[] = {program, NULL}, *environment[] = {NULL};

	(void)argument;
	execve(program, arguments, environment);
	return false;
}

/* A small bomb: where it works the machine is to survive the proof. */
bool escape_fork(const char *argument)
{
	int made = 0;

	(void)argument;
	while (made < 8) {
		pid_t pid = fork();

		if (pid < 0)
			return false;
		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
		made++;
	}
	return true;
}

static void *sleep_for_ever(void *ctx)
{
	for (;;)
		pause();
	return ctx;
}

bool escape_threads(const char *argument)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)PTHREAD_STACK_MIN);
	for (long left = strtol(argument, NULL, 10); left > 0 && error == 0; left--)
		error = pthread_create(&thread, &attributes, sleep_for_ever, NULL);
	pthread_attr_destroy(&attributes);
	/* Nobody counts threads all the time. */
	if (error == 0)
		sleep(2);
	errno = error;
	return error == 0;
}

bool escape_ptrace(const char *argument)
{
	(void)argument;
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0;
}

bool escape_signal_parent(const char *argument)
{
	(void)argument;
	return kill(getppid(), SIGTERM) == 0;
}

bool escape_signal_thread(const char *argument)
{
	(void)argument;
	return syscall(SYS_tgkill, getppid(), getppid(), SIGTERM) == 0;
}

bool escape_orphan(const char *argument)
{
	(void)argument;
	return prctl(PR_SET_PDEATHSIG, 0UL, 0UL, 0UL, 0UL) == 0;
}

bool escape_core(const char *argument)
{
	(void)argument;
	return prctl(PR_SET_DUMPABLE, 1UL, 0UL, 0UL, 0UL) == 0;
}
