/* test_machine.c - the life of a video from its upload to its end, move by move. */
#include <string.h>

#include "fixture.h"
#include "run.h"

START_TEST(an_upload_is_queued_and_owes_a_message_until_it_is_sent)
{
	struct video video;
	struct effects effects;

	video_init(&video, ID, t0, t0 + 3600000);
	ck_assert_int_eq(video.state, VIDEO_AWAITING_UPLOAD);
	effects = step(&video, (struct input){.type = INPUT_ARRIVED, .source = {.etag = "e1"}},
	               t0 + 10);
	ck_assert_int_eq(video.state, VIDEO_QUEUED);
	ck_assert(effects.send_message && video.message_owed);
	ck_assert_int_le(video.wake_ms, t0 + 10 + 2000);
	/* A crash before the send: the sweeper sends. */
	effects = step(&video, (struct input){.type = INPUT_TICK}, video.wake_ms);
	ck_assert(effects.send_message);
	step(&video, (struct input){.type = INPUT_MESSAGE_SENT}, t0 + 3000);
	ck_assert(!video.message_owed);
	effects = step(&video, (struct input){.type = INPUT_TICK}, t0 + 5000);
	ck_assert(!effects.changed);
}
END_TEST

START_TEST(the_same_arrival_told_twice_changes_nothing)
{
	struct video video = queued_video();
	struct effects effects;

	effects = step(&video, (struct input){.type = INPUT_ARRIVED, .source = {.etag = "e1"}}, t0);
	ck_assert(!effects.changed);
	video = processing_video();
	effects = step(&video, (struct input){.type = INPUT_ARRIVED, .source = {.etag = "e2"}}, t0);
	ck_assert(!effects.changed);
}
END_TEST

START_TEST(only_a_newer_sequencer_replaces_a_queued_source)
{
	struct video video = queued_video();

	snprintf(video.source.sequencer, sizeof video.source.sequencer, "00FF");
	step(&video,
	     (struct input){.type = INPUT_ARRIVED, .source = {.etag = "old", .sequencer = "FE"}}, t0);
	ck_assert_str_eq(video.source.etag, "e1");
	step(&video,
	     (struct input){.type = INPUT_ARRIVED, .source = {.etag = "new", .sequencer = "0000100"}},
	     t0);
	ck_assert_str_eq(video.source.etag, "new");
}
END_TEST

START_TEST(nothing_uploaded_expires_only_after_the_slack)
{
	struct video video;

	video_init(&video, ID, t0, t0 + 3600000);
	step(&video, (struct input){.type = INPUT_SOURCE_ABSENT}, t0 + 3600000);
	ck_assert_int_eq(video.state, VIDEO_AWAITING_UPLOAD);
	step(&video, (struct input){.type = INPUT_SOURCE_ABSENT}, t0 + 3600000 + 900000);
	ck_assert_int_eq(video.state, VIDEO_EXPIRED);
	/* And still: an object under a key that we issued never stays unseen. */
	step(&video, (struct input){.type = INPUT_ARRIVED, .source = {.etag = "late"}}, t0 + 9000000);
	ck_assert_int_eq(video.state, VIDEO_QUEUED);
}
END_TEST

START_TEST(a_message_launches_and_every_launch_counts_the_epoch)
{
	struct video video = queued_video();
	struct effects effects = step(&video, (struct input){.type = INPUT_MESSAGE}, t0);

	ck_assert_int_eq(effects.message, MESSAGE_LAUNCH);
	ck_assert_int_eq(video.state, VIDEO_DISPATCHED);
	ck_assert_uint_eq(video.epoch, 1);
	ck_assert_str_eq(video.attempt.ticket, TICKET);
	/* Hidden past the dispatch deadline. */
	ck_assert_uint_gt(effects.message_ms, rules.start_ms);
}
END_TEST

START_TEST(a_message_that_comes_again_during_a_lease_is_hidden)
{
	struct video video = processing_video();
	struct effects effects = step(&video, (struct input){.type = INPUT_MESSAGE}, t0 + 1000);

	ck_assert_int_eq(effects.message, MESSAGE_EXTEND);
	ck_assert_uint_ge(effects.message_ms, rules.lease_ms - 1000);
	ck_assert_int_eq(video.state, VIDEO_PROCESSING);
	ck_assert_uint_eq(video.epoch, 1);
}
END_TEST

START_TEST(no_room_is_no_attempt)
{
	struct video video = dispatched_video();
	struct effects effects = step(
	    &video, (struct input){.type = INPUT_TASK_REFUSED, .epoch = 1, .random = 7}, t0);

	ck_assert_int_eq(video.state, VIDEO_QUEUED);
	ck_assert_uint_eq(video.attempts, 0);
	ck_assert_uint_eq(video.n_history, 0);
	ck_assert_int_gt(video.due_ms, t0);
	/* Nor is it a receive of the message, for there is a fresh one. */
	ck_assert_int_eq(effects.message, MESSAGE_REMOVE);
	ck_assert(effects.send_message);
	ck_assert_uint_eq(effects.send_delay_ms, (uint64_t)(video.due_ms - t0));
	ck_assert(video.message_owed);
}
END_TEST

START_TEST(a_refusal_does_not_take_a_task_that_runs)
{
	struct video video = dispatched_video();
	struct effects effects;

	/* Two servers have asked for the same task: one got it, the other had no room. */
	step(&video, (struct input){.type = INPUT_TASK_STARTED, .epoch = 1, .task = "task"}, t0);
	effects = step(&video, (struct input){.type = INPUT_TASK_REFUSED, .epoch = 1}, t0 + 5);
	ck_assert(!effects.changed);
	effects = step(&video,
	               (struct input){.type = INPUT_TASK_FAILED,
	                              .epoch = 1,
	                              .error = ERROR_CAPACITY,
	                              .reason = "no such cluster"},
	               t0 + 6);
	ck_assert(!effects.changed);
	ck_assert_int_eq(video.state, VIDEO_DISPATCHED);
}
END_TEST

START_TEST(a_start_that_was_overtaken_is_stopped)
{
	struct video video = dispatched_video();
	struct effects effects;

	step(&video, (struct input){.type = INPUT_CANCEL}, t0);
	effects = step(&video, (struct input){.type = INPUT_TASK_STARTED, .epoch = 1, .task = "late"},
	               t0 + 5);
	ck_assert(effects.stale && effects.stop_task);
	ck_assert_str_eq(effects.stop_task_name, "late");
	ck_assert_int_eq(video.state, VIDEO_CANCELED);
}
END_TEST

START_TEST(the_first_started_claims_the_epoch_for_its_nonce)
{
	struct video video = processing_video();
	struct event other = event_of(EVENT_STARTED);
	struct effects effects;

	snprintf(other.nonce, sizeof other.nonce, "ffffffffffffffff");
	effects = step_event_at(&video, other, t0 + 1);
	ck_assert(effects.stale && !effects.changed);
	ck_assert_str_eq(video.attempt.nonce, NONCE);
}
END_TEST

START_TEST(an_event_is_believed_only_with_epoch_generation_and_ticket)
{
	struct event events[3] = {event_of(EVENT_SUCCEEDED), event_of(EVENT_SUCCEEDED),
	                          event_of(EVENT_SUCCEEDED)};

	events[0].epoch = 2;
	events[1].generation = 2;
	events[2].ticket[5] = 'x';
	for (size_t i = 0; i < 3; i++) {
		struct video video = processing_video();

		ck_assert(step_event_at(&video, events[i], t0).stale);
		ck_assert_int_eq(video.state, VIDEO_PROCESSING);
	}
}
END_TEST

START_TEST(events_that_overtake_started_count_all_the_same)
{
	struct video video = dispatched_video();

	step_event_at(&video, event_of(EVENT_SUCCEEDED), t0 + 1);
	ck_assert_int_eq(video.state, VIDEO_PROCESSED);
	ck_assert(step_event_at(&video, event_of(EVENT_STARTED), t0 + 2).stale);
}
END_TEST

START_TEST(success_shows_the_result_and_notifies_once)
{
	struct video video = processed_video();
	struct effects effects;

	ck_assert_int_eq(video.state, VIDEO_PROCESSED);
	ck_assert_str_eq(video.result.manifest_key, "m");
	ck_assert_str_eq(video.outbox_event, ID);
	ck_assert_str_eq(video.attempt.ticket, "");
	effects = step(&video, (struct input){.type = INPUT_TICK}, video.wake_ms);
	ck_assert(effects.publish);
	step(&video, (struct input){.type = INPUT_OUTBOX_SENT}, t0 + 1);
	/* All that is left is to look for what losers wrote: after a lease, and a day later. */
	ck_assert_int_eq(video.wake_ms, t0 + (int64_t)rules.lease_ms);
	ck_assert(step(&video, (struct input){.type = INPUT_TICK}, video.wake_ms).clean);
	step(&video, (struct input){.type = INPUT_CLEANED}, t0 + 200000);
	ck_assert_int_gt(video.wake_ms, t0 + 80000000);
	step(&video, (struct input){.type = INPUT_CLEANED}, t0 + 90000000);
	ck_assert_int_eq(video.wake_ms, 0);
	ck_assert_int_eq(step(&video, (struct input){.type = INPUT_MESSAGE}, t0).message,
	                 MESSAGE_REMOVE);
}
END_TEST

START_TEST(a_transient_failure_waits_and_the_last_one_fails)
{
	struct event event = event_of(EVENT_FAILED);
	struct video video = processing_video();
	struct effects effects;

	event.error = ERROR_STORAGE;
	event.transient = true;
	for (uint64_t n = 1; n < rules.attempts_most; n++) {
		struct input input = {.type = INPUT_EVENT, .event = &event, .random = UINT64_MAX};

		event.epoch = video.epoch;
		step(&video, input, t0);
		ck_assert_int_eq(video.state, VIDEO_QUEUED);
		ck_assert_uint_eq(video.attempts, n);
		ck_assert_int_ge(video.due_ms, t0);
		ck_assert_int_le(video.due_ms, t0 + (5000 << (n - 1)));
		/* Not due: hidden until then. */
		effects = step(&video, (struct input){.type = INPUT_MESSAGE}, t0 - 1);
		ck_assert_int_eq(effects.message, MESSAGE_EXTEND);
		step(&video, (struct input){.type = INPUT_MESSAGE}, t0 + 900000);
		ck_assert_int_eq(video.state, VIDEO_DISPATCHED);
	}
	event.epoch = video.epoch;
	step_event_at(&video, event, t0);
	ck_assert_int_eq(video.state, VIDEO_FAILED);
	ck_assert(video.dead_letter_owed);
}
END_TEST

START_TEST(a_dead_letter_is_paid_once)
{
	struct video video = failed_video();
	struct effects effects = step(&video, (struct input){.type = INPUT_MESSAGE}, t0);

	ck_assert_int_eq(effects.message, MESSAGE_DEAD);
	ck_assert_str_eq(effects.message_reason, "bad_media after 1 attempt: no video in it");
	step(&video, (struct input){.type = INPUT_LETTER_PAID}, t0);
	ck_assert(!video.dead_letter_owed);
	ck_assert_int_eq(step(&video, (struct input){.type = INPUT_MESSAGE}, t0).message,
	                 MESSAGE_REMOVE);
}
END_TEST

START_TEST(a_release_is_not_counted_until_it_happens_too_often)
{
	struct event event = event_of(EVENT_RELEASED);
	struct video video = processing_video();

	for (uint64_t n = 1; n <= rules.releases_most; n++) {
		event.epoch = video.epoch;
		step_event_at(&video, event, t0);
		ck_assert_int_eq(video.state, VIDEO_QUEUED);
		ck_assert_uint_eq(video.attempts, 0);
		ck_assert_int_eq(video.due_ms, t0);
		step(&video, (struct input){.type = INPUT_MESSAGE}, t0);
	}
	event.epoch = video.epoch;
	step_event_at(&video, event, t0);
	ck_assert_uint_eq(video.attempts, 1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("machine");

	tcase_add_test(tests, an_upload_is_queued_and_owes_a_message_until_it_is_sent);
	tcase_add_test(tests, the_same_arrival_told_twice_changes_nothing);
	tcase_add_test(tests, only_a_newer_sequencer_replaces_a_queued_source);
	tcase_add_test(tests, nothing_uploaded_expires_only_after_the_slack);
	tcase_add_test(tests, a_message_launches_and_every_launch_counts_the_epoch);
	tcase_add_test(tests, a_message_that_comes_again_during_a_lease_is_hidden);
	tcase_add_test(tests, no_room_is_no_attempt);
	tcase_add_test(tests, a_refusal_does_not_take_a_task_that_runs);
	tcase_add_test(tests, a_start_that_was_overtaken_is_stopped);
	tcase_add_test(tests, the_first_started_claims_the_epoch_for_its_nonce);
	tcase_add_test(tests, an_event_is_believed_only_with_epoch_generation_and_ticket);
	tcase_add_test(tests, events_that_overtake_started_count_all_the_same);
	tcase_add_test(tests, success_shows_the_result_and_notifies_once);
	tcase_add_test(tests, a_transient_failure_waits_and_the_last_one_fails);
	tcase_add_test(tests, a_dead_letter_is_paid_once);
	tcase_add_test(tests, a_release_is_not_counted_until_it_happens_too_often);
	return run_tests(tests, "machine");
}
