/* step_task.c - what compute says: started, refused, failed, alive, gone. */
#include <string.h>

#include "video/step.h"

/* A judgement takes less. Whoever was paused meanwhile looks again: what came since is unread. */
#define STALE_MS 10000

/* Of the present attempt: then its word counts. */
static bool is_present(const struct step *step)
{
	return step_is_active(step->video) && step->input->epoch == step->video->epoch;
}

void step_task_started(struct step *step)
{
	struct video *video = step->video;

	if (!is_present(step)) {
		/* Taken away while compute was starting it. */
		step->effects->stale = true;
		step_stop(step, step->input->task);
		return;
	}
	if (strcmp(video->attempt.task, step->input->task) == 0)
		return;
	snprintf(video->attempt.task, sizeof video->attempt.task, "%s", step->input->task);
	step_changed(step);
}

void step_task_refused(struct step *step)
{
	struct video *video = step->video;
	int64_t waiting_ms = video->waiting_ms;
	int64_t due_ms;

	/* A task that has a name runs: two have asked, and one of them was refused. */
	if (!is_present(step) || video->state != VIDEO_DISPATCHED || video->attempt.task[0] != '\0')
		return;
	/* Nothing runs, so nothing is counted: the ticket goes, the next launch has a new epoch. */
	video->attempt = (struct video_attempt){0};
	due_ms = step->now_ms + 500 + (int64_t)(step->input->random % 1500);
	step_queue(step, due_ms, due_ms);
	video->waiting_ms = waiting_ms;
	/* A message that came back for each refusal would die of max_receives: a fresh one comes. */
	step_send(step);
	step->effects->message = MESSAGE_REMOVE;
}

void step_task_failed(struct step *step)
{
	struct video *video = step->video;
	int64_t due_ms;

	if (!is_present(step) || video->state != VIDEO_DISPATCHED || video->attempt.task[0] != '\0')
		return;
	video->attempts++;
	step_end_attempt(step, ATTEMPT_FAILED, step->input->error, step->input->reason);
	due_ms = step_backoff(step);
	step_try_again(step, step->input->error, step->input->reason, due_ms, due_ms);
	step->effects->message = MESSAGE_EXTEND;
	step->effects->message_ms = (uint64_t)(due_ms - step->now_ms);
}

/* No news and no task: the work is taken away and can be claimed at once. */
static void lose(struct step *step, const char *reason)
{
	struct video *video = step->video;
	enum error_class error = video->state == VIDEO_DISPATCHED ? ERROR_CAPACITY : ERROR_TIMEOUT;
	/* A release in the service's words: the worker could not say it. */
	bool taken_away = step->input->task_interrupted && video->releases < step->rules->releases_most;

	if (!step->input->task_alive && step->input->error != ERROR_NONE)
		error = step->input->error;
	/* Also one that is said to be gone: compute may be wrong, and stopping twice does no harm. */
	step_stop(step, video->attempt.task);
	if (taken_away)
		video->releases++;
	else
		video->attempts++;
	step_end_attempt(step, taken_away ? ATTEMPT_RELEASED : ATTEMPT_LOST,
	                 taken_away ? ERROR_NONE : error, reason);
	video->epoch++;
	if (taken_away)
		step_queue(step, step->now_ms, 0);
	else
		step_try_again(step, error, reason, step->now_ms, 0);
	if (video->state == VIDEO_QUEUED)
		step_send(step);
}

void step_task_status(struct step *step)
{
	struct video *video = step->video;
	struct video_attempt *attempt = &video->attempt;
	int64_t seen_ms = step->input->seen_ms < step->now_ms ? step->input->seen_ms : step->now_ms;
	char reason[VIDEO_REASON_MAX];

	/* A heartbeat that is still in the queue is no silence. */
	if (!is_present(step) || !step->input->events_drained)
		return;
	if (step->now_ms - seen_ms > STALE_MS)
		return;
	if (!step->input->task_alive) {
		snprintf(reason, sizeof reason, "the worker ended without a word: %s", step->input->reason);
		lose(step, reason);
		return;
	}
	if (seen_ms <= attempt->until_ms)
		return;
	if (attempt->grace_ms == 0) {
		attempt->grace_ms = step->now_ms + (int64_t)step->rules->lease_ms;
		step_changed(step);
	} else if (seen_ms > attempt->grace_ms) {
		lose(step, "the worker was alive but silent for two leases");
	}
}

void step_stopped(struct step *step)
{
	struct video *video = step->video;

	if (video->stop_owed[0] == '\0' || strcmp(video->stop_owed, step->input->task) != 0)
		return;
	video->stop_owed[0] = '\0';
	step_changed(step);
}
