/* test_ladder.c - which renditions a source gets, and of which size. */
#include "ladder.h"

#include "run.h"

static const struct video_option options[] = {
    {.name = "720p", .height = 720, .bitrate = 2500000, .quality = 23},
    {.name = "1080p", .height = 1080, .bitrate = 4500000, .quality = 23},
    {.name = "480p", .height = 480, .bitrate = 1200000, .quality = 23},
};

static struct ladder plan(int width, int height)
{
	struct ladder ladder;

	ladder_plan(options, 3, width, height, &ladder);
	return ladder;
}

static void assert_rung(const struct rung *rung, const char *name, int width, int height)
{
	ck_assert_str_eq(rung->option->name, name);
	ck_assert_int_eq(rung->width, width);
	ck_assert_int_eq(rung->height, height);
}

START_TEST(the_largest_comes_first_whatever_the_order_of_the_options)
{
	struct ladder ladder = plan(3840, 2160);

	ck_assert_uint_eq(ladder.count, 3);
	assert_rung(&ladder.rungs[0], "1080p", 1920, 1080);
	assert_rung(&ladder.rungs[1], "720p", 1280, 720);
	assert_rung(&ladder.rungs[2], "480p", 854, 480);
	ck_assert_uint_eq(ladder.n_dropped, 0);
}
END_TEST

START_TEST(an_odd_side_becomes_the_nearest_even_one)
{
	static const struct video_option small[] = {
	    {.name = "240p", .height = 240, .bitrate = 400000, .quality = 23}};
	struct ladder ladder;

	/* 426.67 and 133.33. */
	ladder_plan(small, 1, 1920, 1080, &ladder);
	assert_rung(&ladder.rungs[0], "240p", 426, 240);
	ladder_plan(small, 1, 1920, 600, &ladder);
	assert_rung(&ladder.rungs[0], "240p", 426, 134);
}
END_TEST

START_TEST(what_an_encoder_refuses_is_left_out)
{
	static const struct video_option mixed[] = {
	    {.name = "h264", .height = 240, .bitrate = 400000, .codec = VIDEO_H264},
	    {.name = "hevc", .height = 240, .bitrate = 400000, .codec = VIDEO_HEVC},
	    {.name = "av1", .height = 480, .bitrate = 400000, .codec = VIDEO_AV1},
	};
	struct ladder ladder;

	/* 426x62 */
	ladder_plan(mixed, 3, 1000, 146, &ladder);
	ck_assert_uint_eq(ladder.count, 3);
	ck_assert_uint_eq(ladder.n_tiny, 0);
	ladder_plan(mixed, 3, 1000, 60, &ladder);
	ck_assert_uint_eq(ladder.count, 2);
	ck_assert_uint_eq(ladder.n_tiny, 1);
	ck_assert_str_eq(ladder.tiny[0]->name, "av1");
	ladder_plan(mixed, 3, 8, 8, &ladder);
	ck_assert_uint_eq(ladder.count, 1);
	assert_rung(&ladder.rungs[0], "h264", 8, 8);
	ladder_plan(mixed + 1, 2, 8, 8, &ladder);
	ck_assert_uint_eq(ladder.count, 0);
	ck_assert_uint_eq(ladder.n_tiny, 2);
}
END_TEST

START_TEST(an_upright_clip_gets_upright_renditions)
{
	struct ladder ladder = plan(1080, 1920);

	ck_assert_uint_eq(ladder.count, 3);
	assert_rung(&ladder.rungs[0], "1080p", 1080, 1920);
	ck_assert(ladder.rungs[0].own_size);
	assert_rung(&ladder.rungs[1], "720p", 720, 1280);
	assert_rung(&ladder.rungs[2], "480p", 480, 854);
}
END_TEST

START_TEST(a_wide_film_keeps_its_width)
{
	struct ladder ladder = plan(1920, 804);

	ck_assert_uint_eq(ladder.count, 3);
	assert_rung(&ladder.rungs[0], "1080p", 1920, 804);
	assert_rung(&ladder.rungs[1], "720p", 1280, 536);
}
END_TEST

START_TEST(a_narrow_picture_keeps_its_height)
{
	struct ladder ladder = plan(768, 576);

	ck_assert_uint_eq(ladder.count, 1);
	assert_rung(&ladder.rungs[0], "480p", 640, 480);
	ck_assert_uint_eq(ladder.n_dropped, 2);
}
END_TEST

START_TEST(nothing_is_scaled_up)
{
	struct ladder ladder = plan(1280, 720);

	ck_assert_uint_eq(ladder.count, 2);
	assert_rung(&ladder.rungs[0], "720p", 1280, 720);
	ck_assert_uint_eq(ladder.n_dropped, 1);
	ck_assert_str_eq(ladder.dropped[0]->name, "1080p");
}
END_TEST

START_TEST(a_little_smaller_than_a_rendition_is_made_as_it_is)
{
	struct ladder ladder = plan(1916, 1076);

	assert_rung(&ladder.rungs[0], "1080p", 1916, 1076);
	ck_assert(ladder.rungs[0].own_size);
	ck_assert_uint_eq(ladder.count, 3);
}
END_TEST

START_TEST(a_source_smaller_than_all_gets_the_largest_at_its_own_size)
{
	struct ladder ladder = plan(320, 240);

	ck_assert_uint_eq(ladder.count, 1);
	assert_rung(&ladder.rungs[0], "1080p", 320, 240);
	ck_assert(ladder.rungs[0].own_size);
	ck_assert_uint_eq(ladder.n_dropped, 2);
}
END_TEST

START_TEST(odd_sizes_lose_a_row_and_a_column)
{
	struct ladder ladder = plan(321, 181);

	assert_rung(&ladder.rungs[0], "1080p", 320, 180);
}
END_TEST

START_TEST(sizes_are_even_and_never_nothing)
{
	for (int width = 1; width < 2000; width += 37)
		for (int height = 1; height < 2000; height += 41) {
			struct ladder ladder = plan(width, height);

			ck_assert_uint_ge(ladder.count, 1);
			ck_assert_uint_eq(ladder.count + ladder.n_dropped, 3);
			for (size_t i = 0; i < ladder.count; i++) {
				const struct rung *rung = &ladder.rungs[i];

				ck_assert(rung->width >= 2 && rung->width % 2 == 0);
				ck_assert(rung->height >= 2 && rung->height % 2 == 0);
				ck_assert(rung->width <= width + 1 && rung->height <= height + 1);
			}
		}
}
END_TEST

START_TEST(what_saves_nothing_is_left_out)
{
	static const int64_t takes[] = {2000000, 1600000, 1100000};
	struct ladder ladder = plan(1920, 1080);

	ladder_thin(&ladder);
	ck_assert_uint_eq(ladder.count, 3); /* nobody tried */
	for (size_t i = 0; i < 3; i++)
		ladder.rungs[i].takes = takes[i];
	ladder_thin(&ladder);
	ck_assert_uint_eq(ladder.count, 2);
	ck_assert_str_eq(ladder.rungs[0].option->name, "1080p");
	ck_assert_str_eq(ladder.rungs[1].option->name, "480p");
	ck_assert_uint_eq(ladder.n_thinned, 1);
	ck_assert_str_eq(ladder.thinned[0]->name, "720p");
}
END_TEST

START_TEST(what_is_copied_or_of_another_codec_stays)
{
	struct video_option hevc = options[0];
	struct ladder ladder = plan(1920, 1080);

	hevc.codec = VIDEO_HEVC;
	for (size_t i = 0; i < 3; i++)
		ladder.rungs[i].takes = 1000000;
	ladder.rungs[1].option = &hevc;
	ladder.rungs[2].copied = true;
	ladder_thin(&ladder);
	ck_assert_uint_eq(ladder.count, 3);
	ladder.rungs[2].copied = false;
	ladder_thin(&ladder);
	ck_assert_uint_eq(ladder.count, 2);
	ck_assert_ptr_eq(ladder.rungs[1].option, &hevc);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("ladder");

	tcase_add_test(tests, the_largest_comes_first_whatever_the_order_of_the_options);
	tcase_add_test(tests, an_odd_side_becomes_the_nearest_even_one);
	tcase_add_test(tests, what_an_encoder_refuses_is_left_out);
	tcase_add_test(tests, an_upright_clip_gets_upright_renditions);
	tcase_add_test(tests, a_wide_film_keeps_its_width);
	tcase_add_test(tests, a_narrow_picture_keeps_its_height);
	tcase_add_test(tests, nothing_is_scaled_up);
	tcase_add_test(tests, a_little_smaller_than_a_rendition_is_made_as_it_is);
	tcase_add_test(tests, a_source_smaller_than_all_gets_the_largest_at_its_own_size);
	tcase_add_test(tests, odd_sizes_lose_a_row_and_a_column);
	tcase_add_test(tests, sizes_are_even_and_never_nothing);
	tcase_add_test(tests, what_saves_nothing_is_left_out);
	tcase_add_test(tests, what_is_copied_or_of_another_codec_stays);
	return run_tests(tests, "ladder");
}
