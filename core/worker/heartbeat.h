/* heartbeat.h - the signs of life of an attempt: its lease, and its hidden message. */
#ifndef WORKER_HEARTBEAT_H
#define WORKER_HEARTBEAT_H

#include "worker/teller.h"

/*
 * A thread that sends `progress` every HEARTBEAT_PROGRESS_MS while something
 * moves and at least every third of the lease, and extends the task message
 * every third of its visibility. A receipt that is refused as stale ends the
 * extending, not the work. When nothing was heard for a whole lease it triggers
 * `attempt`: nothing may be published any more (teller_is_silent). So it does at the
 * deadline, for whatever part still waits then.
 */
struct heartbeat;

#define HEARTBEAT_PROGRESS_MS 2000

struct heartbeat_want {
	struct teller *teller;
	struct instance *tasks; /* queue.unprocessed */
	struct cancel *attempt;
	int64_t deadline_ms; /* clock_monotonic_ms; INT64_MAX: none */
};

int heartbeat_create(const struct heartbeat_want *want, struct heartbeat **out,
                     struct vm_error *err);
/* After it neither events nor extensions go out. Accepts NULL. */
void heartbeat_destroy(struct heartbeat *heartbeat);

/* [any thread] What the next `progress` says. */
void heartbeat_progress(struct heartbeat *heartbeat, const struct video_progress *progress);

#endif
