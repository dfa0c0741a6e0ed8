/* step_time.c - what is due by itself: the sweeper's ticks, and when it must come again. */
#include "video/step.h"

void step_follow_clock(struct step *step)
{
	struct video *video = step->video;
	struct video_attempt *attempt = &video->attempt;
	int64_t ahead_ms = video->updated_ms - step->now_ms;
	int64_t *const times[] = {&video->due_ms,          &video->visible_ms,  &video->clean_ms,
	                          &video->wake_ms,         &video->finished_ms, &attempt->started_ms,
	                          &attempt->dispatched_ms, &attempt->until_ms,  &attempt->grace_ms};

	if (ahead_ms <= CLOCK_SLACK_MS)
		return;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		if (*times[i] != 0)
			*times[i] -= ahead_ms;
	video->updated_ms = step->now_ms;
	step_changed(step);
}

/* How long until an awaited source is looked for again: half the time waited so far. */
static int64_t next_look(const struct step *step)
{
	int64_t waited_ms = step->now_ms - step->video->created_ms;
	int64_t next_ms = waited_ms / 2;

	if (next_ms < ANNOUNCE_MS)
		next_ms = ANNOUNCE_MS;
	if (next_ms > UPLOAD_SLACK_MS)
		next_ms = UPLOAD_SLACK_MS;
	return step->now_ms + next_ms;
}

/* When a queued video counts as forgotten by the queue, so that a message is sent again. */
static int64_t forgotten(const struct step *step)
{
	const struct video *video = step->video;
	int64_t visible_ms = video->visible_ms;

	if (visible_ms == 0)
		return video->due_ms + ANNOUNCE_MS;
	/* A message that is known to stay hidden past the due time is not waited for. */
	if (visible_ms > step->now_ms && visible_ms > video->due_ms + 1000)
		return video->due_ms;
	return (visible_ms > video->due_ms ? visible_ms : video->due_ms) + RESEND_MS;
}

static bool owes_message(const struct step *step)
{
	const struct video *video = step->video;

	if (video->message_owed)
		return true;
	/* The message that would have paid the letter did not come: another one does as well. */
	if (video->dead_letter_owed)
		return step->now_ms >= video->visible_ms + RESEND_MS;
	return video->state == VIDEO_QUEUED && forgotten(step) <= step->now_ms;
}

static bool owes_notification(const struct video *video)
{
	return video->outbox_event[0] != '\0' && video->outbox_sent_ms == 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
	if (a == 0 || b == 0)
		return a + b;
	return a < b ? a : b;
}

int64_t step_wake(const struct step *step)
{
	const struct video *video = step->video;
	int64_t wake_ms = video->clean_ms;

	if (owes_notification(video) || video->stop_owed[0] != '\0')
		wake_ms = earlier(wake_ms, step->now_ms + OWED_MS);
	if (video->dead_letter_owed)
		wake_ms = earlier(wake_ms, video->visible_ms + RESEND_MS);
	if (video->message_owed)
		wake_ms = earlier(wake_ms, step->now_ms + MESSAGE_MS);
	if (video->state == VIDEO_AWAITING_UPLOAD)
		wake_ms = earlier(wake_ms, next_look(step));
	if (video->state == VIDEO_QUEUED)
		wake_ms = earlier(wake_ms, forgotten(step));
	/* What was due and could not be done must not make the sweeper spin. */
	if (wake_ms != 0 && wake_ms <= step->now_ms)
		wake_ms = step->now_ms + (step->effects->clean ? OWED_MS : 1);
	return wake_ms;
}

void step_tick(struct step *step)
{
	struct video *video = step->video;

	if (video->wake_ms == 0 || video->wake_ms > step->now_ms)
		return;
	step_changed(step);
	step_stop(step, video->stop_owed);
	step->effects->publish = owes_notification(video);
	step->effects->clean = video->clean_ms != 0 && video->clean_ms <= step->now_ms;
	/* Given up before it is removed: from here on no retry may count on it. */
	if (step->effects->clean && !step->rules->keep_source && video->state == VIDEO_PROCESSED)
		video->source.etag[0] = '\0';
	step->effects->ask_source = video->state == VIDEO_AWAITING_UPLOAD;
	if (owes_message(step))
		step_send(step);
}

void step_source_absent(struct step *step)
{
	struct video *video = step->video;

	if (video->state != VIDEO_AWAITING_UPLOAD ||
	    step->now_ms < video->upload.expires_ms + UPLOAD_SLACK_MS)
		return;
	step_finish(step, VIDEO_EXPIRED, ERROR_NONE, "nothing was uploaded in time");
}

void step_outbox_sent(struct step *step)
{
	if (!owes_notification(step->video))
		return;
	step->video->outbox_sent_ms = step->now_ms;
	step_changed(step);
}

void step_cleaned(struct step *step)
{
	struct video *video = step->video;

	if (video->clean_ms == 0)
		return;
	step_changed(step);
	/* Once more a day later, for what a loser wrote and never spoke of; until then a document
	 * that was to be removed stays as the reason for looking. */
	video->clean_ms = 0;
	if (video->epoch > 0 && step->now_ms < video->finished_ms + CLEAN_AGAIN_MS) {
		video->clean_ms = video->finished_ms + CLEAN_AGAIN_MS;
	} else if (video->remove_asked) {
		step->effects->remove_document = true;
		video->clean_ms = step->now_ms + OWED_MS; /* should it not succeed */
	}
}
