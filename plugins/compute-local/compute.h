/* compute.h - what the files of compute-local share. */
#ifndef COMPUTE_LOCAL_COMPUTE_H
#define COMPUTE_LOCAL_COMPUTE_H

#include <pthread.h>
#include <sys/types.h>

#include <vidmill/plugin.h>

struct compute_config {
	int64_t tasks;
	uint64_t grace_ms;
};

/*
 * A task is named by its token and has a record, <state>/compute/tasks/<token>.
 * Between the server and the task stands its keeper, a process of a few calls:
 * it holds a lock on the record for as long as it lives, passes on the wish to
 * stop, and writes down how the task ended. A task lives as long as its keeper,
 * so no pid is ever remembered that could be another process by now, and it does
 * not matter which server started it, or whether that still runs.
 */
struct compute {
	const struct compute_config *config;
	char *folder; /* <state>/compute/tasks */
	pthread_mutex_t lock;
	int tasks; /* the open folder; -1 until compute_begin has returned VM_OK once */
	/* Keepers that this process has started and not seen end. [lock] */
	pid_t *keepers;
	size_t count, capacity;
};

enum { WHAT_MAX = 128, TOKEN_MAX = 65 };

/*
 * The beginning of every operation: writes `what` for its errors, sees whether it
 * was cancelled, opens (makes) the folder and takes note of keepers that ended.
 */
int compute_begin(struct compute *compute, const char *verb, const char *task, char what[WHAT_MAX],
                  const struct vm_call *call, struct vm_error *err);

/* Letters, digits and '-', 1 to 64: the name of a task, and of its record. */
bool token_is_valid(const char *token);

/* vidmill/compute.h is the contract of these. */
int task_start(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
               const struct vm_call *call, struct vm_error *err);
int task_status(void *self, const char *task, struct vm_task_status *out,
                const struct vm_call *call, struct vm_error *err);
int task_stop(void *self, const char *task, const struct vm_call *call, struct vm_error *err);
int task_capacity(void *self, uint32_t *free_tasks, const struct vm_call *call,
                  struct vm_error *err);

#endif
