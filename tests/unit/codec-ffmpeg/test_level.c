/* test_level.c - the steps by which a sound comes to its loudness. */
#include "level.h"

#include "run.h"

static struct level start(void)
{
	return (struct level){.wanted = true, .target = -16, .true_peak = -1, .step = LEVEL_MEASURE};
}

START_TEST(low_peaks_need_one_measurement)
{
	struct level level = start();

	level_measured(&level, (struct loudness){-30, 5, -20});
	ck_assert_int_eq(level.step, LEVEL_DONE);
	ck_assert_double_eq_tol(level.gain.db, 14, 1e-9);
}
END_TEST

static const double reached[GAIN_CANDIDATES] = {-17, -16.5, -15.5, -14.5, -13};

START_TEST(a_limiter_is_tried_and_then_the_encoder)
{
	struct level level = start();

	level_measured(&level, (struct loudness){-30, 5, -10});
	ck_assert_int_eq(level.step, LEVEL_TRY);
	level_tried(&level, reached);
	ck_assert_int_eq(level.step, LEVEL_ENCODE);
	ck_assert_double_eq_tol(level.gain.db, 14 + 1.125, 1e-9);
	level_encoded(&level, (struct loudness){-16.2, 4, -1.1});
	ck_assert_int_eq(level.step, LEVEL_DONE);
	ck_assert_double_eq_tol(level.gain.db, 14 + 1.125, 1e-9);
}
END_TEST

START_TEST(the_best_of_three_tries_is_taken)
{
	struct level level = start();
	struct gain second;

	level_measured(&level, (struct loudness){-30, 5, -10});
	level_tried(&level, reached);
	level_encoded(&level, (struct loudness){-16, 4, 0});
	ck_assert_double_eq_tol(level.gain.ceiling, -3, 1e-9);
	second = level.gain;
	level_encoded(&level, (struct loudness){-16, 4, -0.9});
	ck_assert_int_eq(level.step, LEVEL_ENCODE);
	ck_assert_double_lt(level.gain.ceiling, second.ceiling);
	level_encoded(&level, (struct loudness){-16, 4, -0.5});
	ck_assert_int_eq(level.step, LEVEL_DONE);
	ck_assert_double_eq_tol(level.gain.db, second.db, 1e-9);
	ck_assert_double_eq_tol(level.gain.ceiling, second.ceiling, 1e-9);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("level");

	tcase_add_test(tests, low_peaks_need_one_measurement);
	tcase_add_test(tests, a_limiter_is_tried_and_then_the_encoder);
	tcase_add_test(tests, the_best_of_three_tries_is_taken);
	return run_tests(tests, "level");
}
