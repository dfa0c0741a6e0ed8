/* test_job_limits.c - both sides of every limit. */
#include "job_limits.h"

#include <limits.h>

#include "run.h"

static const struct vm_limits none = {0};
static const struct vm_limits some = {
    .streams = 4, .duration_ms = 60000, .width = 1920, .height = 1080, .frames = 100};

START_TEST(at_the_limit_is_within_it)
{
	ck_assert_int_eq(limits_streams(&some, 4, NULL), VM_OK);
	ck_assert_int_eq(limits_streams(&some, 5, NULL), VM_ERR_LIMIT);
	ck_assert_int_eq(limits_duration(&some, 60000, NULL), VM_OK);
	ck_assert_int_eq(limits_duration(&some, 60001, NULL), VM_ERR_LIMIT);
	ck_assert_int_eq(limits_frames(&some, 100, NULL), VM_OK);
	ck_assert_int_eq(limits_frames(&some, 101, NULL), VM_ERR_LIMIT);
	ck_assert_int_eq(limits_picture(&some, 1920, 1080, NULL), VM_OK);
	ck_assert_int_eq(limits_picture(&some, 1921, 1080, NULL), VM_ERR_LIMIT);
	ck_assert_int_eq(limits_picture(&some, 1920, 1081, NULL), VM_ERR_LIMIT);
}
END_TEST

START_TEST(a_picture_may_stand_upright)
{
	ck_assert_int_eq(limits_picture(&some, 1080, 1920, NULL), VM_OK);
	ck_assert_int_eq(limits_picture(&some, 1081, 1920, NULL), VM_ERR_LIMIT);
	ck_assert_int_eq(limits_picture(&some, 1080, 1921, NULL), VM_ERR_LIMIT);
}
END_TEST

START_TEST(nothing_is_no_limit)
{
	ck_assert_int_eq(limits_streams(&none, UINT_MAX, NULL), VM_OK);
	ck_assert_int_eq(limits_duration(&none, INT64_MAX, NULL), VM_OK);
	ck_assert_int_eq(limits_frames(&none, UINT64_MAX, NULL), VM_OK);
	ck_assert_int_eq(limits_picture(&none, INT_MAX, INT_MAX, NULL), VM_OK);
	ck_assert_int_eq(limits_pixels_max(&none), INT_MAX);
}
END_TEST

START_TEST(the_sentence_names_the_limit)
{
	struct vm_error err;

	limits_picture(&some, 8192, 8192, &err);
	ck_assert_str_eq(err.message, "policy.limits.pixels: 8192x8192, where 1920x1080 are allowed");
	limits_duration(&some, 60001, &err);
	ck_assert_str_eq(err.message, "policy.limits.duration: 60001 ms, where 60000 ms are allowed");
}
END_TEST

START_TEST(coded_sizes_are_a_little_larger_than_what_is_shown)
{
	/* H.264 keeps 1920x1080 as 1920x1088. */
	ck_assert_int_ge(limits_pixels_max(&some), 1920 * 1088);
	ck_assert_int_le(limits_pixels_max(&some), 2048 * 1208);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("job limits");

	tcase_add_test(tests, at_the_limit_is_within_it);
	tcase_add_test(tests, a_picture_may_stand_upright);
	tcase_add_test(tests, nothing_is_no_limit);
	tcase_add_test(tests, the_sentence_names_the_limit);
	tcase_add_test(tests, coded_sizes_are_a_little_larger_than_what_is_shown);
	return run_tests(tests, "job limits");
}
