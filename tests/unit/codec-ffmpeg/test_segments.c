/* test_segments.c - bit rates and durations as a playlist tells them. */
#include "segments.h"

#include "run.h"

static void add(struct segments *segments, double seconds, uint64_t bytes)
{
	struct segment segment = {.duration_us = (int64_t)(seconds * 1000000), .bytes = bytes};

	ck_assert_int_eq(segments_add(segments, &segment, NULL), VM_OK);
}

START_TEST(the_average_is_of_all_bytes_and_all_time)
{
	struct segments segments = {0};

	ck_assert_uint_eq(segments_average(&segments), 0);
	add(&segments, 4, 1000000);
	add(&segments, 4, 2000000);
	add(&segments, 2, 750000);
	ck_assert_uint_eq(segments_average(&segments), 3000000);
	ck_assert_int_eq(segments_duration_us(&segments), 10000000);
	segments_finish(&segments);
}
END_TEST

START_TEST(the_peak_is_of_the_worst_segment)
{
	struct segments segments = {0};

	add(&segments, 4, 1000000);
	add(&segments, 4, 2000000);
	add(&segments, 4, 1000000);
	ck_assert_uint_eq(segments_peak(&segments), 4000000);
	segments_finish(&segments);
}
END_TEST

START_TEST(a_short_rest_is_no_peak_of_its_own)
{
	struct segments segments = {0};

	add(&segments, 4, 1000000);
	add(&segments, 0.04, 100000);
	/* Together they are 4.04 seconds; the rest by itself would be 20 Mbit/s. */
	ck_assert_uint_eq(segments_peak(&segments), 1100000 * 8 * 100 / 404);
	segments_finish(&segments);
}
END_TEST

START_TEST(the_target_is_the_longest_rounded)
{
	struct segments segments = {0};

	ck_assert_int_eq(segments_target_s(&segments), 1);
	add(&segments, 4.004, 1);
	ck_assert_int_eq(segments_target_s(&segments), 4);
	add(&segments, 4.5, 1);
	ck_assert_int_eq(segments_target_s(&segments), 5);
	segments_finish(&segments);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("segments");

	tcase_add_test(tests, the_average_is_of_all_bytes_and_all_time);
	tcase_add_test(tests, the_peak_is_of_the_worst_segment);
	tcase_add_test(tests, a_short_rest_is_no_peak_of_its_own);
	tcase_add_test(tests, the_target_is_the_longest_rounded);
	return run_tests(tests, "segments");
}
