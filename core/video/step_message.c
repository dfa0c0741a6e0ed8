/* step_message.c - a task message in hand: launch, hide, remove or bury it. */
#include "video/step.h"

/* Hides the message until `until_ms`, and notes when it comes back if that is news. */
static void hide_until(struct step *step, int64_t until_ms)
{
	struct video *video = step->video;
	int64_t least_ms = step->now_ms + 1000;
	int64_t most_ms = step->now_ms + (int64_t)step->rules->extend_max_ms;

	if (until_ms < least_ms)
		until_ms = least_ms;
	if (until_ms > most_ms)
		until_ms = most_ms;
	step->effects->message = MESSAGE_EXTEND;
	step->effects->message_ms = (uint64_t)(until_ms - step->now_ms);
	if (video->visible_ms < until_ms - 1000 || video->visible_ms > until_ms) {
		video->visible_ms = until_ms;
		step_changed(step);
	}
}

static void launch(struct step *step)
{
	struct video *video = step->video;
	int64_t deadline_ms = step->now_ms + (int64_t)step->rules->start_ms;

	video->state = VIDEO_DISPATCHED;
	video->epoch++;
	video->attempt = (struct video_attempt){.dispatched_ms = step->now_ms, .until_ms = deadline_ms};
	snprintf(video->attempt.ticket, sizeof video->attempt.ticket, "%s", step->input->fresh_ticket);
	video->progress = (struct video_progress){0};
	video->message_owed = false;
	/* From here on the worker holds the message: when it comes back is not known. */
	video->visible_ms = 0;
	step_changed(step);
	step->effects->message = MESSAGE_LAUNCH;
	step->effects->message_ms = step->rules->start_ms + step->rules->visibility_ms;
}

/* What a dead letter says to the person who looks at it. */
static void bury(struct step *step)
{
	const struct video *video = step->video;

	step->effects->message = MESSAGE_DEAD;
	snprintf(step->effects->message_reason, sizeof step->effects->message_reason,
	         "%s after %llu %s: %s", error_class_name(video->error),
	         (unsigned long long)video->attempts, video->attempts == 1 ? "attempt" : "attempts",
	         video->reason);
}

void step_message(struct step *step)
{
	struct video *video = step->video;

	switch (video->state) {
	case VIDEO_QUEUED:
		if (video->due_ms > step->now_ms)
			hide_until(step, video->due_ms);
		else
			launch(step);
		break;
	case VIDEO_DISPATCHED:
	case VIDEO_PROCESSING:
		/* A past lease is the sweeper's: it asks compute before it takes the work away. */
		hide_until(step, video->attempt.until_ms + 1000);
		break;
	case VIDEO_FAILED:
		if (video->dead_letter_owed) {
			bury(step);
			break;
		}
		step->effects->message = MESSAGE_REMOVE;
		break;
	case VIDEO_AWAITING_UPLOAD: /* the caller looked: there is no source */
	case VIDEO_PROCESSED:
	case VIDEO_EXPIRED:
	case VIDEO_CANCELED:
		step->effects->message = MESSAGE_REMOVE;
		break;
	}
}

void step_message_sent(struct step *step)
{
	if (!step->video->message_owed)
		return;
	step->video->message_owed = false;
	step_changed(step);
}

void step_letter_paid(struct step *step)
{
	if (!step->video->dead_letter_owed)
		return;
	step->video->dead_letter_owed = false;
	step_changed(step);
}

void step_letter_found(struct step *step)
{
	struct video *video = step->video;
	int64_t at_ms = step->input->at_ms;

	/* Whoever wrote it was killed before it could say so. An older one is not this failure's. */
	if (video->dead_letter_owed && at_ms >= video->finished_ms)
		step_letter_paid(step);
	/* A letter from before the video was queued is an old one, left for a person to read. */
	else if (video->state == VIDEO_QUEUED && at_ms > video->due_ms)
		step_finish(step, VIDEO_FAILED, ERROR_QUEUE,
		            "the task message was received too often without being handled");
	else
		step->effects->redrive = video->redrive_owed;
}

void step_letter_moved(struct step *step)
{
	if (!step->video->redrive_owed)
		return;
	step->video->redrive_owed = false;
	step_changed(step);
}

/*
 * What was sent is hidden in the hands of somebody who died, or lost: were it
 * waiting, it could be received. Should it come back, it is one message too many.
 */
void step_unheard(struct step *step)
{
	const struct video *video = step->video;
	int64_t since_ms = video->visible_ms > video->due_ms ? video->visible_ms : video->due_ms;

	/* A letter that is to be moved is the message that we wait for. */
	if (video->state == VIDEO_QUEUED && !video->message_owed && !video->redrive_owed &&
	    step->now_ms >= since_ms + (int64_t)step->rules->unheard_ms)
		step_send(step);
}
