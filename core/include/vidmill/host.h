/* host.h - what the host offers a plugin: a log, a call context, and where it runs. */
#ifndef VIDMILL_HOST_H
#define VIDMILL_HOST_H

#include <vidmill/base.h>
#include <vidmill/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum vm_log_level { VM_LOG_DEBUG = 1, VM_LOG_INFO = 2, VM_LOG_WARNING = 3, VM_LOG_ERROR = 4 };

/*
 * One operation in flight. It belongs to the host; a plugin passes it on and
 * asks it through the functions below. NULL is a call that is never cancelled,
 * has no deadline and whose progress nobody wants.
 *
 * An operation returns within one second of its cancellation, with
 * VM_ERR_CANCELLED. All functions here may be called from any thread for as
 * long as the operation has not returned.
 */
struct vm_call {
	const struct vm_call_table *table;
};

struct vm_call_table {
	uint32_t size;
	uint32_t reserved;
	bool (*cancelled)(const struct vm_call *call);
	/* Becomes readable at cancellation: poll it, never read or close it. -1 where there is none. */
	int (*cancel_fd)(const struct vm_call *call);
	/* Until the deadline, never negative; INT64_MAX without a deadline. */
	int64_t (*time_left_ms)(const struct vm_call *call);
	/* True when the time passed, false when it was cut short by cancellation or deadline. */
	bool (*sleep_ms)(const struct vm_call *call, uint64_t duration_ms);
	/* How far the operation is, in any unit; total 0 when unknown. Also a sign of life. */
	void (*progress)(const struct vm_call *call, uint64_t done, uint64_t total);
};

static inline bool vm_call_cancelled(const struct vm_call *call)
{
	return call != NULL && call->table->cancelled(call);
}

static inline int vm_call_cancel_fd(const struct vm_call *call)
{
	return call != NULL ? call->table->cancel_fd(call) : -1;
}

static inline int64_t vm_call_time_left_ms(const struct vm_call *call)
{
	return call != NULL ? call->table->time_left_ms(call) : INT64_MAX;
}

static inline void vm_call_progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	if (call != NULL)
		call->table->progress(call, done, total);
}

/* VM_ERR_CANCELLED or VM_ERR_TIMEOUT, said of `what`, when the operation must end. */
static inline int vm_call_check(const struct vm_call *call, const char *what, struct vm_error *err)
{
	if (vm_call_cancelled(call))
		return vm_fail(err, VM_ERR_CANCELLED, "%s: cancelled", what);
	if (vm_call_time_left_ms(call) <= 0)
		return vm_fail(err, VM_ERR_TIMEOUT, "%s: no time left", what);
	return VM_OK;
}

/*
 * Handed to create; one for each instance, so that the log knows who speaks.
 * It outlives the instance. It is all that a plugin gets from the host, and a
 * table, so that a plugin imports no symbol of it.
 */
struct vm_host {
	uint32_t size;
	uint32_t reserved;
	/* [any thread] One line, no newline, no secret. Report a failure or log it, never both. */
	void (*log)(const struct vm_host *host, enum vm_log_level level, const char *format, ...)
	    VM_PRINTF(3, 4);
	/* Absolute path of the private directory (0700) for what a local plugin keeps. It exists. */
	const char *state_dir;
	/* Where in the pipeline file it stands: "storage.unprocessed", "meta", "stages.web". */
	const char *role;
	/* The name of the pipeline: for naming things outside. */
	const char *pipeline;
};

#ifdef __cplusplus
}
#endif

#endif
