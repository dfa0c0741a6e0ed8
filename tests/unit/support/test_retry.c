/* test_retry.c - back-off within its bounds, and a budget that holds a tenth. */
#include "support/retry.h"

#include "run.h"

START_TEST(the_backoff_doubles_up_to_its_most)
{
	for (int i = 0; i < 1000; i++) {
		ck_assert_uint_le(retry_backoff_ms(0, 100, 5000), 100);
		ck_assert_uint_le(retry_backoff_ms(3, 100, 5000), 800);
		ck_assert_uint_le(retry_backoff_ms(6, 100, 5000), 5000);
		ck_assert_uint_le(retry_backoff_ms(4000000000u, 1, 5000), 5000);
	}
	ck_assert_uint_eq(retry_backoff_ms(9, 0, 5000), 0);
	ck_assert_uint_eq(retry_backoff_ms(0, 100, 0), 0);
}
END_TEST

START_TEST(the_backoff_is_spread_over_its_whole_range)
{
	unsigned low = 0, high = 0;

	for (int i = 0; i < 1000; i++) {
		uint64_t wait = retry_backoff_ms(2, 100, 5000);

		low += wait < 100;
		high += wait > 300;
	}
	/* A quarter each; fewer than 150 of 1000 comes once in 10^13 runs. */
	ck_assert_uint_gt(low, 150);
	ck_assert_uint_gt(high, 150);
}
END_TEST

START_TEST(the_largest_backoff_does_not_overflow)
{
	for (int i = 0; i < 100; i++)
		ck_assert_uint_le(retry_backoff_ms(70, 3, UINT64_MAX - 1), UINT64_MAX - 1);
}
END_TEST

static unsigned take_all(struct retry_budget *budget)
{
	unsigned taken = 0;

	while (retry_budget_take(budget))
		taken++;
	return taken;
}

START_TEST(a_dependency_that_is_down_costs_ten_tries_and_no_more)
{
	struct retry_budget budget;

	retry_budget_init(&budget);
	ck_assert_uint_eq(take_all(&budget), 10);
	ck_assert(!retry_budget_take(&budget));
	retry_budget_finish(&budget);
}
END_TEST

START_TEST(ten_successes_pay_one_try)
{
	struct retry_budget budget;

	retry_budget_init(&budget);
	take_all(&budget);
	for (int i = 0; i < 9; i++)
		retry_budget_refill(&budget);
	ck_assert(!retry_budget_take(&budget));
	retry_budget_refill(&budget);
	ck_assert(retry_budget_take(&budget));
	ck_assert(!retry_budget_take(&budget));
	retry_budget_finish(&budget);
}
END_TEST

START_TEST(a_full_budget_is_not_overfilled)
{
	struct retry_budget budget;

	retry_budget_init(&budget);
	for (int i = 0; i < 1000; i++)
		retry_budget_refill(&budget);
	ck_assert_uint_eq(take_all(&budget), 10);
	retry_budget_finish(&budget);
}
END_TEST

START_TEST(each_status_is_a_decision)
{
	for (int status = VM_OK; status <= VM_ERR_BUG; status++) {
		ck_assert_int_eq(retry_is_answer(status), status == VM_OK || status == VM_ERR_NOT_FOUND ||
		                                              status == VM_ERR_CONFLICT);
		ck_assert_int_eq(retry_is_transient(status), status == VM_ERR_THROTTLED ||
		                                                 status == VM_ERR_UNAVAILABLE ||
		                                                 status == VM_ERR_TIMEOUT);
		ck_assert_int_eq(retry_is_unknown(status), status == VM_ERR_UNAVAILABLE ||
		                                               status == VM_ERR_TIMEOUT ||
		                                               status == VM_ERR_CANCELLED);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("retry");

	tcase_add_test(tests, the_backoff_doubles_up_to_its_most);
	tcase_add_test(tests, the_backoff_is_spread_over_its_whole_range);
	tcase_add_test(tests, the_largest_backoff_does_not_overflow);
	tcase_add_test(tests, a_dependency_that_is_down_costs_ten_tries_and_no_more);
	tcase_add_test(tests, ten_successes_pay_one_try);
	tcase_add_test(tests, a_full_budget_is_not_overfilled);
	tcase_add_test(tests, each_status_is_a_decision);
	return run_tests(tests, "retry");
}
