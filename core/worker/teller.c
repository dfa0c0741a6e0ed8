/* teller.c - events of one attempt, sent with its ticket and its nonce. */
#include "worker/teller.h"

#include <stdlib.h>
#include <string.h>

#include "support/call.h"
#include "support/clock.h"
#include "support/log.h"
#include "support/random.h"
#include "support/retry.h"

enum { AGAIN_FIRST_MS = 200, AGAIN_MOST_MS = 5000 };

void teller_init(struct teller *teller, struct instance *events, const struct job *job)
{
	*teller = (struct teller){.events = events, .job = job, .heard_ms = clock_monotonic_ms()};
	random_hex(teller->nonce, (VIDEO_NONCE_MAX - 1) / 2);
}

int teller_send(struct teller *teller, struct event *event, const struct cancel *cancel,
                uint64_t time_ms, struct vm_error *err)
{
	struct call call;
	char *text;
	int status;

	memcpy(event->video, teller->job->video, sizeof event->video);
	memcpy(event->ticket, teller->job->ticket, sizeof event->ticket);
	memcpy(event->nonce, teller->nonce, sizeof event->nonce);
	event->generation = teller->job->generation;
	event->epoch = teller->job->epoch;
	event->at_ms = clock_unix_ms();
	text = event_write(event);
	if (text == NULL)
		return vm_fail_memory(err);
	call_init(&call, cancel, time_ms);
	status = queue_send(teller->events, text, strlen(text), 0, &call.vm, err);
	if (status == VM_OK)
		atomic_store(&teller->heard_ms, clock_monotonic_ms());
	free(text);
	return status;
}

bool teller_is_silent(const struct teller *teller)
{
	int64_t quiet_ms = clock_monotonic_ms() - atomic_load(&teller->heard_ms);

	return quiet_ms >= (int64_t)teller->job->lease_ms;
}

int teller_insist(struct teller *teller, struct event *event, const struct cancel *cancel,
                  struct vm_error *err)
{
	struct vm_error error;
	unsigned tries = 0;
	int64_t left_ms;
	int status;

	for (;;) {
		left_ms = atomic_load(&teller->heard_ms) + (int64_t)teller->job->lease_ms -
		          clock_monotonic_ms();
		status = teller_send(teller, event, cancel, left_ms > 0 ? (uint64_t)left_ms : 1, &error);
		if (status == VM_OK)
			return VM_OK;
		log_warning("the event %s was not sent: %s", event_type_name(event->type), error.message);
		if (teller_is_silent(teller) ||
		    !cancel_sleep_ms(cancel, retry_backoff_ms(tries++, AGAIN_FIRST_MS, AGAIN_MOST_MS))) {
			*err = error;
			return status;
		}
	}
}
