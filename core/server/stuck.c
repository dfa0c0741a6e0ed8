/* stuck.c - videos that nobody saw to when they were due. */
#include "server/stuck.h"

#include "server/documents.h"
#include "support/clock.h"

static bool is_silent(const struct server *server, const struct video *video, int64_t now_ms)
{
	int64_t patience_ms = (int64_t)server->pipeline->server.alarms.stuck_ms +
	                      2 * (int64_t)server->pipeline->policy.lease_ms;

	return (video->state == VIDEO_DISPATCHED || video->state == VIDEO_PROCESSING) &&
	       video->attempt.until_ms + patience_ms < now_ms;
}

const char *video_is_stuck(const struct server *server, const struct video *video, int64_t now_ms)
{
	if (is_silent(server, video, now_ms))
		return "its attempt has been silent for long, and nobody took the work away";
	if (video->wake_ms != 0 &&
	    video->wake_ms + (int64_t)server->pipeline->server.alarms.stuck_ms < now_ms)
		return "what was due for it was not done";
	return NULL;
}

struct silent {
	const struct server *server;
	int64_t now_ms;
	uint64_t count;
};

static enum vm_more count_silent(void *ctx, const struct video *video)
{
	struct silent *silent = ctx;

	silent->count += is_silent(silent->server, video, silent->now_ms);
	return VM_MORE;
}

int stuck_count(struct server *server, uint64_t *count, const struct vm_call *call,
                struct vm_error *err)
{
	struct silent silent = {.server = server, .now_ms = clock_unix_ms()};
	struct vm_condition overdue = {.field = "wake_ms",
	                               .match = VM_MATCH_BELOW_OR_EQUAL,
	                               .number = silent.now_ms -
	                                         (int64_t)server->pipeline->server.alarms.stuck_ms};
	struct vm_find find = {.conditions = &overdue, .count = 1};
	static const enum video_state active[] = {VIDEO_DISPATCHED, VIDEO_PROCESSING};
	uint64_t overdue_count = 0;
	int status = meta_count(server->places.meta, &find, &overdue_count, call, err);

	for (size_t i = 0; status == VM_OK && i < sizeof active / sizeof active[0]; i++) {
		struct vm_condition in_state = {
		    .field = "state", .match = VM_MATCH_EQUAL, .text = video_state_name(active[i])};

		find.conditions = &in_state;
		status = documents_find(server->places.meta, &find, count_silent, &silent, call, err);
	}
	*count = overdue_count + silent.count;
	return status;
}
