/* test_session.c - codec children, good, broken and hostile, seen from a whole attempt. */
#include <string.h>

#include "attempts.h"
#include "hostile.h"
#include "run.h"
#include "support/clock.h"
#include "worker/sandbox.h"

START_TEST(a_child_has_nothing_but_its_socket)
{
	attempt_begin("look", 300000);
	ck_assert_msg(parts_run(&parts, &error) == WORK_SUCCEEDED, "%s",
	              fake_queue_last(parts.events)->reason);
	attempt_end();
}
END_TEST

START_TEST(what_a_codec_says_becomes_a_class)
{
	attempt_check_failed("bad-media", ERROR_BAD_MEDIA, false, "no media\\x1b[2J at all");
	attempt_check_failed("unsupported", ERROR_UNSUPPORTED, false, "no such codec");
	attempt_check_failed("bad-json", ERROR_BUG, true, "what probe reports is no JSON object");
	attempt_check_failed("bad-report", ERROR_BUG, true, "run reports a member duration_ms");
	attempt_check_failed("bad-output", ERROR_BUG, true, "whole.mp4: not what it should be");
	attempt_check_failed("no-start", ERROR_BUG, true, "cannot be created here");
}
END_TEST

START_TEST(outputs_are_as_long_as_what_run_has_found)
{
	attempt_begin("short", 300000);
	ck_assert_msg(parts_run(&parts, &error) == WORK_SUCCEEDED, "%s",
	              fake_queue_last(parts.events)->reason);
	attempt_end();
}
END_TEST

START_TEST(a_crash_costs_the_attempt_and_nothing_else)
{
	attempt_check_failed("crash", ERROR_DECODER_CRASH, true,
	                     "codec-fake was ended by signal 9 (SIGKILL)");
	attempt_check_failed("exit", ERROR_DECODER_CRASH, true, "ended by itself with exit code 7");
}
END_TEST

START_TEST(a_hostile_child_is_ended_and_named)
{
	attempt_check_failed(hostiles[_i].name, ERROR_DECODER_CRASH, true, hostiles[_i].reason);
}
END_TEST

START_TEST(before_hello_no_decoder_is_to_blame)
{
	/* These break the protocol before they are ready. */
	for (const struct hostile *hostile = hostiles; hostile->name != NULL; hostile++)
		if (hostile->before_hello)
			attempt_check_failed(hostile->name, ERROR_BUG, true, hostile->reason);
}
END_TEST

START_TEST(processor_time_is_a_limit)
{
	attempt_begin("burn", 300000);
	parts.pipeline.policy.limits.cpu_ms = 1000;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_LIMIT);
	ck_assert_str_eq(fake_queue_last(parts.events)->reason,
	                 "policy.limits.cpu: more than the 1.0 s of processor time that are allowed");
	ck_assert(!fake_queue_last(parts.events)->transient);
	attempt_end();
}
END_TEST

START_TEST(memory_is_a_limit_whatever_the_decoder_says)
{
	if (sandbox_address_bytes(1) == 0)
		return; /* sanitizers need the address space */
	attempt_begin("memory", 300000);
	parts.pipeline.policy.limits.memory_bytes = 64 << 20;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_msg(fake_queue_last(parts.events)->error == ERROR_LIMIT, "%s",
	              fake_queue_last(parts.events)->reason);
	ck_assert_ptr_nonnull(strstr(fake_queue_last(parts.events)->reason,
	                             "policy.limits.memory: more than the 64 MiB that are allowed"));
	attempt_end();
}
END_TEST

START_TEST(a_child_that_does_not_stop_is_ended)
{
	attempt_begin("stubborn", 300000);
	parts.job.lease_ms = 3000;
	ck_assert_int_eq(attempt_run_and_stop(), WORK_RELEASED);
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	attempt_end();
}
END_TEST

START_TEST(a_child_that_floods_or_is_deaf_delays_no_stop)
{
	int64_t began_ms;

	attempt_begin(_i == 0 ? "flood" : "deaf", 1 << 20);
	parts.job.lease_ms = 3000;
	began_ms = clock_monotonic_ms();
	ck_assert_int_eq(attempt_run_and_stop(), WORK_RELEASED);
	/* A second for the progress, two for the child: far from what a stuck send takes. */
	ck_assert_int_lt(clock_monotonic_ms() - began_ms, 15000);
	attempt_end();
}
END_TEST

START_TEST(a_pipeline_file_that_changes_meanwhile_is_noticed)
{
	attempt_begin("copy", 300000);
	parts.pipeline.hash[0] = parts.job.pipeline_hash[0] = 'f'; /* the child has the old one */
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_str_eq(fake_queue_last(parts.events)->reason,
	                 "test.cfg changed while the attempt ran");
	ck_assert(fake_queue_last(parts.events)->transient);
	attempt_end();
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("session");
	int n_hostiles = 0;

	parts_become_child(argc, argv);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, a_child_has_nothing_but_its_socket);
	tcase_add_test(tests, what_a_codec_says_becomes_a_class);
	tcase_add_test(tests, outputs_are_as_long_as_what_run_has_found);
	tcase_add_test(tests, a_crash_costs_the_attempt_and_nothing_else);
	while (hostiles[n_hostiles].name != NULL && !hostiles[n_hostiles].before_hello)
		n_hostiles++;
	tcase_add_loop_test(tests, a_hostile_child_is_ended_and_named, 0, n_hostiles);
	tcase_add_test(tests, before_hello_no_decoder_is_to_blame);
	tcase_add_test(tests, processor_time_is_a_limit);
	tcase_add_test(tests, memory_is_a_limit_whatever_the_decoder_says);
	tcase_add_test(tests, a_child_that_does_not_stop_is_ended);
	tcase_add_loop_test(tests, a_child_that_floods_or_is_deaf_delays_no_stop, 0, 2);
	tcase_add_test(tests, a_pipeline_file_that_changes_meanwhile_is_noticed);
	return run_tests(tests, "session");
}
