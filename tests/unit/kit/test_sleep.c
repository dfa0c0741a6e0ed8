/* test_sleep.c - waiting with and without a call. */
#include "kit/sleep.h"

#include <time.h>

#include "run.h"

static uint64_t slept_ms;

static bool sleep_through(const struct vm_call *call, uint64_t duration_ms)
{
	(void)call;
	slept_ms += duration_ms;
	return slept_ms < 100;
}

START_TEST(a_call_sleeps_in_its_own_way)
{
	static const struct vm_call_table table = {.size = sizeof table, .sleep_ms = sleep_through};
	const struct vm_call call = {&table};

	ck_assert(kit_sleep_ms(&call, 60));
	ck_assert(!kit_sleep_ms(&call, 60));
	ck_assert_uint_eq(slept_ms, 120);
}
END_TEST

START_TEST(without_a_call_the_time_passes)
{
	struct timespec before, after;

	clock_gettime(CLOCK_MONOTONIC, &before);
	ck_assert(kit_sleep_ms(NULL, 20));
	clock_gettime(CLOCK_MONOTONIC, &after);
	ck_assert_int_ge(
	    (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000, 20);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sleep");

	tcase_add_test(tests, a_call_sleeps_in_its_own_way);
	tcase_add_test(tests, without_a_call_the_time_passes);
	return run_tests(tests, "sleep");
}
