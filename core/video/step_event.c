/* step_event.c - what an attempt says of itself, believed only of the one that has the right. */
#include <string.h>

#include "video/step.h"

/* In constant time: the ticket is a secret. */
static bool ticket_is(const char *ticket, const char *given)
{
	unsigned difference = 0;

	for (size_t i = 0; i < VIDEO_TICKET_MAX - 1; i++)
		difference |= (unsigned)(ticket[i] ^ given[i]);
	return difference == 0;
}

/*
 * The first word of an epoch claims it for its nonce: usually `started`, but a
 * queue may turn the order round, and any later word proves as much.
 */
static bool is_present(const struct step *step)
{
	const struct video *video = step->video;
	const struct event *event = step->input->event;

	return step_is_active(video) && event->generation == video->generation &&
	       event->epoch == video->epoch && ticket_is(video->attempt.ticket, event->ticket) &&
	       (video->attempt.nonce[0] == '\0' || strcmp(video->attempt.nonce, event->nonce) == 0);
}

static void claim(struct step *step)
{
	struct video *video = step->video;

	if (video->attempt.nonce[0] == '\0') {
		snprintf(video->attempt.nonce, sizeof video->attempt.nonce, "%s",
		         step->input->event->nonce);
		video->attempt.started_ms = step->now_ms;
	}
	video->state = VIDEO_PROCESSING;
	video->attempt.until_ms = step->now_ms + (int64_t)step->rules->lease_ms;
	video->attempt.grace_ms = 0;
	step_changed(step);
}

static void succeed(struct step *step, const struct video_result *result)
{
	step_end_attempt(step, ATTEMPT_SUCCEEDED, ERROR_NONE, "");
	step->video->result = *result;
	step->video->progress = (struct video_progress){0};
	step_finish(step, VIDEO_PROCESSED, ERROR_NONE, "");
}

/*
 * The worker gives its message back when it ends, so it can be received now,
 * unless it was received again meanwhile and hidden for longer.
 */
static int64_t given_back(const struct step *step)
{
	int64_t visible_ms = step->video->visible_ms;

	return visible_ms > step->now_ms ? visible_ms : step->now_ms;
}

static void fail(struct step *step, enum error_class error, bool transient, const char *reason)
{
	struct video *video = step->video;

	video->attempts++;
	step_end_attempt(step, ATTEMPT_FAILED, error, reason);
	if (transient) {
		step_try_again(step, error, reason, step_backoff(step), given_back(step));
		return;
	}
	video->visible_ms = given_back(step);
	step_finish(step, VIDEO_FAILED, error, reason);
	video->dead_letter_owed = true;
}

static void release(struct step *step, const char *reason)
{
	struct video *video = step->video;

	if (video->releases >= step->rules->releases_most) {
		fail(step, ERROR_CAPACITY, true, "handed back too often");
		return;
	}
	video->releases++;
	step_end_attempt(step, ATTEMPT_RELEASED, ERROR_NONE, reason);
	step_queue(step, step->now_ms, given_back(step));
}

/* A loser that still speaks has still written: its objects go once it is quiet. */
static void clean_after(struct step *step)
{
	struct video *video = step->video;
	int64_t quiet_ms = step->now_ms + (int64_t)step->rules->lease_ms;

	if (!step_is_final(video) || video->remove_asked ||
	    (video->clean_ms != 0 && video->clean_ms <= quiet_ms))
		return;
	video->clean_ms = quiet_ms;
	step_changed(step);
}

void step_event(struct step *step)
{
	const struct event *event = step->input->event;
	enum error_class error = event->error != ERROR_NONE ? event->error : ERROR_BUG;

	if (!is_present(step)) {
		step->effects->stale = true;
		clean_after(step);
		/* Its worker removes the task message next, which may be the one we wait for. */
		if (event->type == EVENT_SUCCEEDED && step->video->state == VIDEO_QUEUED)
			step_send(step);
		return;
	}
	claim(step);
	switch (event->type) {
	case EVENT_STARTED:
		break;
	case EVENT_PROGRESS:
		step->video->progress = event->progress;
		step->video->progress.at_ms = step->now_ms;
		break;
	case EVENT_SUCCEEDED:
		succeed(step, &event->result);
		break;
	case EVENT_FAILED:
		fail(step, error, event->transient, event->reason);
		break;
	case EVENT_RELEASED:
		release(step, event->reason);
		break;
	}
}

void step_adopt(struct step *step)
{
	if (!step_is_active(step->video) || step->input->epoch != step->video->epoch)
		return;
	succeed(step, step->input->result);
}
