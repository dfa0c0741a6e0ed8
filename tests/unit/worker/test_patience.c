/* test_patience.c - codec children that say nothing, and attempts that take too long. */
#include <string.h>

#include "attempts.h"
#include "run.h"
#include "support/clock.h"

static void check_timeout(const char *reason)
{
	const struct event *last;

	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	last = fake_queue_last(parts.events);
	ck_assert_int_eq(last->type, EVENT_FAILED);
	ck_assert_msg(last->error == ERROR_TIMEOUT && strcmp(last->reason, reason) == 0, "%s: %s",
	              error_class_name(last->error), last->reason);
	ck_assert(last->transient);
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	ck_assert(!attempt_has_manifest());
	attempt_end();
}

START_TEST(a_child_that_says_nothing_is_stuck)
{
	attempt_begin("stubborn", 300000);
	parts.patience.quiet_ms = 700;
	check_timeout("stage stubborn: the codec child said nothing for 700 ms");
}
END_TEST

/* It tells of progress for as long as it is let. */
START_TEST(a_child_that_tells_of_progress_is_not_stuck_but_its_time_ends)
{
	int64_t began_ms = clock_monotonic_ms();

	attempt_begin("sleep", 300000);
	parts.patience = (struct patience){.quiet_ms = 700, .time_least_ms = 2500};
	parts.pipeline.policy.limits.cpu_ms = 1000;
	check_timeout("stage sleep: the attempt's time is over");
	ck_assert_int_ge(clock_monotonic_ms() - began_ms, 2500);
}
END_TEST

START_TEST(twice_the_processor_time_is_the_time_of_an_attempt)
{
	int64_t began_ms = clock_monotonic_ms();

	attempt_begin("sleep", 300000);
	parts.patience.time_least_ms = 1;
	parts.pipeline.policy.limits.cpu_ms = 1000;
	check_timeout("stage sleep: the attempt's time is over");
	ck_assert_int_ge(clock_monotonic_ms() - began_ms, 2000);
}
END_TEST

static void *let_read(void *ctx)
{
	(void)ctx;
	ck_assert(fake_store_wait_calls(parts.store, FAKE_READ, 1));
	cancel_sleep_ms(NULL, 2000);
	fake_store_hold(parts.store, false, false);
	return NULL;
}

START_TEST(a_child_that_waits_for_us_is_not_stuck)
{
	enum work_end ended;
	pthread_t thread;

	attempt_begin("copy", 300000);
	parts.patience.quiet_ms = 700;
	fake_store_hold(parts.store, false, true);
	ck_assert_int_eq(pthread_create(&thread, NULL, let_read, NULL), 0);
	ended = parts_run(&parts, &error);
	pthread_join(thread, NULL);
	ck_assert_msg(ended == WORK_SUCCEEDED, "%s", fake_queue_last(parts.events)->reason);
	attempt_end();
}
END_TEST

/* The codec has done its work, and the store never answers: parts, or what is read to verify. */
START_TEST(storage_that_does_not_answer_ends_with_the_attempt_s_time)
{
	attempt_begin("copy", 20 << 20);
	parts.patience.time_least_ms = 3000;
	parts.pipeline.policy.limits.cpu_ms = 1000;
	fake_store_hold(parts.store, _i == 0, _i == 1);
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_TIMEOUT);
	ck_assert(fake_queue_last(parts.events)->transient);
	ck_assert_ptr_nonnull(strstr(fake_queue_last(parts.events)->reason, "time is over"));
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	attempt_end();
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("patience");

	parts_become_child(argc, argv);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, a_child_that_says_nothing_is_stuck);
	tcase_add_test(tests, a_child_that_tells_of_progress_is_not_stuck_but_its_time_ends);
	tcase_add_test(tests, twice_the_processor_time_is_the_time_of_an_attempt);
	tcase_add_test(tests, a_child_that_waits_for_us_is_not_stuck);
	tcase_add_loop_test(tests, storage_that_does_not_answer_ends_with_the_attempt_s_time, 0, 2);
	return run_tests(tests, "patience");
}
