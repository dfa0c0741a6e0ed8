/* drain.c - what a server that was told to stop does with the work in hand. */
#include "server/drain.h"

#include <stdlib.h>

#include "plugin/compute.h"
#include "server/documents.h"
#include "server/loops.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/crash_point.h"
#include "support/log.h"

/* A task that was told to end has this long to say so: the plugin's grace ends before. */
#define LAST_WORDS_MS 15000
#define LOOK_EVERY_MS 100

static const enum video_state active_states[] = {VIDEO_DISPATCHED, VIDEO_PROCESSING};
#define N_ACTIVE (sizeof active_states / sizeof active_states[0])

static uint64_t count_active(struct server *server)
{
	uint64_t total = 0;

	for (size_t i = 0; i < N_ACTIVE; i++) {
		uint64_t count = 0;
		struct call call;

		call_init(&call, server->abort, LOOP_CALL_MS);
		if (videos_count(server, active_states[i], &count, &call.vm, NULL) == VM_OK)
			total += count;
	}
	return total;
}

/* True when nothing is at work any more. */
static bool wait_for_tasks(struct server *server, uint64_t time_ms)
{
	int64_t end_ms = clock_monotonic_ms() + (int64_t)time_ms;

	while (count_active(server) > 0) {
		if (clock_monotonic_ms() >= end_ms || !cancel_sleep_ms(server->abort, LOOK_EVERY_MS))
			return false;
	}
	return true;
}

static void stop_task_of(struct server *server, const char *id)
{
	struct vm_error err;
	struct video video;
	struct call call;

	call_init(&call, server->abort, LOOP_CALL_MS);
	if (document_read(server->places.meta, id, &video, &call.vm, &err) != VM_OK)
		return;
	if (video.attempt.task[0] != '\0' &&
	    compute_stop(server->places.compute, video.attempt.task, &call.vm, &err) != VM_OK)
		log_warning("stopping task %s: %s", video.attempt.task, err.message);
	else
		CRASH_POINT(SERVER_DRAIN_STOP_SENT);
}

static void stop_all(struct server *server)
{
	for (size_t i = 0; i < N_ACTIVE; i++) {
		char(*ids)[VIDEO_ID_MAX] = NULL;
		size_t count = 0;
		struct call call;

		call_init(&call, server->abort, LOOP_CALL_MS);
		if (documents_in_state(server->places.meta, active_states[i], &ids, &count, &call.vm,
		                       NULL) != VM_OK)
			continue;
		for (size_t n = 0; n < count; n++)
			stop_task_of(server, ids[n]);
		free(ids);
	}
}

void drain_tasks(struct server *server, uint64_t patience_ms)
{
	struct vm_compute_traits traits = {.size = sizeof traits};

	compute_traits(server->places.compute, &traits);
	if (!traits.ends_with_host || wait_for_tasks(server, patience_ms))
		return;
	log_info("handing back what cannot be finished in time");
	stop_all(server);
	if (!wait_for_tasks(server, LAST_WORDS_MS))
		log_warning("some work did not hand itself back; it is taken up again at the next start");
}
