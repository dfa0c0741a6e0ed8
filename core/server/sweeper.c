/* sweeper.c - everything that is due by itself: what a crash left undone, what never came. */
#include <stdlib.h>

#include "plugin/compute.h"
#include "plugin/queue.h"
#include "plugin/storage.h"
#include "server/documents.h"
#include "server/effects.h"
#include "server/letters.h"
#include "server/loops.h"
#include "server/sweep.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/log.h"

#define UNHEARD_AT_ONCE 100
#define LETTERS_EVERY_MS 15000
/* So little may the clock be set back without our caring. */
#define CLOCK_SLACK_MS 2000

/* How often the sweeper looks: as often as compute may be asked, but no rarer than every 5 s. */
static uint64_t pace_ms(struct server *server)
{
	struct vm_compute_traits traits;

	compute_traits(server->places.compute, &traits);
	if (traits.watch_ms < 250)
		return 250;
	return traits.watch_ms < 5000 ? traits.watch_ms : 5000;
}

static void step_all(struct server *server, enum input_type type, char (*ids)[VIDEO_ID_MAX],
                     size_t count)
{
	for (size_t i = 0; i < count && !cancel_triggered(server->stop); i++) {
		struct input input = {.type = type};
		struct effects effects;
		struct vm_error err;
		struct call call;

		call_init(&call, server->abort, LOOP_CALL_MS);
		if (videos_step(server, ids[i], &input, NULL, &effects, &call.vm, &err) != VM_OK)
			log_warning("sweeping video %s: %s", ids[i], err.message);
	}
}

/*
 * A server that was killed between the last byte of an upload and the
 * document's next state left a source that nobody announces: a store that
 * tells of arrivals by itself covers this, the others are looked through once.
 */
static void find_lost_arrivals(struct server *server)
{
	struct vm_storage_traits traits;
	char(*ids)[VIDEO_ID_MAX] = NULL;
	size_t count = 0;
	struct vm_error err;
	struct video video;
	struct call call;

	storage_traits(server->places.storage_unprocessed, &traits);
	call_init(&call, server->stop, LOOP_CALL_MS);
	if (traits.announces || documents_in_state(server->places.meta, VIDEO_AWAITING_UPLOAD, &ids,
	                                           &count, &call.vm, &err) != VM_OK)
		return;
	for (size_t i = 0; i < count && !cancel_triggered(server->stop); i++) {
		call_init(&call, server->stop, LOOP_CALL_MS);
		if (document_read(server->places.meta, ids[i], &video, &call.vm, &err) != VM_OK ||
		    effects_look_for_source(server, &video, NULL, NULL, &call.vm, &err) != VM_OK)
			log_warning("looking for the source of %s: %s", ids[i], err.message);
	}
	free(ids);
}

/*
 * A queued video whose message is none of those that wait: whoever had it in
 * hand was killed, and it stays hidden for as long as it would have been. Asked
 * only while no message waits at all, so that a long queue costs nothing here.
 */
static void find_unheard(struct server *server)
{
	const struct vm_condition condition = {
	    .field = "state", .match = VM_MATCH_EQUAL, .text = video_state_name(VIDEO_QUEUED)};
	const struct vm_find find = {
	    .conditions = &condition, .count = 1, .order_by = "wake_ms", .limit = UNHEARD_AT_ONCE};
	struct vm_queue_stats stats = {.size = sizeof stats};
	char(*ids)[VIDEO_ID_MAX] = NULL;
	size_t count = 0;
	struct vm_error err;
	struct call call;

	call_init(&call, server->stop, LOOP_CALL_MS);
	/* The videos first: one that is queued meanwhile has its message in the queue by then. */
	if (documents_ids(server->places.meta, &find, &ids, &count, &call.vm, &err) != VM_OK ||
	    count == 0 ||
	    queue_stats(server->places.queue_unprocessed, &stats, &call.vm, &err) != VM_OK ||
	    stats.visible > 0)
		count = 0;
	step_all(server, INPUT_UNHEARD, ids, count);
	free(ids);
}

/* What is in hand follows a clock that was set back, whatever it had been waiting for. */
static void follow_clock(struct server *server)
{
	static const enum video_state in_hand[] = {VIDEO_QUEUED, VIDEO_DISPATCHED, VIDEO_PROCESSING};

	for (size_t i = 0; i < sizeof in_hand / sizeof in_hand[0]; i++) {
		char(*ids)[VIDEO_ID_MAX] = NULL;
		size_t count = 0;
		struct vm_error err;
		struct call call;

		call_init(&call, server->stop, LOOP_CALL_MS);
		if (documents_in_state(server->places.meta, in_hand[i], &ids, &count, &call.vm, &err) !=
		    VM_OK)
			log_warning("listing the %s videos: %s", video_state_name(in_hand[i]), err.message);
		else
			step_all(server, INPUT_TICK, ids, count);
		free(ids);
	}
}

/* Unix time may be set; the time since boot may not. */
static bool clock_went_back(int64_t *ahead_ms)
{
	int64_t before_ms = *ahead_ms;

	*ahead_ms = clock_unix_ms() - clock_monotonic_ms();
	return before_ms - *ahead_ms > CLOCK_SLACK_MS;
}

void *sweeper_loop(void *ctx)
{
	struct server *server = ctx;
	struct loop_rest rest = {.pace_ms = pace_ms(server)};
	/* The first look finds it set back, for it may have been while no server was there. */
	int64_t letters_ms = 0, ahead_ms = INT64_MAX;
	struct call call;

	find_lost_arrivals(server);
	while (!cancel_triggered(server->stop)) {
		int64_t now_ms = clock_monotonic_ms();
		bool worked;

		if (clock_went_back(&ahead_ms))
			follow_clock(server);
		if (now_ms - letters_ms >= LETTERS_EVERY_MS) {
			call_init(&call, server->stop, LOOP_CALL_MS);
			letters_sweep(server, &call.vm);
			letters_ms = now_ms;
		}
		find_unheard(server);
		worked = sweep_due(server);
		cancel_sleep_ms(server->stop, loop_rest_ms(&rest, worked));
	}
	return NULL;
}
