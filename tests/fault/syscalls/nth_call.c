/* nth_call.c - runs a server, and ends a part of it, or refuses it something, at its n-th call. */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"
#include "process.h"

static const char usage[] =
    "usage: nth-call ROLE N DEED REPORT COMMAND …\n"
    "Runs COMMAND (vidmill serve …) and writes a line to REPORT for each system call that changes\n"
    "something and is made by ROLE: serve, keeper, work or codec. At the N-th of them (0: never)\n"
    "DEED is done: \"kill\" ends the process before the call happens, \"EIO\" or \"ENOSPC\" "
    "refuses\n"
    "the call once; then only calls on files count. Ends with the last process of COMMAND, and "
    "with\n"
    "its exit status.\n";

static const struct deed {
	const char *name;
	int code; /* of the refusal; 0: it is killed */
} deeds[] = {{"kill", 0}, {"EIO", EIO}, {"EROFS", EROFS}, {"ENOSPC", ENOSPC}};

struct run {
	const char *role;
	unsigned long at, count;
	const char *file; /* NULL: at a number */
	const struct deed *deed;
	FILE *report;
	pid_t first;
	int listener;
};

static pid_t first_process;

static void pass_on(int number)
{
	kill(first_process, number);
}

/*
 * The process that becomes COMMAND shares our descriptors until then: so we
 * have the one that its filter reports to.
 */
static bool start(struct run *run, char **command)
{
	int *listener = mmap(NULL, sizeof *listener, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	                     -1, 0);
	int status;

	if (listener == MAP_FAILED)
		return false;
	run->first = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
	if (run->first == 0) {
		*listener = filter_install();
		raise(SIGSTOP);
		execv(command[0], command);
		_exit(127);
	}
	if (run->first < 0 || waitpid(run->first, &status, WUNTRACED) < 0 || !WIFSTOPPED(status))
		return false;
	run->listener = *listener;
	munmap(listener, sizeof *listener);
	first_process = run->first;
	signal(SIGTERM, pass_on);
	signal(SIGINT, pass_on);
	return kill(run->first, SIGCONT) == 0;
}

/* What the call is about, as far as it can be told from the outside. */
static void describe(const struct seccomp_notif *call, pid_t pid, const char *name, char *text,
                     size_t size)
{
	static const char *const nameless[] = {"kill", "fork", "vfork", "clone", "execve"};

	text[0] = '\0';
	for (size_t i = 0; i < sizeof nameless / sizeof nameless[0]; i++)
		if (strcmp(name, nameless[i]) == 0)
			return;
	/* The folder of an …at call, the file of the others. */
	process_descriptor(pid, (int)call->data.args[0], text, size);
}

static bool counts(const struct run *run, const char *role, const char *name, const char *about)
{
	if (strcmp(role, run->role) != 0 && strcmp(run->role, "any") != 0)
		return false;
	if (run->deed->code == ENOSPC && !filter_needs_room(name))
		return false;
	return run->deed->code == 0 || about[0] == '/';
}

static bool is_time(struct run *run)
{
	run->count++;
	return run->file != NULL ? access(run->file, F_OK) == 0 : run->count == run->at;
}

static void answer(struct run *run, const struct seccomp_notif *call)
{
	struct seccomp_notif_resp answer = {.id = call->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	const char *name = filter_name(call->data.nr);
	pid_t pid = process_of((pid_t)call->pid);
	char about[512];

	describe(call, pid, name, about, sizeof about);
	if (counts(run, process_role(pid, run->first), name, about)) {
		bool now = is_time(run);

		fprintf(run->report, "%lu\t%s\t%s\t%s\n", run->count, now ? run->deed->name : "-", name,
		        about);
		fflush(run->report);
		if (now && run->deed->code == 0)
			kill(pid, SIGKILL);
		if (now && run->deed->code != 0)
			answer = (struct seccomp_notif_resp){.id = call->id, .error = -run->deed->code};
	}
	/* It fails when the process is gone meanwhile. */
	ioctl(run->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

/* Until the last process with this filter is gone. */
static void serve(struct run *run)
{
	struct pollfd news = {.fd = run->listener, .events = POLLIN};

	while (poll(&news, 1, -1) >= 0 || errno == EINTR) {
		struct seccomp_notif call = {0};

		if (news.revents & POLLIN) {
			if (ioctl(run->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0)
				answer(run, &call);
		} else if (news.revents & (POLLHUP | POLLERR)) {
			return;
		}
		news.revents = 0;
	}
}

static const struct deed *find_deed(const char *name)
{
	for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
		if (strcmp(deeds[i].name, name) == 0)
			return &deeds[i];
	return NULL;
}

int main(int count, char **words)
{
	struct run run = {0};
	int status;

	if (count < 6 || (run.deed = find_deed(words[3])) == NULL) {
		fputs(usage, stderr);
		return 2;
	}
	run.role = words[1];
	if (words[2][0] == '/')
		run.file = words[2];
	else
		run.at = strtoul(words[2], NULL, 10);
	run.report = fopen(words[4], "we");
	if (run.report == NULL || !start(&run, words + 5) || run.listener < 0) {
		fprintf(stderr, "nth-call: %s: %s\n", words[5], strerror(errno));
		return 1;
	}
	serve(&run);
	fclose(run.report);
	if (waitpid(run.first, &status, 0) < 0)
		return 1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
