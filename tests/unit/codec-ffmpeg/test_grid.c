/* test_grid.c - where segments begin. */
#include "grid.h"

#include "run.h"

static const AVRational ntsc = {1001, 30000};

START_TEST(the_first_begins_a_segment_even_before_zero)
{
	struct grid grid = {.segment_ms = 4000};

	ck_assert(grid_crosses(&grid, -1024, (AVRational){1, 48000}));
	ck_assert(!grid_crosses(&grid, 0, (AVRational){1, 48000}));
	ck_assert(!grid_crosses(&grid, 4 * 48000 - 1, (AVRational){1, 48000}));
	ck_assert(grid_crosses(&grid, 4 * 48000, (AVRational){1, 48000}));
}
END_TEST

START_TEST(lines_are_multiples_and_do_not_drift)
{
	struct grid grid = {.segment_ms = 4000};
	int crossed = 0;

	for (int64_t frame = 0; frame < 30 * 60 * 10; frame++) {
		if (!grid_crosses(&grid, frame, ntsc))
			continue;
		/* The first picture on or behind the line: less than one picture away from it. */
		double behind = (double)frame * 1001 / 30000 - 4.0 * crossed;

		ck_assert(behind >= -0.000001 && behind < 1001.0 / 30000);
		crossed++;
	}
	ck_assert_int_eq(crossed, 151);
}
END_TEST

START_TEST(a_long_pause_skips_the_lines_in_it)
{
	struct grid grid = {.segment_ms = 4000};
	AVRational ms = {1, 1000};

	ck_assert(grid_crosses(&grid, 0, ms));
	ck_assert(grid_crosses(&grid, 36000000, ms));
	ck_assert(!grid_crosses(&grid, 36003999, ms));
	ck_assert(grid_crosses(&grid, 36004000, ms));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("grid");

	tcase_add_test(tests, the_first_begins_a_segment_even_before_zero);
	tcase_add_test(tests, lines_are_multiples_and_do_not_drift);
	tcase_add_test(tests, a_long_pause_skips_the_lines_in_it);
	return run_tests(tests, "grid");
}
