/* check_attempt.c - attempts: launched when due, counted when they failed, taken from the dead. */
#include <string.h>

#include "check.h"
#include "known.h"
#include "parts.h"
#include "sim.h"
#include "tally.h"
#include "video/machine.h"

#define RECOVERED_MS 120000
/* A world in which nothing has failed for so long is one in which nothing fails. */
#define PEACE_MS 600000
#define HASTE_MS 2000
/* How long a message that a killed server had in hand stays hidden: the queues' visibility. */
#define HIDDEN_MS 60000
/* A word that comes after the server has looked is too late, however long storing then takes. */
#define JUDGEMENT_MS 10000

static const struct task *task_of(const struct video *video)
{
	char token[65];

	video_token(video, token);
	return task_find(token);
}

static bool is_active(const struct video *video)
{
	return video->state == VIDEO_DISPATCHED || video->state == VIDEO_PROCESSING;
}

/* What the newest entry of the history says, if it is of the attempt that `before` had. */
static const struct attempt_record *record_of(const struct video *before, const struct video *after)
{
	const struct attempt_record *last;

	if (after->n_history == 0)
		return NULL;
	last = &after->history[after->n_history - 1];
	return last->epoch == before->epoch && last->generation == before->generation ? last : NULL;
}

static void check_launch(const struct video *before, const struct video *after)
{
	if (after->epoch <= before->epoch)
		broken(FENCED, "video %s is launched twice in epoch %llu", after->id,
		       (unsigned long long)after->epoch);
	if (strcmp(after->attempt.ticket, before->attempt.ticket) == 0)
		broken(FENCED, "video %s is launched with the ticket of another attempt", after->id);
	if (before->state == VIDEO_QUEUED && after->attempt.dispatched_ms < before->due_ms)
		broken(COUNTS_FAILURES_ONLY, "video %s is launched %lld ms before it is due", after->id,
		       (long long)(before->due_ms - after->attempt.dispatched_ms));
	know(after->id)->launched_ms = world.now_ms;
	tally_add(TALLY_HASTE, world.now_ms < know(after->id)->failed_ms + HASTE_MS);
}

static int64_t earlier(int64_t one_ms, int64_t other_ms)
{
	return one_ms < other_ms ? one_ms : other_ms;
}

/* When the queue took its last event before then; 0: none. */
static int64_t heard_until(const struct process *process, int64_t moment_ms)
{
	if (process->heard_ms <= moment_ms)
		return process->heard_ms;
	for (size_t i = 0; i < HEARD_KEPT; i++)
		if (process->heard_earlier_ms[i] <= moment_ms)
			return process->heard_earlier_ms[i];
	return 0;
}

/* Neither dead, nor silent, nor misjudged by compute: then nobody may take its work away. */
static void check_lost(const struct video *video)
{
	const struct task *task = task_of(video);
	int64_t lease_ms = (int64_t)sim.pipeline.policy.lease_ms;
	const struct process *process = task != NULL ? task->process : NULL;
	int64_t judged_ms = world.call_begun_ms - JUDGEMENT_MS, heard_ms;

	if (process == NULL && (task == NULL || !task->unanswered))
		broken(COUNTS_FAILURES_ONLY,
		       "video %s, epoch %llu is lost, and compute has started nothing", video->id,
		       (unsigned long long)video->epoch);
	if (process == NULL || task->excused)
		return;
	if (!process->alive &&
	    queue_has_unread_event(video->id, video->epoch,
	                           earlier(process->died_ms, judged_ms) - world.skew_ms))
		broken(COUNTS_FAILURES_ONLY, "video %s, epoch %llu is lost before its last word was read",
		       video->id, (unsigned long long)video->epoch);
	if (!process->alive || queue_has_event_in_hand(video->id, video->epoch))
		return;
	heard_ms = heard_until(process, judged_ms);
	if (heard_ms != 0 && world.now_ms - heard_ms < lease_ms - 2 * world.skew_ms)
		broken(COUNTS_FAILURES_ONLY, "video %s, epoch %llu is lost, %lld ms after it was heard",
		       video->id, (unsigned long long)video->epoch, (long long)(world.now_ms - heard_ms));
}

/* Back in the queue without a word in the history: only when compute had no room. */
static void check_refused(const struct video *video)
{
	const struct task *task = task_of(video);

	if (task == NULL || !task->refused)
		broken(COUNTS_FAILURES_ONLY, "video %s, epoch %llu is put back, and compute did not refuse",
		       video->id, (unsigned long long)video->epoch);
	if (video->attempt.task[0] != '\0')
		broken(COUNTS_FAILURES_ONLY, "video %s, epoch %llu is put back, and its task has a name",
		       video->id, (unsigned long long)video->epoch);
}

static void check_declined(const struct video *video)
{
	const struct task *task = task_of(video);

	if (task == NULL || !task->declined)
		broken(COUNTS_FAILURES_ONLY, "video %s, epoch %llu: compute did not decline it", video->id,
		       (unsigned long long)video->epoch);
}

static void check_count(const struct video *before, const struct video *after, bool counts)
{
	if (after->attempts != before->attempts + counts && after->attempts != 0)
		broken(COUNTS_FAILURES_ONLY, "video %s: %llu attempts, then %llu", after->id,
		       (unsigned long long)before->attempts, (unsigned long long)after->attempts);
	if (after->releases > (uint64_t)sim.pipeline.policy.releases)
		broken(TERMINATES, "video %s is handed back for ever", after->id);
}

/* Where nothing fails every attempt succeeds. */
static void check_peace(const struct video *video)
{
	if (world.calm && know(video->id)->launched_ms > world.disturbed_ms + PEACE_MS)
		broken(COUNTS_FAILURES_ONLY, "video %s, epoch %llu fails, and nothing was wrong", video->id,
		       (unsigned long long)video->epoch);
}

static void check_end_of(const struct video *before, const struct video *after)
{
	const struct attempt_record *record = record_of(before, after);
	bool counts = record != NULL && (record->end == ATTEMPT_FAILED || record->end == ATTEMPT_LOST);

	if (record == NULL) {
		if (before->state != VIDEO_DISPATCHED || after->state != VIDEO_QUEUED)
			broken(COUNTS_FAILURES_ONLY, "video %s: epoch %llu vanishes", after->id,
			       (unsigned long long)before->epoch);
		check_refused(before);
	}
	check_count(before, after, counts);
	if (!counts)
		return;
	tally_add(TALLY_ATTEMPTS, 1);
	check_peace(before);
	if (record->end == ATTEMPT_LOST) {
		tally_add(TALLY_LOST, 1);
		check_lost(before);
		return;
	}
	know(after->id)->failed_ms = world.now_ms;
	if (record->error == ERROR_CAPACITY && strcmp(record->reason, "handed back too often") != 0)
		check_declined(before);
}

void check_attempt(const struct video *before, const struct video *after)
{
	bool was_active = is_active(before),
	     is_another = is_active(after) &&
	                  strcmp(before->attempt.ticket, after->attempt.ticket) != 0;

	if (was_active && (is_another || !is_active(after)))
		check_end_of(before, after);
	else
		check_count(before, after, false);
	if (is_another || (!was_active && is_active(after)))
		check_launch(before, after);
}

/* A living task that says nothing is given one lease of grace, and no more; what it said last may
 * be in the hand of a killed server, and renews the lease when it is read. */
static void check_heard(const struct video *video, const struct process *worker)
{
	int64_t bound_ms = 2 * (int64_t)sim.pipeline.policy.lease_ms + HIDDEN_MS + RECOVERED_MS;

	if (worker->heard_ms != 0 && world.now_ms > worker->heard_ms + bound_ms &&
	    world.now_ms > world.disturbed_ms + bound_ms)
		broken(RECOVERS, "video %s, epoch %llu is %s, and its worker was heard %lld s ago",
		       video->id, (unsigned long long)video->epoch, video_state_name(video->state),
		       (long long)(world.now_ms - worker->heard_ms) / 1000);
}

static void check_held(const struct video *video)
{
	const struct task *task = is_active(video) ? task_of(video) : NULL;

	if (task == NULL || task->process == NULL)
		return;
	if (task->process->alive) {
		check_heard(video, task->process);
		return;
	}
	if (world.now_ms > task->process->died_ms + RECOVERED_MS)
		broken(RECOVERS, "video %s, epoch %llu is %s, and its worker died %lld s ago", video->id,
		       (unsigned long long)video->epoch, video_state_name(video->state),
		       (long long)(world.now_ms - task->process->died_ms) / 1000);
}

void check_recovery(void)
{
	if (world.now_ms > world.disturbed_ms + RECOVERED_MS)
		documents_each(check_held);
}
