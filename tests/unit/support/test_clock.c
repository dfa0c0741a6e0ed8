/* test_clock.c - times and durations as people read them. */
#include "support/clock.h"

#include "run.h"

static void check_text(int64_t unix_ms, const char *expected)
{
	char text[CLOCK_TEXT_MAX];

	ck_assert_str_eq(clock_text(unix_ms, text), expected);
}

static void check_duration(int64_t ms, const char *expected)
{
	char text[CLOCK_TEXT_MAX];

	ck_assert_str_eq(clock_duration_text(ms, text), expected);
}

START_TEST(a_time_is_rfc_3339_in_utc)
{
	check_text(0, "1970-01-01T00:00:00.000Z");
	check_text(1795550400007, "2026-11-24T20:00:00.007Z");
	check_text(951782399999, "2000-02-28T23:59:59.999Z");
	check_text(951782400000, "2000-02-29T00:00:00.000Z");
}
END_TEST

START_TEST(a_time_before_1970_counts_forwards)
{
	check_text(-1, "1969-12-31T23:59:59.999Z");
	check_text(-1000, "1969-12-31T23:59:59.000Z");
}
END_TEST

START_TEST(a_time_of_the_far_future_still_fits)
{
	check_text(INT64_MAX, "292278994-08-17T07:12:55.807Z");
	check_text(INT64_MIN, "-292275055-05-16T16:47:04.192Z");
}
END_TEST

START_TEST(a_duration_shows_its_two_largest_units)
{
	check_duration(0, "0 ms");
	check_duration(999, "999 ms");
	check_duration(1000, "1.0 s");
	check_duration(3299, "3.2 s");
	check_duration(59999, "59.9 s");
	check_duration(60000, "1 min 0 s");
	check_duration(250000, "4 min 10 s");
	check_duration(7500000, "2 h 5 min");
	check_duration(90000000, "1 d 1 h");
	check_duration(INT64_MAX, "106751991167 d 7 h");
	check_duration(-5, "0 ms");
}
END_TEST

START_TEST(the_monotonic_clock_never_runs_backwards)
{
	int64_t last = clock_monotonic_ms();

	for (int i = 0; i < 10000; i++) {
		int64_t now = clock_monotonic_ms();

		ck_assert_int_ge(now, last);
		last = now;
	}
	ck_assert_int_gt(clock_unix_ms(), 1700000000000);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("clock");

	tcase_add_test(tests, a_time_is_rfc_3339_in_utc);
	tcase_add_test(tests, a_time_before_1970_counts_forwards);
	tcase_add_test(tests, a_time_of_the_far_future_still_fits);
	tcase_add_test(tests, a_duration_shows_its_two_largest_units);
	tcase_add_test(tests, the_monotonic_clock_never_runs_backwards);
	return run_tests(tests, "clock");
}
