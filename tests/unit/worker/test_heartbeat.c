/* test_heartbeat.c - signs of life: the lease, the hidden message, stops and silence. */
#include "attempts.h"
#include "fake_codec.h"
#include "run.h"
#include "support/clock.h"

#define SOURCE_BYTES ((20u << 20) + 123)

START_TEST(a_planned_stop_hands_the_work_back)
{
	int64_t stopped_ms;

	attempt_begin("sleep", SOURCE_BYTES);
	parts.job.lease_ms = 3000; /* the first progress comes after a third of it */
	stopped_ms = clock_monotonic_ms();
	ck_assert_int_eq(attempt_run_and_stop(), WORK_RELEASED);
	ck_assert_int_lt(clock_monotonic_ms() - stopped_ms, 20000);
	ck_assert_int_eq(fake_queue_last(parts.events)->type, EVENT_RELEASED);
	ck_assert_str_eq(fake_queue_last(parts.events)->reason, "the worker was asked to stop");
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	ck_assert_uint_eq(parts.tasks->removed, 0);
	ck_assert(!attempt_has_manifest());
	attempt_end();
}
END_TEST

START_TEST(an_attempt_that_nobody_hears_publishes_nothing)
{
	attempt_begin("sleep", 300000);
	parts.job.lease_ms = 1500;
	parts.events->sends_most = 1; /* `started` */
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SILENT);
	ck_assert_uint_eq(parts.events->n_events, 1);
	ck_assert(!attempt_has_manifest());
	attempt_end();
}
END_TEST

START_TEST(an_attempt_that_cannot_say_that_it_started_does_not_work)
{
	attempt_begin("copy", 300000);
	parts.job.lease_ms = 500;
	parts.events->sends_most = 0;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SILENT);
	ck_assert_uint_eq(parts.store->calls[FAKE_READ], 0);
	attempt_end();
}
END_TEST

START_TEST(a_success_that_nobody_hears_is_left_to_be_adopted)
{
	attempt_begin("copy", 300000);
	parts.job.lease_ms = 2000;
	parts.events->sends_most = 1;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SILENT);
	ck_assert(attempt_has_manifest());
	ck_assert_uint_eq(parts.tasks->removed, 0);
	attempt_end();
}
END_TEST

START_TEST(the_task_message_is_kept_hidden)
{
	attempt_begin("sleep", 300000);
	parts.job.lease_ms = 3000;
	parts.tasks->traits.visibility_ms = 900;
	ck_assert_int_eq(attempt_run_and_stop(), WORK_RELEASED);
	ck_assert_uint_ge(parts.tasks->extended, 2);
	attempt_end();
}
END_TEST

START_TEST(a_stale_receipt_ends_the_extending_and_not_the_work)
{
	attempt_begin("sleep", 300000);
	parts.job.lease_ms = 3000;
	parts.tasks->traits.visibility_ms = 300;
	parts.tasks->extend_status = VM_ERR_CONFLICT;
	ck_assert_int_eq(attempt_run_and_stop(), WORK_RELEASED);
	ck_assert_uint_eq(parts.tasks->extended, 1);
	attempt_end();
}
END_TEST

START_TEST(progress_is_told_in_the_time_of_the_source)
{
	const struct event *progress;

	attempt_begin("sleep", 300000);
	parts.job.lease_ms = 3000;
	ck_assert_int_eq(attempt_run_and_stop(), WORK_RELEASED);
	progress = fake_queue_wait(parts.events, EVENT_PROGRESS);
	ck_assert_str_eq(progress->progress.stage, "sleep");
	ck_assert_uint_eq(progress->progress.total_ms, FAKE_SOURCE_MS);
	attempt_end();
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("heartbeat");

	parts_become_child(argc, argv);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, a_planned_stop_hands_the_work_back);
	tcase_add_test(tests, an_attempt_that_nobody_hears_publishes_nothing);
	tcase_add_test(tests, an_attempt_that_cannot_say_that_it_started_does_not_work);
	tcase_add_test(tests, a_success_that_nobody_hears_is_left_to_be_adopted);
	tcase_add_test(tests, the_task_message_is_kept_hidden);
	tcase_add_test(tests, a_stale_receipt_ends_the_extending_and_not_the_work);
	tcase_add_test(tests, progress_is_told_in_the_time_of_the_source);
	return run_tests(tests, "heartbeat");
}
