/* machine.c - the state machine's entry, and the moves that its parts share. */
#include "video/machine.h"

#include <inttypes.h>
#include <string.h>

#include "video/step.h"

static step_fn *const steps[] = {
    [INPUT_ARRIVED] = step_arrived,
    [INPUT_CANCEL] = step_cancel,
    [INPUT_RETRY] = step_retry,
    [INPUT_REDRIVE] = step_redrive,
    [INPUT_REMOVE] = step_remove,
    [INPUT_MESSAGE] = step_message,
    [INPUT_TASK_STARTED] = step_task_started,
    [INPUT_TASK_REFUSED] = step_task_refused,
    [INPUT_TASK_FAILED] = step_task_failed,
    [INPUT_LETTER_PAID] = step_letter_paid,
    [INPUT_LETTER_FOUND] = step_letter_found,
    [INPUT_MESSAGE_SENT] = step_message_sent,
    [INPUT_EVENT] = step_event,
    [INPUT_OUTBOX_SENT] = step_outbox_sent,
    [INPUT_TICK] = step_tick,
    [INPUT_SOURCE_ABSENT] = step_source_absent,
    [INPUT_TASK_STATUS] = step_task_status,
    [INPUT_ADOPT] = step_adopt,
    [INPUT_CLEANED] = step_cleaned,
    [INPUT_UNHEARD] = step_unheard,
    [INPUT_STOPPED] = step_stopped,
    [INPUT_LETTER_MOVED] = step_letter_moved,
};

void video_step(const struct video *before, const struct input *input, const struct rules *rules,
                int64_t now_ms, struct video *after, struct effects *effects)
{
	struct step step = {input, rules, now_ms, after, effects};

	*after = *before;
	*effects = (struct effects){0};
	step_follow_clock(&step);
	steps[input->type](&step);
	if (!effects->changed)
		return;
	/* A clock that is a little behind must not make a document older than it was. */
	if (now_ms > after->updated_ms)
		after->updated_ms = now_ms;
	after->wake_ms = step_wake(&step);
}

void video_init(struct video *video, const char *id, int64_t now_ms, int64_t upload_expires_ms)
{
	*video = (struct video){.state = VIDEO_AWAITING_UPLOAD, .generation = 1};
	snprintf(video->id, sizeof video->id, "%s", id);
	video->created_ms = now_ms;
	video->updated_ms = now_ms;
	video->upload.expires_ms = upload_expires_ms;
	video->wake_ms = now_ms + ANNOUNCE_MS;
}

void video_token(const struct video *video, char token[65])
{
	snprintf(token, 65, "%s-%" PRIu64 "-%" PRIu64, video->id, video->generation, video->epoch);
}

void step_changed(struct step *step)
{
	step->effects->changed = true;
}

bool step_is_active(const struct video *video)
{
	return video->state == VIDEO_DISPATCHED || video->state == VIDEO_PROCESSING;
}

bool step_is_final(const struct video *video)
{
	return video->state == VIDEO_PROCESSED || video->state == VIDEO_FAILED ||
	       video->state == VIDEO_EXPIRED || video->state == VIDEO_CANCELED;
}

void step_queue(struct step *step, int64_t due_ms, int64_t visible_ms)
{
	struct video *video = step->video;

	step_changed(step);
	video->state = VIDEO_QUEUED;
	video->due_ms = due_ms;
	video->waiting_ms = due_ms;
	video->visible_ms = visible_ms;
	video->finished_ms = 0;
	video->error = ERROR_NONE;
	video->reason[0] = '\0';
	video->progress = (struct video_progress){0};
	video->dead_letter_owed = false;
	video->message_owed = false;
}

void step_send(struct step *step)
{
	struct video *video = step->video;
	int64_t delay_ms = video->due_ms > step->now_ms ? video->due_ms - step->now_ms : 0;

	step_changed(step);
	step->effects->send_message = true;
	step->effects->send_delay_ms = (uint64_t)delay_ms;
	video->message_owed = true;
	video->visible_ms = step->now_ms + delay_ms;
}

void step_finish(struct step *step, enum video_state state, enum error_class error,
                 const char *reason)
{
	struct video *video = step->video;

	step_changed(step);
	video->state = state;
	video->error = error;
	snprintf(video->reason, sizeof video->reason, "%s", reason);
	video->finished_ms = step->now_ms;
	video->due_ms = 0;
	video->message_owed = false;
	/* One that fails again pays a letter that must stay. */
	if (state == VIDEO_FAILED)
		video->redrive_owed = false;
	snprintf(video->outbox_event, sizeof video->outbox_event, "%s", step->input->fresh_event);
	video->outbox_sent_ms = 0;
	step->effects->publish = true;
	/* Attempts that lost, of this epoch too, may still be writing for as long as a lease. */
	video->clean_ms = step->now_ms + (int64_t)step->rules->lease_ms;
}

void step_stop(struct step *step, const char *task)
{
	struct effects *effects = step->effects;

	if (task[0] == '\0')
		return;
	effects->stop_task = true;
	snprintf(effects->stop_task_name, sizeof effects->stop_task_name, "%s", task);
	if (strcmp(step->video->stop_owed, task) == 0)
		return;
	memcpy(step->video->stop_owed, effects->stop_task_name, sizeof step->video->stop_owed);
	step_changed(step);
}

void step_end_attempt(struct step *step, enum attempt_end end, enum error_class error,
                      const char *reason)
{
	struct video *video = step->video;
	struct attempt_record *record;

	step_changed(step);
	if (video->n_history == VIDEO_HISTORY_MAX) {
		memmove(video->history, video->history + 1,
		        (VIDEO_HISTORY_MAX - 1) * sizeof *video->history);
		video->n_history--;
	}
	record = &video->history[video->n_history++];
	*record = (struct attempt_record){.generation = video->generation,
	                                  .epoch = video->epoch,
	                                  .end = end,
	                                  .error = error,
	                                  .started_ms = video->attempt.dispatched_ms,
	                                  .ended_ms = step->now_ms};
	snprintf(record->reason, sizeof record->reason, "%s", reason);
	video->attempt = (struct video_attempt){0};
}

void step_supersede(struct step *step)
{
	struct video *video = step->video;

	step_changed(step);
	if (step_is_active(video)) {
		step_stop(step, video->attempt.task);
		step_end_attempt(step, ATTEMPT_SUPERSEDED, ERROR_CANCELED, "taken away");
	}
	video->epoch++;
}

void step_try_again(struct step *step, enum error_class error, const char *reason, int64_t due_ms,
                    int64_t visible_ms)
{
	struct video *video = step->video;

	if (video->attempts >= step->rules->attempts_most) {
		step_finish(step, VIDEO_FAILED, error, reason);
		video->dead_letter_owed = true;
		video->visible_ms = visible_ms;
		return;
	}
	step_queue(step, due_ms, visible_ms);
	video->error = error;
	snprintf(video->reason, sizeof video->reason, "%s", reason);
}

int64_t step_backoff(const struct step *step)
{
	uint64_t most_ms = step->rules->backoff_max_ms;
	uint64_t bound_ms = step->rules->backoff_ms;

	/* Full jitter, min(2^n * first, most): the n of the failure just counted. */
	for (uint64_t n = 1; n < step->video->attempts && bound_ms < most_ms; n++)
		bound_ms *= 2;
	if (bound_ms > most_ms)
		bound_ms = most_ms;
	return step->now_ms + (int64_t)(step->input->random % (bound_ms + 1));
}
