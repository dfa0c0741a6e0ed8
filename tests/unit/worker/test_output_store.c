/* test_output_store.c - storing an output when the storage fails, forgets or has it already. */
#include "outputs.h"
#include "run.h"

static void fail_once(enum fake_operation operation, int status, bool after)
{
	up.store->fail[operation].from = 1;
	up.store->fail[operation].times = 1;
	up.store->fail[operation].status = status;
	up.store->fail[operation].after = after;
}

/* One long and one short output; returns what the drain says. */
static int make_two(void)
{
	struct output *longer = outputs_open("long", 4096), *shorter = outputs_open("short", 0);

	outputs_write(longer, 0, 20 * MIB, MIB, NULL);
	outputs_write(shorter, 0, 20, 20, NULL);
	output_close(longer);
	output_close(shorter);
	return uploader_drain(up.uploader, NULL);
}

START_TEST(every_operation_may_fail_and_nothing_stays_behind)
{
	static const enum fake_operation operations[] = {FAKE_PUT, FAKE_BEGIN, FAKE_PART, FAKE_COMMIT,
	                                                 FAKE_READ};

	fail_once(operations[_i], VM_ERR_DENIED, false);
	ck_assert_int_eq(make_two(), VM_ERR_DENIED);
	ck_assert_uint_eq(fake_store_open_uploads(up.store), 0);
}
END_TEST

START_TEST(what_fails_for_a_moment_is_tried_again)
{
	static const enum fake_operation operations[] = {FAKE_PUT, FAKE_BEGIN, FAKE_PART, FAKE_COMMIT,
	                                                 FAKE_READ};

	fail_once(operations[_i], VM_ERR_UNAVAILABLE, false);
	ck_assert_int_eq(make_two(), VM_OK);
	outputs_check_stored("long", 20 * MIB);
	outputs_check_stored("short", 20);
	ck_assert_uint_eq(fake_store_open_uploads(up.store), 0);
}
END_TEST

START_TEST(a_write_that_happened_unheard_is_found_to_be_ours)
{
	static const enum fake_operation operations[] = {FAKE_PUT, FAKE_COMMIT};

	fail_once(operations[_i], VM_ERR_TIMEOUT, true);
	ck_assert_int_eq(make_two(), VM_OK);
	outputs_check_stored("long", 20 * MIB);
	outputs_check_stored("short", 20);
}
END_TEST

START_TEST(an_object_of_somebody_else_is_a_conflict)
{
	fake_store_fill(up.store, PREFIX "web/short", 20); /* as long, but our bytes end in others */
	fake_store_fill(up.store, PREFIX "web/other", 21);
	ck_assert_int_eq(make_two(), VM_OK); /* the same bytes: ours */
	output_close(outputs_open("other", 0));
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_ERR_CONFLICT);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("output_store");

	tcase_add_checked_fixture(tests, outputs_setup, outputs_teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, every_operation_may_fail_and_nothing_stays_behind, 0, 5);
	tcase_add_loop_test(tests, what_fails_for_a_moment_is_tried_again, 0, 5);
	tcase_add_loop_test(tests, a_write_that_happened_unheard_is_found_to_be_ours, 0, 2);
	tcase_add_test(tests, an_object_of_somebody_else_is_a_conflict);
	return run_tests(tests, "output_store");
}
