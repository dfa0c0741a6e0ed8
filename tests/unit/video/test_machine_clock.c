/* test_machine_clock.c - a clock that is set back delays nothing by more than it had to wait. */
#include "fixture.h"
#include "run.h"

enum { HOUR_MS = 3600 * 1000 };

START_TEST(what_is_queued_keeps_its_wait)
{
	struct video video = queued_video();
	int64_t now_ms = video.updated_ms - HOUR_MS;
	struct effects effects;

	video.due_ms = video.updated_ms + 5000;
	effects = step(&video, (struct input){.type = INPUT_TICK}, now_ms);
	ck_assert(effects.changed);
	ck_assert_int_eq(video.updated_ms, now_ms);
	ck_assert_int_eq(video.due_ms, now_ms + 5000);
	effects = step(&video, (struct input){.type = INPUT_MESSAGE}, now_ms + 4000);
	ck_assert_int_eq(effects.message, MESSAGE_EXTEND);
	effects = step(&video, (struct input){.type = INPUT_MESSAGE}, now_ms + 5000);
	ck_assert_int_eq(effects.message, MESSAGE_LAUNCH);
}
END_TEST

START_TEST(a_lease_is_no_longer_than_it_was)
{
	struct input alive = {
	    .type = INPUT_TASK_STATUS, .epoch = 1, .task_alive = true, .events_drained = true};
	struct video video = processing_video();
	int64_t now_ms = video.updated_ms - HOUR_MS;
	int64_t lease_ms = video.attempt.until_ms - video.updated_ms;

	step(&video, (struct input){.type = INPUT_TICK}, now_ms);
	ck_assert_int_eq(video.attempt.until_ms, now_ms + lease_ms);
	ck_assert_int_eq(video.attempt.grace_ms, 0);
	alive.seen_ms = now_ms + lease_ms + 1;
	step(&video, alive, now_ms + lease_ms + 1);
	ck_assert_int_ne(video.attempt.grace_ms, 0);
}
END_TEST

START_TEST(a_clock_that_is_a_little_behind_changes_nothing)
{
	struct video video = queued_video();
	int64_t updated_ms = video.updated_ms;

	ck_assert(!step(&video, (struct input){.type = INPUT_TICK}, updated_ms - 60000).changed);
	step(&video, (struct input){.type = INPUT_CANCEL}, updated_ms - 60000);
	ck_assert_int_eq(video.updated_ms, updated_ms);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("machine_clock");

	tcase_add_test(tests, what_is_queued_keeps_its_wait);
	tcase_add_test(tests, a_lease_is_no_longer_than_it_was);
	tcase_add_test(tests, a_clock_that_is_a_little_behind_changes_nothing);
	return run_tests(tests, "machine_clock");
}
