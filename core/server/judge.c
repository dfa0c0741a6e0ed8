/* judge.c - the figures behind the alarms, and from where on each is one. */
#include "server/judge.h"

#include <inttypes.h>

#include "plugin/queue.h"
#include "server/documents.h"
#include "server/stuck.h"
#include "support/call.h"
#include "support/clock.h"

#define JUDGE_MS 10000

static const struct alarm_settings *settings(const struct server *server)
{
	return &server->pipeline->server.alarms;
}

static bool ask_queue(struct server *server, struct instance *queue, struct vm_queue_stats *out)
{
	struct call call;

	*out = (struct vm_queue_stats){.size = sizeof *out};
	call_init(&call, server->stop, JUDGE_MS);
	return queue_stats(queue, out, &call.vm, NULL) == VM_OK;
}

bool judge_dead_letters(struct server *server, struct judge_memory *memory, struct alarm *out)
{
	struct vm_queue_stats unprocessed, processed;
	uint64_t dead;

	(void)memory;
	if (!ask_queue(server, server->places.queue_unprocessed, &unprocessed) ||
	    !ask_queue(server, server->places.queue_processed, &processed))
		return false;
	dead = unprocessed.dead + processed.dead;
	out->figure = (double)dead;
	out->raised = settings(server)->dead_letters > 0 &&
	              dead >= (uint64_t)settings(server)->dead_letters;
	snprintf(out->detail, sizeof out->detail,
	         "what will not be tried again: task messages %" PRIu64 ", events %" PRIu64,
	         unprocessed.dead, processed.dead);
	return true;
}

bool judge_stuck_videos(struct server *server, struct judge_memory *memory, struct alarm *out)
{
	struct call call;
	uint64_t count;

	/* A server that has just come up finds much that was due while none was there. */
	if (clock_monotonic_ms() - memory->started_ms < (int64_t)settings(server)->stuck_ms)
		return false;
	call_init(&call, server->stop, JUDGE_MS);
	if (stuck_count(server, &count, &call.vm, NULL) != VM_OK)
		return false;
	out->figure = (double)count;
	out->raised = count > 0;
	snprintf(out->detail, sizeof out->detail,
	         "videos that were due long ago and that nobody saw to: %" PRIu64, count);
	return true;
}

bool judge_sweeper(struct server *server, struct judge_memory *memory, struct alarm *out)
{
	int64_t age_ms = clock_monotonic_ms() - server->swept_ms;
	char text[CLOCK_TEXT_MAX];

	(void)memory;
	out->figure = (double)age_ms / 1000;
	out->raised = age_ms > (int64_t)settings(server)->sweeper_ms;
	snprintf(out->detail, sizeof out->detail, "the sweeper has finished no pass for %s",
	         clock_duration_text(age_ms, text));
	return true;
}

static enum vm_more note_waiting(void *ctx, const struct video *video)
{
	*(int64_t *)ctx = video->waiting_ms;
	return VM_STOP;
}

/* Since when the video waits that waits longest for a task; 0: none waits. */
static bool find_waiting(struct server *server, int64_t *since_ms)
{
	struct vm_condition queued = {
	    .field = "state", .match = VM_MATCH_EQUAL, .text = video_state_name(VIDEO_QUEUED)};
	struct vm_find find = {.conditions = &queued, .count = 1, .order_by = "waiting_ms", .limit = 1};
	struct call call;

	*since_ms = 0;
	call_init(&call, server->stop, JUDGE_MS);
	return documents_find(server->places.meta, &find, note_waiting, since_ms, &call.vm, NULL) ==
	       VM_OK;
}

/* A task message stays in its queue while it is worked on, so the video tells how long it waits;
 * an event is to be read at once. */
bool judge_queue_age(struct server *server, struct judge_memory *memory, struct alarm *out)
{
	struct vm_queue_stats processed;
	int64_t since_ms, video_ms, event_ms, now_ms = clock_unix_ms();
	char text[CLOCK_TEXT_MAX];

	(void)memory;
	if (!find_waiting(server, &since_ms) ||
	    !ask_queue(server, server->places.queue_processed, &processed))
		return false;
	video_ms = since_ms != 0 && since_ms < now_ms ? now_ms - since_ms : 0;
	event_ms = (int64_t)processed.oldest_ms;
	if (event_ms > video_ms)
		snprintf(out->detail, sizeof out->detail, "an event has waited for %s to be read",
		         clock_duration_text(event_ms, text));
	else
		snprintf(out->detail, sizeof out->detail, "a video has waited for %s to be worked on",
		         clock_duration_text(video_ms, text));
	if (event_ms > video_ms)
		video_ms = event_ms;
	out->figure = (double)video_ms / 1000;
	out->raised = video_ms > (int64_t)settings(server)->queue_age_ms;
	return true;
}
