/* test_poster.c - which picture becomes the poster. */
#include "poster.h"

#include <string.h>

#include "run.h"

/* Stripes of two brightnesses. */
static AVFrame *picture(int dark, int bright)
{
	AVFrame *frame = av_frame_alloc();

	frame->format = AV_PIX_FMT_YUV420P;
	frame->width = 128;
	frame->height = 64;
	ck_assert_int_ge(av_frame_get_buffer(frame, 0), 0);
	for (int y = 0; y < 64; y++) {
		memset(frame->data[0] + y * frame->linesize[0], dark, 64);
		memset(frame->data[0] + y * frame->linesize[0] + 64, bright, 64);
	}
	return frame;
}

static void offer(struct poster *poster, int64_t time_ms, int dark, int bright)
{
	AVFrame *frame = picture(dark, bright);

	ck_assert_int_eq(poster_offer(poster, frame, time_ms * 1000, NULL), VM_OK);
	av_frame_free(&frame);
}

static int64_t chosen_us(const struct poster *poster)
{
	const struct poster_candidate *chosen = poster_choose(poster);

	ck_assert_ptr_nonnull(chosen);
	return chosen->time_us;
}

START_TEST(a_look_tells_brightness_and_contrast)
{
	AVFrame *frame = picture(50, 150);
	struct look look = look_at(frame);

	ck_assert_int_eq(look.mean, 100);
	ck_assert_int_eq(look.contrast, 50);
	av_frame_free(&frame);
}
END_TEST

START_TEST(the_first_good_picture_from_the_wish_on_is_taken)
{
	struct poster poster = {
	    .size = {.width = 128, .height = 64}, .space = AVCOL_SPC_BT709, .wish_us = 2000000};

	for (int64_t time = 0; time < 6000; time += 40)
		offer(&poster, time, 60, 180);
	ck_assert_int_eq(chosen_us(&poster), 2000000);
	poster_finish(&poster);
}
END_TEST

START_TEST(black_pictures_are_passed_over)
{
	struct poster poster = {
	    .size = {.width = 128, .height = 64}, .space = AVCOL_SPC_BT709, .wish_us = 0};

	for (int64_t time = 0; time < 6000; time += 40)
		offer(&poster, time, time < 1700 ? 16 : 60, time < 1700 ? 17 : 180);
	ck_assert_int_ge(chosen_us(&poster), 1700000);
	ck_assert_int_le(chosen_us(&poster), 2200000);
	poster_finish(&poster);
}
END_TEST

START_TEST(when_all_is_dark_the_least_dark_near_the_wish_is_taken)
{
	struct poster poster = {
	    .size = {.width = 128, .height = 64}, .space = AVCOL_SPC_BT709, .wish_us = 2000000};

	for (int64_t time = 0; time < 60000; time += 500)
		offer(&poster, time, 16, time == 4000 ? 30 : time == 20000 ? 180 : 20);
	ck_assert_int_eq(chosen_us(&poster), 4000000);
	poster_finish(&poster);
}
END_TEST

START_TEST(a_video_that_ends_before_the_wish_gives_its_best)
{
	struct poster poster = {
	    .size = {.width = 128, .height = 64}, .space = AVCOL_SPC_BT709, .wish_us = 100000000};

	for (int64_t time = 0; time < 5000; time += 500)
		offer(&poster, time, 60, time == 3000 ? 200 : 100);
	ck_assert_int_eq(chosen_us(&poster), 3000000);
	poster_finish(&poster);
}
END_TEST

/* A flash in the picture at the wish, a fade, then what is seen for the rest of the time. */
START_TEST(the_one_most_like_the_others_is_taken)
{
	struct poster poster = {
	    .size = {.width = 128, .height = 64}, .space = AVCOL_SPC_BT709, .wish_us = 2000000};

	for (int64_t time = 0; time < 20000; time += 40)
		offer(&poster, time,
		      time < 3000   ? 150
		      : time < 4000 ? 90
		                    : 60,
		      time < 3000   ? 250
		      : time < 4000 ? 200
		                    : 180);
	ck_assert(poster.chosen);
	ck_assert_uint_eq(poster.count, POSTER_CANDIDATES);
	ck_assert_int_eq(chosen_us(&poster), 4000000);
	poster_finish(&poster);
}
END_TEST

START_TEST(in_a_hurry_the_first_good_one_is_taken)
{
	struct poster poster = {.size = {.width = 128, .height = 64},
	                        .space = AVCOL_SPC_BT709,
	                        .wish_us = 2000000,
	                        .hurried = true};

	for (int64_t time = 0; time < 2600 && !poster.chosen; time += 40)
		offer(&poster, time, time < 2400 ? 16 : 60, time < 2400 ? 20 : 180);
	ck_assert(poster.chosen);
	ck_assert_int_eq(chosen_us(&poster), 2520000);
	poster_finish(&poster);
}
END_TEST

START_TEST(large_ones_are_held_small)
{
	struct poster poster = {.size = {.width = 1280, .height = 720}, .space = AVCOL_SPC_BT709};
	AVFrame *frame = av_frame_alloc();
	int bytes = 0;

	frame->format = AV_PIX_FMT_YUV420P;
	frame->width = 1280;
	frame->height = 720;
	ck_assert_int_ge(av_frame_get_buffer(frame, 0), 0);
	memset(frame->data[1], 128, (size_t)frame->linesize[1] * 360);
	memset(frame->data[2], 128, (size_t)frame->linesize[2] * 360);
	memset(frame->data[0], 60, (size_t)frame->linesize[0] * 360);
	memset(frame->data[0] + (size_t)frame->linesize[0] * 360, 180,
	       (size_t)frame->linesize[0] * 360);
	for (int64_t time = 0; time < 10; time++)
		ck_assert_int_eq(poster_offer(&poster, frame, time * 1000000, NULL), VM_OK);
	ck_assert_uint_eq(poster.count, POSTER_CANDIDATES);
	for (size_t i = 0; i < poster.count; i++)
		bytes += poster.candidates[i].jpeg->size;
	ck_assert_int_lt(bytes, 1280 * 720 / 4);
	poster_finish(&poster);
	av_frame_free(&frame);
}
END_TEST

START_TEST(without_pictures_there_is_none)
{
	struct poster poster = {.size = {.width = 128, .height = 64}, .space = AVCOL_SPC_BT709};

	ck_assert_ptr_null(poster_choose(&poster));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("poster");

	tcase_add_test(tests, a_look_tells_brightness_and_contrast);
	tcase_add_test(tests, the_first_good_picture_from_the_wish_on_is_taken);
	tcase_add_test(tests, black_pictures_are_passed_over);
	tcase_add_test(tests, when_all_is_dark_the_least_dark_near_the_wish_is_taken);
	tcase_add_test(tests, a_video_that_ends_before_the_wish_gives_its_best);
	tcase_add_test(tests, the_one_most_like_the_others_is_taken);
	tcase_add_test(tests, in_a_hurry_the_first_good_one_is_taken);
	tcase_add_test(tests, large_ones_are_held_small);
	tcase_add_test(tests, without_pictures_there_is_none);
	return run_tests(tests, "poster");
}
