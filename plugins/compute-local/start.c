/* start.c - starts a task, once for a token, whoever else starts at the same time. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compute.h"
#include "keeper.h"
#include "kit/fail.h"
#include "kit/lock.h"
#include "record.h"

/* How long a cancellation may go unnoticed where there is no descriptor to wait on. */
enum { LOOK_MS = 100 };

struct launch {
	struct compute *compute;
	const struct vm_task *want;
	const char *what;
	const struct vm_call *call;
	struct keeper keeper;
	char draft[TOKEN_MAX + 1];
	char **arguments, **environment;
	char *job; /* VIDMILL_JOB=… */
};

static int make_arguments(struct launch *launch, struct vm_error *err)
{
	const char *const *command = launch->want->command;
	size_t count = 0;

	while (command[count] != NULL)
		count++;
	if (count == 0)
		return vm_fail(err, VM_ERR_BUG, "%s: there is no command", launch->what);
	launch->arguments = calloc(count + 1, sizeof *launch->arguments);
	if (launch->arguments == NULL)
		return vm_fail_memory(err);
	/* exec takes them as if it would change them. */
	memcpy(launch->arguments, command, count * sizeof *launch->arguments);
	return VM_OK;
}

/* Our own environment and the job, which so stands on no command line. */
static int make_environment(struct launch *launch, struct vm_error *err)
{
	static const char name[] = VM_JOB_VARIABLE "=";
	size_t count = 0, size = sizeof name + strlen(launch->want->job);
	char **last;

	while (environ[count] != NULL)
		count++;
	launch->job = malloc(size);
	launch->environment = calloc(count + 2, sizeof *launch->environment);
	if (launch->job == NULL || launch->environment == NULL)
		return vm_fail_memory(err);
	snprintf(launch->job, size, "%s%s", name, launch->want->job);
	last = launch->environment;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(environ[i], name, sizeof name - 1) != 0)
			*last++ = environ[i];
	}
	*last = launch->job;
	return VM_OK;
}

/* Makes room for one more keeper while failing is still easy. */
static int reserve_keeper(struct compute *compute, struct vm_error *err)
{
	size_t capacity = compute->count + 1;
	pid_t *keepers;

	if (capacity <= compute->capacity)
		return VM_OK;
	keepers = reallocarray(compute->keepers, capacity, sizeof *keepers);
	if (keepers == NULL)
		return vm_fail_memory(err);
	compute->keepers = keepers;
	compute->capacity = capacity;
	return VM_OK;
}

/* Forks with all signals blocked: no handler of the server's may run in the keeper. */
static int fork_keeper(struct launch *launch, struct vm_error *err)
{
	struct compute *compute = launch->compute;
	sigset_t all, before;
	int status, code;
	pid_t pid;

	pthread_mutex_lock(&compute->lock);
	status = reserve_keeper(compute, err);
	if (status == VM_OK) {
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		pid = fork();
		if (pid == 0)
			keeper_run(&launch->keeper);
		code = errno;
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		if (pid > 0)
			compute->keepers[compute->count++] = pid;
		else
			status = kit_fail_errno(err, code, "this machine", "%s: fork", launch->what);
	}
	pthread_mutex_unlock(&compute->lock);
	return status;
}

static int fail_report(const struct launch *launch, const struct keeper_report *report,
                       struct vm_error *err)
{
	int status = VM_ERR_UNAVAILABLE;

	if (report->step != KEEPER_EXEC)
		return kit_fail_errno(err, report->code, launch->compute->folder, "%s", launch->what);
	if (report->code == ENOENT || report->code == EACCES || report->code == ENOEXEC ||
	    report->code == ENOTDIR)
		status = VM_ERR_CONFIG;
	vm_fail(err, status, "%s: cannot run %s: %s", launch->what, launch->keeper.file,
	        strerror(report->code));
	if (err != NULL)
		err->native = report->code;
	return status;
}

/* Waits until the task runs its program, or the keeper says why it does not. */
static int await_report(const struct launch *launch, int fd, struct vm_error *err)
{
	struct pollfd ready[] = {{.fd = fd, .events = POLLIN},
	                         {.fd = vm_call_cancel_fd(launch->call), .events = POLLIN}};
	struct keeper_report report;
	ssize_t got;

	while (poll(ready, 2, LOOK_MS) <= 0 || ready[0].revents == 0) {
		/* The task may start all the same; its token finds it then. */
		int status = vm_call_check(launch->call, launch->what, err);

		if (status != VM_OK)
			return status;
	}
	got = read(fd, &report, sizeof report);
	if (got == 0)
		return VM_OK;
	if (got != (ssize_t)sizeof report)
		return vm_fail(err, VM_ERR_BUG, "%s: a report of %zd bytes", launch->what, got);
	return fail_report(launch, &report, err);
}

static int launch_keeper(struct launch *launch, struct vm_error *err)
{
	int report[2], status;

	if (pipe2(report, O_CLOEXEC) != 0)
		return kit_fail_errno(err, errno, "this process", "%s", launch->what);
	launch->keeper.report = report[1];
	launch->keeper.token = launch->want->token;
	launch->keeper.draft = launch->draft;
	launch->keeper.file = launch->arguments[0];
	launch->keeper.arguments = launch->arguments;
	launch->keeper.environment = launch->environment;
	launch->keeper.grace_ms = launch->compute->config->grace_ms;
	status = fork_keeper(launch, err);
	close(report[1]);
	if (status == VM_OK)
		status = await_report(launch, report[0], err);
	close(report[0]);
	return status;
}

/* Launches unless the token has a record, or there is no room. All starts are locked out. */
static int start_alone(struct launch *launch, struct vm_error *err)
{
	struct compute *compute = launch->compute;
	struct record record;
	uint32_t living;
	int status, code;

	code = record_read(compute->tasks, launch->want->token, &record);
	if (code == 0 && record.is_there)
		return VM_OK;
	if (code == 0)
		code = record_count(compute->tasks, time(NULL), &living);
	if (code != 0)
		return kit_fail_errno(err, code, compute->folder, "%s", launch->what);
	if (living >= compute->config->tasks)
		return vm_fail(err, VM_ERR_THROTTLED, "%s: %u tasks are running, and %lld may",
		               launch->what, living, (long long)compute->config->tasks);
	status = make_arguments(launch, err);
	if (status == VM_OK)
		status = make_environment(launch, err);
	if (status == VM_OK)
		status = launch_keeper(launch, err);
	free(launch->arguments);
	free(launch->environment);
	free(launch->job);
	return status;
}

int task_start(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
               const struct vm_call *call, struct vm_error *err)
{
	struct compute *compute = self;
	char what[WHAT_MAX];
	struct launch launch = {.compute = compute, .want = want, .what = what, .call = call};
	int status, tasks;

	status = compute_begin(compute, "start", want->token, what, call, err);
	if (status != VM_OK)
		return status;
	if (!token_is_valid(want->token))
		return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: a token has 1 to 64 letters, digits and \"-\"",
		               what);
	snprintf(launch.draft, sizeof launch.draft, ".%s", want->token);

	/*
	 * The lock lives on in the keeper until its task runs: should this process be
	 * killed now, the next start waits for the record and finds it.
	 */
	tasks = openat(compute->tasks, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tasks < 0)
		return kit_fail_errno(err, errno, compute->folder, "%s", what);
	launch.keeper.tasks = tasks;
	status = kit_lock(tasks, what, call, err);
	if (status == VM_OK)
		status = start_alone(&launch, err);
	close(tasks);
	if (status == VM_OK)
		snprintf(task, VM_TASK_MAX, "%s", want->token);
	return status;
}
