/* call.h - the host's side of struct vm_call: a cancel token, a deadline, a progress function. */
#ifndef SUPPORT_CALL_H
#define SUPPORT_CALL_H

#include <vidmill/host.h>

#include "support/cancel.h"

typedef void call_progress_fn(void *ctx, uint64_t done, uint64_t total);

/* Lives on the stack of whoever calls an operation: pass &call.vm. */
struct call {
	struct vm_call vm; /* first: the ABI hands back a pointer to it */
	const struct cancel *cancel;
	int64_t deadline_ms; /* clock_monotonic_ms; INT64_MAX: none */
	call_progress_fn *progress;
	void *progress_ctx;
};

/* `cancel` may be NULL; time_ms 0: no deadline. */
void call_init(struct call *call, const struct cancel *cancel, uint64_t time_ms);

#endif
