/* test_machine_owed.c - what a crash may have swallowed is owed until it is said to be done. */
#include <string.h>

#include "fixture.h"
#include "run.h"

START_TEST(a_task_is_to_be_stopped_until_compute_was_asked)
{
	struct video video = processing_video();
	struct input stopped = {.type = INPUT_STOPPED, .task = "another"};
	struct effects effects;

	step(&video, (struct input){.type = INPUT_CANCEL}, t0);
	ck_assert_str_eq(video.stop_owed, "task");
	ck_assert(video.wake_ms != 0 && video.wake_ms <= t0 + 30000);
	effects = step(&video, (struct input){.type = INPUT_TICK}, video.wake_ms);
	ck_assert(effects.stop_task);
	ck_assert_str_eq(effects.stop_task_name, "task");
	ck_assert(!step(&video, stopped, t0 + 60000).changed);
	stopped.task = "task";
	step(&video, stopped, t0 + 60000);
	ck_assert_str_eq(video.stop_owed, "");
	ck_assert(!step(&video, (struct input){.type = INPUT_TICK}, t0 + 600000).stop_task);
}
END_TEST

START_TEST(a_video_without_a_task_owes_no_stop)
{
	struct video video = queued_video();

	ck_assert(!step(&video, (struct input){.type = INPUT_CANCEL}, t0).stop_task);
	ck_assert_str_eq(video.stop_owed, "");
}
END_TEST

START_TEST(a_dead_letter_that_is_there_is_paid)
{
	struct video video = failed_video();
	struct input letter = {.type = INPUT_LETTER_FOUND, .at_ms = video.finished_ms - 1};

	/* Of an earlier failure, or of nobody knows when. */
	ck_assert(!step(&video, letter, t0 + 10).changed);
	letter.at_ms = 0;
	ck_assert(!step(&video, letter, t0 + 10).changed);
	letter.at_ms = video.finished_ms + 1;
	step(&video, letter, t0 + 10);
	ck_assert(!video.dead_letter_owed);
	ck_assert_int_eq(video.state, VIDEO_FAILED);
}
END_TEST

START_TEST(a_redriven_video_owes_the_move_of_its_letter)
{
	struct input letter = {.type = INPUT_LETTER_FOUND, .at_ms = t0 + 1};
	struct video video = failed_video();

	step(&video, (struct input){.type = INPUT_LETTER_PAID}, t0 + 1);
	ck_assert(!step(&video, letter, t0 + 2).redrive);
	step(&video, (struct input){.type = INPUT_REDRIVE}, t0 + 3);
	ck_assert(step(&video, letter, t0 + 4).redrive);
	ck_assert_int_eq(video.state, VIDEO_QUEUED);
	step(&video, (struct input){.type = INPUT_LETTER_MOVED}, t0 + 5);
	ck_assert(!step(&video, letter, t0 + 6).redrive);
}
END_TEST

START_TEST(one_that_fails_again_keeps_its_new_letter)
{
	struct video video = failed_video();
	struct event event = event_of(EVENT_FAILED);

	step(&video, (struct input){.type = INPUT_REDRIVE}, t0 + 1);
	step(&video, (struct input){.type = INPUT_MESSAGE}, t0 + 2);
	event.epoch = video.epoch;
	event.error = ERROR_BAD_MEDIA;
	step_event_at(&video, event, t0 + 3);
	ck_assert_int_eq(video.state, VIDEO_FAILED);
	ck_assert(video.dead_letter_owed && !video.redrive_owed);
}
END_TEST

START_TEST(a_message_that_nobody_can_receive_is_sent_again)
{
	const struct input unheard = {.type = INPUT_UNHEARD};
	const int64_t patience_ms = (int64_t)rules.unheard_ms;
	struct video video = queued_video();

	ck_assert(!step(&video, unheard, t0 + patience_ms - 1).changed);
	ck_assert(step(&video, unheard, t0 + patience_ms).send_message);
	/* Owed: it is on its way. */
	ck_assert(!step(&video, unheard, t0 + 2 * patience_ms).changed);
	step(&video, (struct input){.type = INPUT_MESSAGE_SENT}, t0 + 2 * patience_ms);
	ck_assert(step(&video, unheard, t0 + 2 * patience_ms).send_message);
}
END_TEST

START_TEST(one_that_is_not_due_or_at_work_needs_no_message)
{
	const struct input unheard = {.type = INPUT_UNHEARD};
	struct video video = processing_video();

	ck_assert(!step(&video, unheard, t0 + 3600000).changed);
	video = queued_video();
	video.due_ms = t0 + 3600000;
	ck_assert(!step(&video, unheard, t0 + 3600000).changed);
	/* Its letter is moved instead. */
	video = failed_video();
	step(&video, (struct input){.type = INPUT_LETTER_PAID}, t0);
	step(&video, (struct input){.type = INPUT_REDRIVE}, t0);
	ck_assert(!step(&video, unheard, t0 + 3600000).changed);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("machine owed");

	tcase_add_test(tests, a_task_is_to_be_stopped_until_compute_was_asked);
	tcase_add_test(tests, a_video_without_a_task_owes_no_stop);
	tcase_add_test(tests, a_dead_letter_that_is_there_is_paid);
	tcase_add_test(tests, a_redriven_video_owes_the_move_of_its_letter);
	tcase_add_test(tests, one_that_fails_again_keeps_its_new_letter);
	tcase_add_test(tests, a_message_that_nobody_can_receive_is_sent_again);
	tcase_add_test(tests, one_that_is_not_due_or_at_work_needs_no_message);
	return run_tests(tests, "machine owed");
}
