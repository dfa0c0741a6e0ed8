/* heartbeat.c - one thread that renews the lease and keeps the task message hidden. */
#include "worker/heartbeat.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "support/call.h"
#include "support/clock.h"
#include "support/crash_point.h"
#include "support/log.h"

enum { TICK_MS = 250 };

struct heartbeat {
	struct heartbeat_want want;
	struct cancel *stop;
	pthread_t thread;
	struct log_scope scope;

	/* [the thread] */
	bool extends; /* the receipt is good as far as is known */
	uint64_t hide_ms;
	int64_t extend_at_ms, tell_at_ms, told_ms;

	pthread_mutex_t lock; /* of the two below */
	struct video_progress progress;
	bool moved; /* since it was last told */
};

static void extend(struct heartbeat *heartbeat)
{
	struct vm_error error;
	struct call call;
	int status;

	call_init(&call, heartbeat->stop, heartbeat->hide_ms / 3);
	status = queue_extend(heartbeat->want.tasks, heartbeat->want.teller->job->receipt,
	                      heartbeat->hide_ms, &call.vm, &error);
	heartbeat->extend_at_ms = clock_monotonic_ms() + (int64_t)heartbeat->hide_ms / 3;
	if (status == VM_OK)
		CRASH_POINT(WORKER_MESSAGE_EXTENDED);
	if (status == VM_OK || cancel_triggered(heartbeat->stop))
		return;
	if (status == VM_ERR_CONFLICT || status == VM_ERR_NOT_FOUND) {
		/* The server received it again, sees the lease, and keeps it hidden. */
		heartbeat->extends = false;
		log_info("the task message is extended no more: %s", error.message);
	} else
		log_warning("the task message was not extended: %s", error.message);
}

static void tell_progress(struct heartbeat *heartbeat)
{
	struct teller *teller = heartbeat->want.teller;
	uint64_t third_ms = teller->job->lease_ms / 3;
	struct event event = {.type = EVENT_PROGRESS};
	struct vm_error error;
	int status;

	pthread_mutex_lock(&heartbeat->lock);
	event.progress = heartbeat->progress;
	heartbeat->moved = false;
	pthread_mutex_unlock(&heartbeat->lock);
	event.progress.at_ms = clock_unix_ms();
	status = teller_send(teller, &event, heartbeat->stop, third_ms, &error);
	if (status == VM_OK)
		CRASH_POINT(WORKER_PROGRESS_SENT);
	heartbeat->told_ms = clock_monotonic_ms();
	if (status == VM_OK)
		heartbeat->tell_at_ms = heartbeat->told_ms + (int64_t)third_ms;
	else if (!cancel_triggered(heartbeat->stop)) {
		/* The next try is soon: only a whole lease without one that succeeds is an end. */
		heartbeat->tell_at_ms = heartbeat->told_ms + (int64_t)third_ms / 3;
		log_warning("the lease was not renewed: %s", error.message);
	}
}

static bool is_due(struct heartbeat *heartbeat, int64_t now)
{
	bool moved;

	pthread_mutex_lock(&heartbeat->lock);
	moved = heartbeat->moved;
	pthread_mutex_unlock(&heartbeat->lock);
	return now >= heartbeat->tell_at_ms ||
	       (moved && now >= heartbeat->told_ms + HEARTBEAT_PROGRESS_MS);
}

static void *beat(void *ctx)
{
	struct heartbeat *heartbeat = ctx;

	log_enter(&heartbeat->scope);
	while (!teller_is_silent(heartbeat->want.teller) &&
	       clock_monotonic_ms() < heartbeat->want.deadline_ms) {
		if (heartbeat->extends && clock_monotonic_ms() >= heartbeat->extend_at_ms)
			extend(heartbeat);
		if (is_due(heartbeat, clock_monotonic_ms()))
			tell_progress(heartbeat);
		if (!cancel_sleep_ms(heartbeat->stop, TICK_MS)) {
			log_leave(&heartbeat->scope);
			return NULL;
		}
	}
	if (teller_is_silent(heartbeat->want.teller))
		log_error("nothing was heard of this attempt for a whole lease: it publishes nothing");
	cancel_trigger(heartbeat->want.attempt);
	log_leave(&heartbeat->scope);
	return NULL;
}

int heartbeat_create(const struct heartbeat_want *want, struct heartbeat **out,
                     struct vm_error *err)
{
	struct heartbeat *heartbeat = calloc(1, sizeof *heartbeat);
	const struct job *job = want->teller->job;
	struct vm_queue_traits traits = {.size = sizeof traits};
	int64_t now = clock_monotonic_ms();
	int status, error;

	if (heartbeat == NULL)
		return vm_fail_memory(err);
	if ((status = cancel_create(NULL, &heartbeat->stop, err)) != VM_OK) {
		free(heartbeat);
		return status;
	}
	queue_traits(want->tasks, &traits);
	heartbeat->want = *want;
	heartbeat->scope = (struct log_scope){.video = job->video, .epoch = job->epoch};
	heartbeat->extends = job->receipt[0] != '\0';
	heartbeat->hide_ms = traits.visibility_ms < traits.extend_max_ms ? traits.visibility_ms
	                                                                 : traits.extend_max_ms;
	/* How much of the first hiding is left nobody here knows. */
	heartbeat->extend_at_ms = now;
	heartbeat->told_ms = now;
	heartbeat->tell_at_ms = now + (int64_t)job->lease_ms / 3;
	pthread_mutex_init(&heartbeat->lock, NULL);
	error = pthread_create(&heartbeat->thread, NULL, beat, heartbeat);
	if (error != 0) {
		pthread_mutex_destroy(&heartbeat->lock);
		cancel_destroy(heartbeat->stop);
		free(heartbeat);
		return vm_fail(err, VM_ERR_UNAVAILABLE, "start a thread: %s", strerror(error));
	}
	*out = heartbeat;
	return VM_OK;
}

void heartbeat_destroy(struct heartbeat *heartbeat)
{
	if (heartbeat == NULL)
		return;
	cancel_trigger(heartbeat->stop);
	pthread_join(heartbeat->thread, NULL);
	pthread_mutex_destroy(&heartbeat->lock);
	cancel_destroy(heartbeat->stop);
	free(heartbeat);
}

void heartbeat_progress(struct heartbeat *heartbeat, const struct video_progress *progress)
{
	pthread_mutex_lock(&heartbeat->lock);
	heartbeat->moved = heartbeat->moved || progress->done_ms != heartbeat->progress.done_ms ||
	                   strcmp(progress->stage, heartbeat->progress.stage) != 0;
	heartbeat->progress = *progress;
	pthread_mutex_unlock(&heartbeat->lock);
}
