/* test_machine_taken.c - work that is taken away: lost, canceled, retried, removed, forgotten. */
#include <string.h>

#include "fixture.h"
#include "run.h"

static struct input gone(const struct video *video, bool drained)
{
	return (struct input){.type = INPUT_TASK_STATUS,
	                      .epoch = video->epoch,
	                      .events_drained = drained,
	                      .seen_ms = INT64_MAX,
	                      .reason = "killed"};
}

START_TEST(a_task_that_is_gone_loses_its_epoch_once_the_events_are_drained)
{
	struct video video = processing_video();
	struct effects effects = step(&video, gone(&video, false), t0 + 1);

	ck_assert(!effects.changed);
	effects = step(&video, gone(&video, true), t0 + 2);
	ck_assert_int_eq(video.state, VIDEO_QUEUED);
	ck_assert_uint_eq(video.epoch, 2);
	ck_assert_uint_eq(video.attempts, 1);
	ck_assert_int_eq(video.due_ms, t0 + 2);
	ck_assert(effects.send_message);
	/* A word of the dead one, late. */
	ck_assert(step_event_at(&video, event_of(EVENT_SUCCEEDED), t0 + 3).stale);
}
END_TEST

START_TEST(a_loser_that_finishes_takes_our_message_with_it)
{
	struct video video = processing_video();
	struct effects effects;

	step(&video, gone(&video, true), t0 + 2);
	step(&video, (struct input){.type = INPUT_MESSAGE_SENT}, t0 + 2);
	ck_assert(!step_event_at(&video, event_of(EVENT_PROGRESS), t0 + 3).send_message);
	effects = step_event_at(&video, event_of(EVENT_SUCCEEDED), t0 + 4);
	ck_assert(effects.stale && effects.send_message);
	ck_assert(video.message_owed);
	ck_assert_int_eq(video.state, VIDEO_QUEUED);
}
END_TEST

START_TEST(a_task_that_could_not_speak_is_the_queue_s_fault)
{
	struct video video = dispatched_video();
	struct input silent = gone(&video, true);

	silent.error = ERROR_QUEUE;
	step(&video, silent, t0 + 2);
	ck_assert_int_eq(video.error, ERROR_QUEUE);
	ck_assert_int_eq(video.history[0].end, ATTEMPT_LOST);
	ck_assert_int_eq(video.history[0].error, ERROR_QUEUE);
}
END_TEST

/* Spot: no fault of the video's, as long as it does not happen too often. */
START_TEST(a_task_whose_machine_was_taken_away_is_no_attempt)
{
	struct video video = processing_video();
	struct input taken = gone(&video, true);

	taken.task_interrupted = true;
	for (unsigned n = 1; n <= rules.releases_most + 1; n++) {
		struct effects effects;

		video.state = VIDEO_PROCESSING;
		taken.epoch = video.epoch;
		effects = step(&video, taken, t0 + 2);
		ck_assert(effects.send_message && effects.stop_task);
		ck_assert_int_eq(video.state, VIDEO_QUEUED);
		ck_assert_uint_eq(video.epoch, n + 1);
		ck_assert_uint_eq(video.attempts, n > rules.releases_most);
		ck_assert_int_eq(video.history[n - 1].end,
		                 n > rules.releases_most ? ATTEMPT_LOST : ATTEMPT_RELEASED);
		snprintf(video.attempt.task, sizeof video.attempt.task, "task");
	}
}
END_TEST

START_TEST(a_living_but_silent_task_gets_one_lease_of_grace)
{
	struct video video = processing_video();
	struct input alive = {
	    .type = INPUT_TASK_STATUS, .epoch = 1, .task_alive = true, .events_drained = true};
	int64_t over = video.attempt.until_ms + 1;
	struct effects effects;

	alive.seen_ms = over;
	effects = step(&video, alive, over);
	ck_assert_int_eq(video.state, VIDEO_PROCESSING);
	ck_assert_int_eq(video.attempt.grace_ms, over + (int64_t)rules.lease_ms);
	/* Found out before the grace was given, said after it: the events since then are unread. */
	ck_assert(!step(&video, alive, video.attempt.grace_ms + 1).changed);
	alive.seen_ms = video.attempt.grace_ms + 1;
	effects = step(&video, alive, video.attempt.grace_ms + 1);
	ck_assert(effects.stop_task);
	ck_assert_str_eq(effects.stop_task_name, "task");
	ck_assert_int_eq(video.state, VIDEO_QUEUED);
}
END_TEST

/* The server was paused meanwhile: what came since is unread. */
START_TEST(what_was_seen_long_ago_is_looked_at_again)
{
	struct video video = processing_video();
	struct input dead = gone(&video, true);

	dead.seen_ms = t0 + 1;
	ck_assert(!step(&video, dead, t0 + 60000).changed);
	dead.seen_ms = t0 + 59000;
	step(&video, dead, t0 + 60000);
	ck_assert_int_eq(video.history[0].end, ATTEMPT_LOST);
}
END_TEST

START_TEST(a_heartbeat_renews_the_lease_and_ends_the_grace)
{
	struct video video = processing_video();

	video.attempt.grace_ms = t0 + 5;
	step_event_at(&video, event_of(EVENT_PROGRESS), t0 + 100);
	ck_assert_int_eq(video.attempt.until_ms, t0 + 100 + (int64_t)rules.lease_ms);
	ck_assert_int_eq(video.attempt.grace_ms, 0);
}
END_TEST

START_TEST(a_finished_work_of_a_dead_worker_is_adopted)
{
	struct video video = processing_video();
	struct video_result result = {.manifest_key = "found"};

	step(&video, (struct input){.type = INPUT_ADOPT, .epoch = 2, .result = &result}, t0);
	ck_assert_int_eq(video.state, VIDEO_PROCESSING);
	step(&video, (struct input){.type = INPUT_ADOPT, .epoch = 1, .result = &result}, t0);
	ck_assert_int_eq(video.state, VIDEO_PROCESSED);
	ck_assert_str_eq(video.result.manifest_key, "found");
}
END_TEST

START_TEST(cancel_takes_the_right_to_publish_at_once)
{
	struct video video = processing_video();
	struct effects effects = step(&video, (struct input){.type = INPUT_CANCEL}, t0);

	ck_assert_int_eq(video.state, VIDEO_CANCELED);
	ck_assert(effects.stop_task);
	ck_assert_uint_eq(video.epoch, 2);
	ck_assert(step_event_at(&video, event_of(EVENT_SUCCEEDED), t0).stale);
	ck_assert(step(&video, (struct input){.type = INPUT_CANCEL}, t0).refused);
}
END_TEST

START_TEST(retry_is_a_new_generation_and_keeps_the_old_result_visible)
{
	struct video video = processed_video();
	struct effects effects = step(&video, (struct input){.type = INPUT_RETRY}, t0);

	ck_assert_int_eq(video.state, VIDEO_QUEUED);
	ck_assert_uint_eq(video.generation, 2);
	ck_assert(effects.send_message);
	ck_assert_str_eq(video.result.manifest_key, "m");
	ck_assert(step(&video, (struct input){.type = INPUT_RETRY}, t0).refused);
}
END_TEST

START_TEST(redrive_is_the_same_generation_with_its_attempts_anew)
{
	struct video video = failed_video();

	step(&video, (struct input){.type = INPUT_REDRIVE}, t0);
	ck_assert_int_eq(video.state, VIDEO_QUEUED);
	ck_assert_uint_eq(video.generation, 1);
	ck_assert_uint_eq(video.attempts, 0);
	ck_assert(!video.dead_letter_owed);
}
END_TEST

START_TEST(remove_cleans_before_the_document_goes)
{
	struct video video = processing_video();
	struct effects effects = step(&video, (struct input){.type = INPUT_REMOVE}, t0);

	ck_assert(effects.stop_task && video.remove_asked);
	ck_assert(!effects.clean);
	effects = step(&video, (struct input){.type = INPUT_TICK}, t0 + (int64_t)rules.lease_ms + 1);
	ck_assert(effects.clean);
	effects = step(&video, (struct input){.type = INPUT_CLEANED}, t0 + 200000);
	ck_assert(!effects.remove_document);
	/* It stays, hidden, for a last look a day later. */
	ck_assert(step(&video, (struct input){.type = INPUT_TICK}, t0 + 90000000).clean);
	ck_assert(step(&video, (struct input){.type = INPUT_CLEANED}, t0 + 90000000).remove_document);
}
END_TEST

START_TEST(a_letter_that_lies_there_is_owed_no_more)
{
	struct video video = failed_video();
	struct input letter = {.type = INPUT_LETTER_FOUND, .at_ms = t0 - 1};

	/* One of an earlier generation is not the one that is owed. */
	ck_assert(!step(&video, letter, t0 + 5).changed);
	letter.at_ms = t0 + 5;
	ck_assert(step(&video, letter, t0 + 5).changed);
	ck_assert(!video.dead_letter_owed);
	ck_assert_int_eq(video.state, VIDEO_FAILED);
}
END_TEST

START_TEST(a_message_that_died_by_itself_fails_a_waiting_video_only)
{
	struct input letter = {.type = INPUT_LETTER_FOUND, .at_ms = t0 + 50};
	struct video video = processing_video();

	ck_assert(!step(&video, letter, t0 + 60).changed);
	video = queued_video();
	letter.at_ms = t0 - 50;
	ck_assert(!step(&video, letter, t0 + 60).changed);
	letter.at_ms = t0 + 50;
	step(&video, letter, t0 + 60);
	ck_assert_int_eq(video.state, VIDEO_FAILED);
	ck_assert_int_eq(video.error, ERROR_QUEUE);
	ck_assert(!video.dead_letter_owed);
}
END_TEST

START_TEST(a_message_known_to_stay_hidden_is_not_waited_for)
{
	struct video video = queued_video();

	video.due_ms = t0 + 10000;
	video.visible_ms = t0 + 100000;
	video.wake_ms = t0 + 10000;
	ck_assert(step(&video, (struct input){.type = INPUT_TICK}, t0 + 10000).send_message);
	video = queued_video();
	/* One that waits in the queue for room is not sent again. */
	video.wake_ms = t0 + 10000;
	ck_assert(!step(&video, (struct input){.type = INPUT_TICK}, t0 + 10000).send_message);
}
END_TEST

START_TEST(a_source_is_given_up_before_it_is_removed)
{
	struct video before = processed_video(), video;
	struct rules sparing = rules;
	struct input tick = {.type = INPUT_TICK}, retry = {.type = INPUT_RETRY};
	struct effects effects;

	sparing.keep_source = false;
	video_step(&before, &tick, &sparing, before.clean_ms, &video, &effects);
	ck_assert(effects.clean && effects.changed);
	/* From here on its removal may be under way. */
	before = video;
	video_step(&before, &retry, &sparing, t0 + 300000, &video, &effects);
	ck_assert(effects.refused);
	ck_assert_int_eq(video.state, VIDEO_PROCESSED);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("machine taken");

	tcase_add_test(tests, a_task_that_is_gone_loses_its_epoch_once_the_events_are_drained);
	tcase_add_test(tests, a_loser_that_finishes_takes_our_message_with_it);
	tcase_add_test(tests, a_task_that_could_not_speak_is_the_queue_s_fault);
	tcase_add_test(tests, a_task_whose_machine_was_taken_away_is_no_attempt);
	tcase_add_test(tests, a_living_but_silent_task_gets_one_lease_of_grace);
	tcase_add_test(tests, what_was_seen_long_ago_is_looked_at_again);
	tcase_add_test(tests, a_heartbeat_renews_the_lease_and_ends_the_grace);
	tcase_add_test(tests, a_finished_work_of_a_dead_worker_is_adopted);
	tcase_add_test(tests, cancel_takes_the_right_to_publish_at_once);
	tcase_add_test(tests, retry_is_a_new_generation_and_keeps_the_old_result_visible);
	tcase_add_test(tests, redrive_is_the_same_generation_with_its_attempts_anew);
	tcase_add_test(tests, remove_cleans_before_the_document_goes);
	tcase_add_test(tests, a_message_that_died_by_itself_fails_a_waiting_video_only);
	tcase_add_test(tests, a_message_known_to_stay_hidden_is_not_waited_for);
	tcase_add_test(tests, a_letter_that_lies_there_is_owed_no_more);
	tcase_add_test(tests, a_source_is_given_up_before_it_is_removed);
	return run_tests(tests, "machine taken");
}
