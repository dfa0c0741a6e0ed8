/* fixture.c - videos in a given state, and steps on them with round numbers. */
#include "fixture.h"

#include <check.h>
#include <stdio.h>

const int64_t t0 = 1000000;

const struct rules rules = {.attempts_most = 3,
                            .releases_most = 2,
                            .backoff_ms = 5000,
                            .backoff_max_ms = 900000,
                            .lease_ms = 120000,
                            .start_ms = 15000,
                            .visibility_ms = 120000,
                            .unheard_ms = 5000,
                            .extend_max_ms = 43200000,
                            .keep_source = true};

struct effects step(struct video *video, struct input input, int64_t now_ms)
{
	struct effects effects;
	struct video after;

	input.fresh_ticket = TICKET;
	input.fresh_event = ID;
	video_step(video, &input, &rules, now_ms, &after, &effects);
	/* What means nothing must change nothing. */
	if (!effects.changed)
		ck_assert_mem_eq(&after, video, sizeof after);
	*video = after;
	return effects;
}

struct event event_of(enum event_type type)
{
	return (struct event){
	    .type = type, .video = ID, .generation = 1, .epoch = 1, .nonce = NONCE, .ticket = TICKET};
}

struct effects step_event_at(struct video *video, struct event event, int64_t now_ms)
{
	return step(video, (struct input){.type = INPUT_EVENT, .event = &event}, now_ms);
}

struct video queued_video(void)
{
	struct video video;

	video_init(&video, ID, t0, t0 + 3600000);
	step(&video, (struct input){.type = INPUT_ARRIVED, .source = {.etag = "e1", .bytes = 7}}, t0);
	step(&video, (struct input){.type = INPUT_MESSAGE_SENT}, t0);
	return video;
}

struct video dispatched_video(void)
{
	struct video video = queued_video();

	step(&video, (struct input){.type = INPUT_MESSAGE}, t0);
	return video;
}

struct video processing_video(void)
{
	struct video video = dispatched_video();

	step(&video, (struct input){.type = INPUT_TASK_STARTED, .epoch = 1, .task = "task"}, t0);
	step_event_at(&video, event_of(EVENT_STARTED), t0);
	return video;
}

struct video failed_video(void)
{
	struct video video = processing_video();
	struct event event = event_of(EVENT_FAILED);

	event.error = ERROR_BAD_MEDIA;
	snprintf(event.reason, sizeof event.reason, "no video in it");
	step_event_at(&video, event, t0);
	return video;
}

struct video processed_video(void)
{
	struct video video = processing_video();
	struct event event = event_of(EVENT_SUCCEEDED);

	event.result = (struct video_result){.manifest_key = "m", .outputs = 3, .bytes = 9};
	step_event_at(&video, event, t0);
	return video;
}
