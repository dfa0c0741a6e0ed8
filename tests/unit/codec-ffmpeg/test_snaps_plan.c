/* test_snaps_plan.c - how many small pictures are taken, how large, and when. */
#include "snaps_plan.h"

#include "fixture.h"
#include "run.h"

static struct snaps_plan plan(uint64_t every_ms, int64_t duration_ms, int width, int height)
{
	struct config config = config_with(NULL, 0, NULL, 0);
	struct snaps_plan made;

	config.thumbnails_ms = every_ms;
	config.thumbnails_max = 100;
	snaps_plan(&config, duration_ms, width, height, &made);
	return made;
}

START_TEST(none_are_taken_unless_wished)
{
	ck_assert_uint_eq(plan(0, 60000, 1920, 1080).thumbnails.every_ms, 0);
}
END_TEST

START_TEST(the_distance_is_the_wish)
{
	struct snaps_plan made = plan(1000, 100000, 1920, 1080);

	ck_assert_uint_eq(made.thumbnails.every_ms, 1000);
	ck_assert(!made.thumbnails.stretched);
	ck_assert_uint_eq(made.thumbnails.most, 100);
}
END_TEST

START_TEST(of_a_longer_source_they_are_farther_apart)
{
	struct snaps_plan made = plan(1000, 100001, 1920, 1080);

	ck_assert_uint_eq(made.thumbnails.every_ms, 1001);
	ck_assert(made.thumbnails.stretched);
	ck_assert_uint_eq(plan(1000, INT64_C(86400000), 1920, 1080).thumbnails.every_ms, 864000);
}
END_TEST

START_TEST(without_a_duration_the_distance_is_kept)
{
	ck_assert_uint_eq(plan(1000, 0, 1920, 1080).thumbnails.every_ms, 1000);
}
END_TEST

static void check_size(int width, int height, int wanted_width, int wanted_height)
{
	struct snaps_plan made = plan(1000, 1000, width, height);

	ck_assert_int_eq(made.thumbnails.size.width, wanted_width);
	ck_assert_int_eq(made.thumbnails.size.height, wanted_height);
}

START_TEST(they_fit_into_a_box_and_are_never_larger_than_the_source)
{
	check_size(1920, 1080, 320, 180);
	check_size(1080, 1920, 180, 320);
	check_size(1920, 804, 320, 134);
	check_size(640, 480, 240, 180);
	check_size(160, 90, 160, 90);
	check_size(161, 91, 160, 90);
	check_size(1, 1, 2, 2);
	check_size(8192, 2, 320, 2);
}
END_TEST

static int64_t preview_from_ms(int64_t duration_ms)
{
	struct config config = config_with(NULL, 0, NULL, 0);
	struct snaps_plan made;

	config.preview_ms = 3000;
	config.preview_from = (struct vm_rational){1, 2};
	snaps_plan(&config, duration_ms, 1920, 1080, &made);
	ck_assert_int_eq(made.preview.length_us, 3000000);
	ck_assert_int_eq(made.preview.step_us, 100000);
	return made.preview.from_us / 1000;
}

START_TEST(a_preview_lies_within_the_source)
{
	ck_assert_int_eq(preview_from_ms(20000), 10000);
	ck_assert_int_eq(preview_from_ms(5000), 2000);
	ck_assert_int_eq(preview_from_ms(3000), 0);
	ck_assert_int_eq(preview_from_ms(1000), 0);
	ck_assert_int_eq(preview_from_ms(0), 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("snaps_plan");

	tcase_add_test(tests, none_are_taken_unless_wished);
	tcase_add_test(tests, the_distance_is_the_wish);
	tcase_add_test(tests, of_a_longer_source_they_are_farther_apart);
	tcase_add_test(tests, without_a_duration_the_distance_is_kept);
	tcase_add_test(tests, they_fit_into_a_box_and_are_never_larger_than_the_source);
	tcase_add_test(tests, a_preview_lies_within_the_source);
	return run_tests(tests, "snaps_plan");
}
