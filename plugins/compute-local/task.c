/* task.c - how tasks are, stopping one, and the room for more. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compute.h"
#include "kit/fail.h"
#include "record.h"

static void describe_end(const struct record *record, struct vm_task_status *out)
{
	int wait_status = record->end.wait_status;

	out->exit_code = INT32_MIN;
	if (!record->has_end) {
		snprintf(out->reason, sizeof out->reason,
		         "ended, nobody saw how: its keeper was killed, or the machine went down");
	} else if (WIFSIGNALED(wait_status)) {
		const char *name = sigdescr_np(WTERMSIG(wait_status));

		out->exit_code = -WTERMSIG(wait_status);
		snprintf(out->reason, sizeof out->reason, "ended by signal %d (%s)%s",
		         WTERMSIG(wait_status), name != NULL ? name : "unknown",
		         record->end.stop == RECORD_KILLED ? ": it did not stop within its grace" : "");
	} else {
		out->exit_code = WEXITSTATUS(wait_status);
		snprintf(out->reason, sizeof out->reason, "ended with exit code %d%s", out->exit_code,
		         record->end.stop == RECORD_ASKED ? " when asked to stop" : "");
	}
}

/* The record of a task; none for a name that is no token. */
static int find_record(struct compute *compute, const char *task, const char *what,
                       struct record *record, struct vm_error *err)
{
	int code = 0;

	*record = (struct record){0};
	if (token_is_valid(task))
		code = record_read(compute->tasks, task, record);
	if (code != 0)
		return kit_fail_errno(err, code, compute->folder, "%s", what);
	return VM_OK;
}

int task_status(void *self, const char *task, struct vm_task_status *out,
                const struct vm_call *call, struct vm_error *err)
{
	struct compute *compute = self;
	char what[WHAT_MAX];
	struct record record;
	int status;

	status = compute_begin(compute, "status of", task, what, call, err);
	if (status == VM_OK)
		status = find_record(compute, task, what, &record, err);
	if (status != VM_OK)
		return status;
	out->exit_code = INT32_MIN;
	out->reason[0] = '\0';
	out->state = VM_TASK_UNKNOWN;
	if (record.is_living) {
		out->state = VM_TASK_RUNNING;
	} else if (record.is_there) {
		out->state = VM_TASK_STOPPED;
		describe_end(&record, out);
	}
	return VM_OK;
}

int task_stop(void *self, const char *task, const struct vm_call *call, struct vm_error *err)
{
	struct compute *compute = self;
	struct record record, again;
	char what[WHAT_MAX];
	int status, keeper;

	status = compute_begin(compute, "stop", task, what, call, err);
	if (status == VM_OK)
		status = find_record(compute, task, what, &record, err);
	if (status != VM_OK || !record.is_living)
		return status;
	if (record.keeper == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: it runs in another container", what);
	keeper = pidfd_open(record.keeper, 0);
	if (keeper < 0 && errno == ESRCH)
		return VM_OK;
	if (keeper < 0)
		return kit_fail_errno(err, errno, "this machine", "%s", what);

	/* Who still holds the lock now held it when we opened this process: they are the same. */
	status = find_record(compute, task, what, &again, err);
	if (status == VM_OK && again.is_living && again.keeper == record.keeper &&
	    pidfd_send_signal(keeper, SIGTERM, NULL, 0) != 0 && errno != ESRCH)
		status = kit_fail_errno(err, errno, "this machine", "%s", what);
	close(keeper);
	return status;
}

int task_capacity(void *self, uint32_t *free_tasks, const struct vm_call *call,
                  struct vm_error *err)
{
	struct compute *compute = self;
	uint32_t most = (uint32_t)compute->config->tasks, living;
	char what[WHAT_MAX];
	int status, code;

	status = compute_begin(compute, "capacity of", "compute", what, call, err);
	if (status != VM_OK)
		return status;
	code = record_count(compute->tasks, time(NULL), &living);
	if (code != 0)
		return kit_fail_errno(err, code, compute->folder, "%s", what);
	*free_tasks = living < most ? most - living : 0;
	return VM_OK;
}
