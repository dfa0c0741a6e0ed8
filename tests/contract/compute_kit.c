/* compute_kit.c - the steps that most cases of a compute service take. */
#include <stdio.h>
#include <string.h>

#include "compute_kit.h"
#include "task.h"

#define PATIENCE_MS 20000

struct compute c_of(struct contract *t, void *self)
{
	struct compute c = {.t = t, .ops = t->plugin->ops.compute, .self = self};

	c.traits.size = sizeof c.traits;
	c.ops->traits(self, &c.traits);
	return c;
}

struct compute c_open(struct contract *t)
{
	return c_of(t, contract_create(t));
}

const char *c_token(struct contract *t, const char *name)
{
	return contract_print(t, "%s-%s", t->tag, name);
}

static const char *trace_path(struct contract *t, const char *name)
{
	return contract_print(t, "%s/trace-%s", t->dir, name);
}

/* The job fills most of the 4 KiB that a job may have. */
#define PADDING 3000

struct vm_task c_task(struct contract *t, const char *name, const char *deed, int code)
{
	char *padding = contract_alloc(t, PADDING + 1);
	struct vm_task task = {
	    .token = c_token(t, name),
	    .command = t->plan->task_command,
	};

	memset(padding, 'p', PADDING);
	task.job = contract_print(t,
	                          "{\"do\":\"%s\",\"code\":%d,\"secret\":\"ticket-of-%s\",\"trace\":"
	                          "\"%s\",\"padding_length\":%d,\"padding\":\"%s\"}",
	                          deed, code, t->tag, trace_path(t, name), PADDING, padding);
	return task;
}

unsigned c_traces(struct contract *t, const char *name)
{
	FILE *file = fopen(trace_path(t, name), "r");
	unsigned count = 0;
	int c;

	if (file == NULL)
		return 0;
	while ((c = fgetc(file)) != EOF)
		count += c == '\n';
	fclose(file);
	return count;
}

const char *c_start(const struct compute *c, const char *name, const char *deed, int code)
{
	struct vm_task want = c_task(c->t, name, deed, code);
	char *task = contract_alloc(c->t, VM_TASK_MAX);
	struct vm_error err;

	expect_ok(c->t, &err, c->ops->start(c->self, &want, task, NULL, &err));
	expect(c->t, task[0] != '\0' && strnlen(task, VM_TASK_MAX) < VM_TASK_MAX,
	       "start answered no name of a task");
	expect(c->t, strpbrk(task, "\r\n") == NULL, "a task's name is one line of text");
	return task;
}

struct vm_task_status c_status(const struct compute *c, const char *task)
{
	struct vm_task_status status = {.size = sizeof status};
	struct vm_error err;

	expect_ok(c->t, &err, c->ops->status(c->self, task, &status, NULL, &err));
	expect(c->t, status.state >= VM_TASK_STARTING && status.state <= VM_TASK_UNKNOWN,
	       "status answered %d, which is no state", (int)status.state);
	expect(c->t, memchr(status.reason, '\0', sizeof status.reason) != NULL,
	       "the reason is not ended by NUL");
	return status;
}

void c_stop(const struct compute *c, const char *task)
{
	struct vm_error err;

	expect_ok(c->t, &err, c->ops->stop(c->self, task, NULL, &err));
}

uint32_t c_capacity(const struct compute *c)
{
	struct vm_error err;
	uint32_t free_tasks = UINT32_MAX;

	expect_ok(c->t, &err, c->ops->capacity(c->self, &free_tasks, NULL, &err));
	expect(c->t, free_tasks != UINT32_MAX, "capacity wrote nothing");
	return free_tasks;
}

struct vm_task_status c_wait(const struct compute *c, const char *task, enum vm_task_state state)
{
	uint64_t patience_ms = PATIENCE_MS + c->traits.start_ms;
	int64_t end_ms = contract_now_ms() + (int64_t)patience_ms;
	struct vm_task_status status;

	contract_allow_ms(c->t, patience_ms);
	for (;;) {
		status = c_status(c, task);
		if (status.state != VM_TASK_UNKNOWN && status.state >= state)
			return status;
		expect(c->t, contract_now_ms() < end_ms,
		       "task %s did not get to state %d within %llu s: it is in %d (%s)", task, (int)state,
		       (unsigned long long)patience_ms / 1000, (int)status.state, status.reason);
		contract_sleep_ms(c->traits.start_ms > 30000 ? 1000 : 20);
	}
}

void c_expect_exit(const struct compute *c, const char *task, int32_t code)
{
	struct vm_task_status status = c_wait(c, task, VM_TASK_STOPPED);
	struct contract *t = c->t;

	expect(t, status.exit_code != TASK_NO_JOB, "the task found no job in " VM_JOB_VARIABLE);
	expect(t, status.exit_code != TASK_JOB_DAMAGED, "the task found another job than was given");
	expect(t, status.exit_code != TASK_JOB_SHOWN, "the job stands on a command line");
	expect(t, status.exit_code == code, "the task ended with exit code %d, status says %d (%s)",
	       code, status.exit_code, status.reason);
}
