/* test_shape.c - how pictures are turned upright, and how wide they are with square pixels. */
#include "shape.h"

#include "run.h"

#define ONE 65536

static struct orientation turn(int32_t a, int32_t b, int32_t c, int32_t d)
{
	const int32_t matrix[9] = {a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30};

	return orientation_of(matrix);
}

START_TEST(what_is_upright_is_left_alone)
{
	ck_assert_str_eq(orientation_of(NULL).filters, "");
	ck_assert_str_eq(turn(1, 0, 0, 1).filters, "");
	ck_assert_str_eq(turn(0, 0, 0, 0).filters, "");
	ck_assert(!turn(1, 0, 0, 1).swaps);
}
END_TEST

START_TEST(quarter_turns_swap_the_sides)
{
	ck_assert_str_eq(turn(0, 1, -1, 0).filters, "transpose=clock");
	ck_assert_int_eq(turn(0, 1, -1, 0).degrees, 90);
	ck_assert(turn(0, 1, -1, 0).swaps);
	ck_assert_str_eq(turn(0, -1, 1, 0).filters, "transpose=cclock");
	ck_assert_int_eq(turn(0, -1, 1, 0).degrees, 270);
	ck_assert(turn(0, -1, 1, 0).swaps);
	ck_assert_str_eq(turn(-1, 0, 0, -1).filters, "hflip,vflip");
	ck_assert_int_eq(turn(-1, 0, 0, -1).degrees, 180);
	ck_assert(!turn(-1, 0, 0, -1).swaps);
}
END_TEST

START_TEST(mirrors_are_mirrored)
{
	ck_assert_str_eq(turn(-1, 0, 0, 1).filters, "hflip");
	ck_assert(turn(-1, 0, 0, 1).mirrored);
	ck_assert_int_eq(turn(-1, 0, 0, 1).degrees, 0);
	ck_assert_str_eq(turn(1, 0, 0, -1).filters, "vflip");
	ck_assert_str_eq(turn(0, 1, 1, 0).filters, "transpose=cclock_flip");
	ck_assert_str_eq(turn(0, -1, -1, 0).filters, "transpose=clock_flip");
}
END_TEST

START_TEST(pixels_that_are_not_square_change_the_width)
{
	ck_assert_int_eq(shape_square_width(720, (AVRational){64, 45}), 1024);
	ck_assert_int_eq(shape_square_width(1440, (AVRational){4, 3}), 1920);
	ck_assert_int_eq(shape_square_width(720, (AVRational){8, 9}), 640);
	ck_assert_int_eq(shape_square_width(720, (AVRational){1, 1}), 720);
}
END_TEST

START_TEST(a_ratio_that_no_camera_makes_is_not_believed)
{
	ck_assert_int_eq(shape_square_width(720, (AVRational){0, 1}), 720);
	ck_assert_int_eq(shape_square_width(720, (AVRational){1, 0}), 720);
	ck_assert_int_eq(shape_square_width(720, (AVRational){10000, 1}), 720);
	ck_assert_int_eq(shape_square_width(720, (AVRational){1, 10000}), 720);
	ck_assert_int_eq(shape_square_width(720, (AVRational){-4, 3}), 720);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("shape");

	tcase_add_test(tests, what_is_upright_is_left_alone);
	tcase_add_test(tests, quarter_turns_swap_the_sides);
	tcase_add_test(tests, mirrors_are_mirrored);
	tcase_add_test(tests, pixels_that_are_not_square_change_the_width);
	tcase_add_test(tests, a_ratio_that_no_camera_makes_is_not_believed);
	return run_tests(tests, "shape");
}
