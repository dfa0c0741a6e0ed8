/* test_watermark.c - where a watermark lies. */
#include "watermark.h"

#include "run.h"

static void check(int position, int own_width, int own_height, struct watermark_place wanted)
{
	const struct watermark_option option = {
	    .position = position, .size = {10, 100}, .margin = {5, 100}, .opacity = {1, 1}};
	struct watermark_place place = watermark_place(&option, own_width, own_height, 640, 360);

	ck_assert_int_eq(place.x, wanted.x);
	ck_assert_int_eq(place.y, wanted.y);
	ck_assert_int_eq(place.width, wanted.width);
	ck_assert_int_eq(place.height, wanted.height);
}

START_TEST(it_keeps_its_shape_and_its_distance)
{
	check(POSITION_TOP_LEFT, 200, 100, (struct watermark_place){18, 18, 72, 36});
	check(POSITION_TOP_RIGHT, 200, 100, (struct watermark_place){550, 18, 72, 36});
	check(POSITION_BOTTOM_LEFT, 200, 100, (struct watermark_place){18, 306, 72, 36});
	check(POSITION_BOTTOM_RIGHT, 200, 100, (struct watermark_place){550, 306, 72, 36});
	check(POSITION_CENTER, 200, 100, (struct watermark_place){284, 162, 72, 36});
}
END_TEST

START_TEST(one_that_is_very_wide_fits_between_the_edges)
{
	check(POSITION_TOP_LEFT, 4000, 100, (struct watermark_place){18, 18, 604, 14});
}
END_TEST

START_TEST(it_lies_within_the_smallest_picture)
{
	const struct watermark_option option = {
	    .position = POSITION_BOTTOM_RIGHT, .size = {1, 100}, .margin = {1, 4}, .opacity = {1, 1}};

	for (int width = 2; width <= 16; width += 2)
		for (int height = 2; height <= 16; height += 2) {
			struct watermark_place place = watermark_place(&option, 1, 1000, width, height);

			ck_assert_int_ge(place.x, 0);
			ck_assert_int_ge(place.y, 0);
			ck_assert_int_le(place.x + place.width, width);
			ck_assert_int_le(place.y + place.height, height);
		}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("watermark");

	tcase_add_test(tests, it_keeps_its_shape_and_its_distance);
	tcase_add_test(tests, one_that_is_very_wide_fits_between_the_edges);
	tcase_add_test(tests, it_lies_within_the_smallest_picture);
	return run_tests(tests, "watermark");
}
