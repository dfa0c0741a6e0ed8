/* test_loops.c - how long a loop rests after rounds that did not work. */
#include "server/loops.h"

#include "run.h"

enum { LOOPS = 1000, BUCKETS = 10 };

START_TEST(a_loop_that_works_keeps_its_pace)
{
	struct loop_rest rest = {.pace_ms = 250};

	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(loop_rest_ms(&rest, true), 250);
	for (int i = 0; i < 8; i++)
		loop_rest_ms(&rest, false);
	ck_assert_uint_eq(loop_rest_ms(&rest, true), 250);
	ck_assert_uint_le(loop_rest_ms(&rest, false), 250 + 500);
}
END_TEST

START_TEST(the_rest_grows_with_each_failure_up_to_its_most)
{
	struct loop_rest rest = {.pace_ms = 10};
	uint64_t bound_ms = 500;

	for (int i = 0; i < 100; i++) {
		uint64_t wait_ms = loop_rest_ms(&rest, false);

		ck_assert_uint_ge(wait_ms, 10);
		ck_assert_uint_le(wait_ms, 10 + bound_ms);
		bound_ms = bound_ms * 2 < 15000 ? bound_ms * 2 : 15000;
	}
}
END_TEST

/* Many servers lose the same dependency at one moment, and find it again at one moment. */
START_TEST(loops_that_failed_together_do_not_come_back_together)
{
	static const uint64_t outage_ms = 60000, back_ms = 15000;
	unsigned buckets[BUCKETS] = {0};
	uint64_t calls = 0;

	for (int i = 0; i < LOOPS; i++) {
		struct loop_rest rest = {0};
		uint64_t now_ms = 0;

		for (; now_ms < outage_ms; now_ms += loop_rest_ms(&rest, false))
			calls++;
		ck_assert_uint_le(now_ms, outage_ms + back_ms);
		buckets[(now_ms - outage_ms) * BUCKETS / (back_ms + 1)]++;
	}
	/* About 5 while the rest grows, then one in 7.5 s. */
	ck_assert_uint_lt(calls, 15 * LOOPS);
	/* Those who come first come at the rate of an outage: 2 / 15 s. */
	for (int i = 0; i < BUCKETS; i++)
		ck_assert_uint_lt(buckets[i], LOOPS / 4);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("loops");

	tcase_add_test(tests, a_loop_that_works_keeps_its_pace);
	tcase_add_test(tests, the_rest_grows_with_each_failure_up_to_its_most);
	tcase_add_test(tests, loops_that_failed_together_do_not_come_back_together);
	return run_tests(tests, "loops");
}
