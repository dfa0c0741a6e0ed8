/* teller.h - tells the server what becomes of an attempt, and knows when it was last heard. */
#ifndef WORKER_TELLER_H
#define WORKER_TELLER_H

#include <stdatomic.h>

#include "plugin/queue.h"
#include "support/cancel.h"
#include "video/message.h"

struct teller {
	struct instance *events; /* queue.processed */
	const struct job *job;
	char nonce[VIDEO_NONCE_MAX];
	_Atomic int64_t heard_ms; /* clock_monotonic_ms of the last event that the queue took */
};

/* Makes the nonce. */
void teller_init(struct teller *teller, struct instance *events, const struct job *job);

/*
 * [any thread] Sends `event`, of which the caller has set the type and what
 * belongs to it. The try ends after time_ms, or with the cancellation.
 */
int teller_send(struct teller *teller, struct event *event, const struct cancel *cancel,
                uint64_t time_ms, struct vm_error *err);

/* Sends again and again, until the lease is over without a word. */
int teller_insist(struct teller *teller, struct event *event, const struct cancel *cancel,
                  struct vm_error *err);

/* Nothing was heard of this attempt for a whole lease: it has no right any more. */
bool teller_is_silent(const struct teller *teller);

#endif
