/* compute.h - the operations of a compute plugin: where `vidmill work` runs. */
#ifndef VIDMILL_COMPUTE_H
#define VIDMILL_COMPUTE_H

#include <vidmill/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VM_TASK_MAX 512 /* the text that names a task */

/* The environment variable in which a worker finds its job. */
#define VM_JOB_VARIABLE "VIDMILL_JOB"

/* What is to be started. */
struct vm_task {
	/* Letters, digits and '-', at most 64: the same token never starts a second task. */
	const char *token;
	/* JSON, under 4 KiB, handed over as VM_JOB_VARIABLE. It holds a ticket: never log it, never
	 * put it on a command line. */
	const char *job;
	/* How a worker is started on this machine: program and arguments, ended by NULL. A plugin
	 * that runs it elsewhere has its own command there. */
	const char *const *command;
};

enum vm_task_state {
	VM_TASK_STARTING = 1, /* accepted, not yet running */
	VM_TASK_RUNNING = 2,
	VM_TASK_STOPPED = 3,
	VM_TASK_UNKNOWN = 4 /* the service does not know it (any more, or yet) */
};

struct vm_task_status {
	uint32_t size;
	enum vm_task_state state;
	/* Of a stopped task; negative: the signal that ended it; INT32_MIN: not known. */
	int32_t exit_code;
	/* 1: the service took the machine away that a stopped task ran on (Spot), so that it has not
	 * failed, and the host does not count it as an attempt; else 0. */
	uint32_t interrupted;
	char reason[256]; /* why it stopped, in the service's words; may be empty */
};

/* Constant over the life of an instance. */
struct vm_compute_traits {
	uint32_t size;
	uint32_t reserved;
	/* A task that has not reported by then is not coming: the dispatch deadline. */
	uint64_t start_ms;
	/* How often status may be asked of every task without burdening the service. */
	uint64_t watch_ms;
	/* Tasks run beside the host on its machine and are to end with it: a host that drains has
	 * them hand back what they cannot finish. Else they go on without it. */
	bool ends_with_host;
};

/* [worker thread, blocking, cancellable] all but traits. None is optional. */
struct vm_compute_ops {
	uint32_t size;
	uint32_t reserved;

	void (*traits)(void *self, struct vm_compute_traits *out);

	/*
	 * Starts a task, or finds the one that this token started, and names it in
	 * `task`. No room: VM_ERR_THROTTLED, and surely nothing was started. After
	 * VM_ERR_TIMEOUT it may have been; the same token then finds it.
	 */
	int (*start)(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
	             const struct vm_call *call, struct vm_error *err);

	int (*status)(void *self, const char *task, struct vm_task_status *out,
	              const struct vm_call *call, struct vm_error *err);

	/* Asks the task to end (SIGTERM, then SIGKILL after the plugin's grace), without waiting for
	 * it. Stopping what has stopped or is unknown succeeds. */
	int (*stop)(void *self, const char *task, const struct vm_call *call, struct vm_error *err);

	/* How many tasks could be started now. Asked before a message is received. */
	int (*capacity)(void *self, uint32_t *free, const struct vm_call *call, struct vm_error *err);
};

#ifdef __cplusplus
}
#endif

#endif
