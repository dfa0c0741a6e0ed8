/* test_lull.c - an encoder is told of short distances, and the true times come back. */
#include "lull.h"

#include "run.h"

START_TEST(usual_distances_are_told_as_they_are)
{
	struct lull lull = {.longest = 100};

	for (int64_t time = 7; time < 100000; time += 40)
		ck_assert_int_eq(lull_tell(&lull, time), time);
	ck_assert_int_eq(lull_true(&lull, 99967 - 40 * 200), 99967 - 40 * 200);
}
END_TEST

START_TEST(long_ones_are_cut_and_mended)
{
	static const int64_t times[] = {5, 45, 6045, 6085, 900000, 900001};
	static const int64_t told[] = {5, 45, 145, 185, 285, 286};
	struct lull lull = {.longest = 100};

	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(lull_tell(&lull, times[i]), told[i]);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(lull_true(&lull, told[i]), times[i]);
}
END_TEST

/* Decoding begins before the first picture is shown. */
START_TEST(what_is_before_the_first_stays_as_far_before_it)
{
	struct lull lull = {.longest = 100};

	lull_tell(&lull, 50);
	lull_tell(&lull, 9050);
	ck_assert_int_eq(lull_true(&lull, -150), -150);
	ck_assert_int_eq(lull_true(&lull, 49), 49);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("lull");

	tcase_add_test(tests, usual_distances_are_told_as_they_are);
	tcase_add_test(tests, long_ones_are_cut_and_mended);
	tcase_add_test(tests, what_is_before_the_first_stays_as_far_before_it);
	return run_tests(tests, "lull");
}
