/* test_order.c - in which order an attempt does what lasts: tests/sim/worker.c keeps the same. */
#include <string.h>

#include "attempts.h"
#include "deeds.h"
#include "run.h"

/* The manifest is put if absent: else it would be "manifest over another". */
START_TEST(outputs_then_the_manifest_then_the_word_then_the_message)
{
	attempt_begin("copy", 600000);
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SUCCEEDED);
	ck_assert_str_eq(deeds(), "started, outputs, manifest, succeeded, removed");
	attempt_end();
}
END_TEST

START_TEST(a_failure_is_told_before_the_message_is_given_back)
{
	attempt_begin("copy", 100);
	parts.store->fail[FAKE_PUT].from = 3; /* the manifest */
	parts.store->fail[FAKE_PUT].times = 1000;
	parts.store->fail[FAKE_PUT].status = VM_ERR_DENIED;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_str_eq(deeds(), "started, outputs, failed, given back");
	attempt_end();
}
END_TEST

START_TEST(a_planned_stop_is_told_before_the_message_is_given_back)
{
	attempt_begin("sleep", 300000);
	parts.job.lease_ms = 3000; /* the first progress comes after a third of it */
	ck_assert_int_eq(attempt_run_and_stop(), WORK_RELEASED);
	/* How far it had come by then is nobody's promise. */
	ck_assert_ptr_nonnull(strstr(deeds(), "released, given back"));
	ck_assert_ptr_null(strstr(deeds(), "manifest"));
	attempt_end();
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("order");

	parts_become_child(argc, argv);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, outputs_then_the_manifest_then_the_word_then_the_message);
	tcase_add_test(tests, a_failure_is_told_before_the_message_is_given_back);
	tcase_add_test(tests, a_planned_stop_is_told_before_the_message_is_given_back);
	return run_tests(tests, "order");
}
