/* test_clock.c - where pictures and sound are put in the time of the outputs. */
#include "clock.h"

#include <stdlib.h>

#include <libavutil/avutil.h>

#include "run.h"

START_TEST(distances_between_pictures_are_kept)
{
	struct picture_clock clock = {.start = 1000, .step = 40};
	int64_t time;

	ck_assert(picture_clock_place(&clock, 1000, &time) && time == 0);
	ck_assert(picture_clock_place(&clock, 1033, &time) && time == 33);
	ck_assert(picture_clock_place(&clock, 5000, &time) && time == 4000);
}
END_TEST

START_TEST(the_first_picture_is_shown_from_the_start)
{
	struct picture_clock beside_sound = {.start = 1000, .step = 40};
	struct picture_clock alone = {.start = 1000, .step = 40, .alone = true};
	int64_t time;

	ck_assert(picture_clock_place(&beside_sound, 1500, &time) && time == 0);
	ck_assert(picture_clock_place(&beside_sound, 1540, &time) && time == 540);
	ck_assert(picture_clock_place(&alone, 1500, &time) && time == 0);
	ck_assert(picture_clock_place(&alone, 1540, &time) && time == 40);
}
END_TEST

START_TEST(time_never_goes_back_or_stands_still)
{
	struct picture_clock clock = {.step = 40};
	int64_t time = -1;

	ck_assert(picture_clock_place(&clock, 0, &time));
	ck_assert(picture_clock_place(&clock, 80, &time));
	ck_assert(!picture_clock_place(&clock, 80, &time));
	ck_assert(!picture_clock_place(&clock, 40, &time));
	ck_assert_int_eq(clock.dropped, 2);
	ck_assert(picture_clock_place(&clock, 81, &time) && time == 81);
}
END_TEST

START_TEST(a_picture_without_a_time_follows_the_last_one)
{
	struct picture_clock clock = {.start = 500, .step = 40};
	int64_t time;

	ck_assert(picture_clock_place(&clock, AV_NOPTS_VALUE, &time) && time == 0);
	ck_assert(picture_clock_place(&clock, AV_NOPTS_VALUE, &time) && time == 40);
	ck_assert(picture_clock_place(&clock, 600, &time) && time == 100);
}
END_TEST

START_TEST(sound_that_begins_late_is_preceded_by_silence)
{
	struct sound_clock clock = {.tolerance = 1920};
	struct sound_place place = sound_clock_place(&clock, 500, 1024);

	ck_assert_int_eq(place.silence, 500);
	ck_assert_int_eq(place.time, 500);
	ck_assert_int_eq(place.skip, 0);
	ck_assert_int_eq(clock.next, 1524);
}
END_TEST

START_TEST(sound_from_before_the_start_is_left_out)
{
	struct sound_clock clock = {.start = 3000, .tolerance = 1920};
	struct sound_place place = sound_clock_place(&clock, 1000, 1024);

	ck_assert_int_eq(place.skip, 1024);
	ck_assert_int_eq(clock.next, 0);
	place = sound_clock_place(&clock, 2024, 1024);
	ck_assert_int_eq(place.skip, 976);
	ck_assert_int_eq(place.time, 0);
	ck_assert_int_eq(clock.next, 48);
}
END_TEST

START_TEST(the_rounding_of_a_container_is_no_gap)
{
	struct sound_clock clock = {.tolerance = 1920};
	struct sound_place place;

	sound_clock_place(&clock, 0, 1024);
	place = sound_clock_place(&clock, 1040, 1024);
	ck_assert_int_eq(place.silence, 0);
	ck_assert_int_eq(place.time, 1040);
	place = sound_clock_place(&clock, 2050, 1024);
	ck_assert_int_eq(place.skip, 0);
	ck_assert_int_eq(place.time, 2050);
}
END_TEST

START_TEST(a_frame_that_is_off_by_itself_is_not_followed)
{
	struct sound_clock clock = {.tolerance = 1008, .settle = 24000};
	int64_t begins = 0;

	for (int i = 0; i < 100; i++, begins += 1024) {
		int64_t off = i % 10 == 5 ? 448 : 0;
		struct sound_place place = sound_clock_place(&clock, begins + off, 1024);

		ck_assert_int_eq(place.silence + place.skip, 0);
		ck_assert_int_lt(place.time - begins, 96);
		ck_assert_int_ge(place.time, begins);
	}
}
END_TEST

START_TEST(a_clock_that_wanders_is_followed)
{
	struct sound_clock clock = {.tolerance = 1008, .settle = 24000};
	int64_t begins = 0;

	/* Five thousandths fast, for twenty seconds. */
	for (int i = 0; i < 1000; i++, begins += 1029) {
		struct sound_place place = sound_clock_place(&clock, begins, 1024);

		ck_assert_int_eq(place.silence + place.skip, 0);
		ck_assert_int_lt(llabs(begins - place.time), 240);
	}
}
END_TEST

START_TEST(a_gap_is_filled_and_an_overlap_cut)
{
	struct sound_clock clock = {.tolerance = 1920};
	struct sound_place place;

	sound_clock_place(&clock, 0, 48000);
	place = sound_clock_place(&clock, 96000, 48000);
	ck_assert_int_eq(place.silence, 48000);
	ck_assert_int_eq(place.time, 96000);
	ck_assert_int_eq(clock.next, 144000);
	place = sound_clock_place(&clock, 120000, 48000);
	ck_assert_int_eq(place.skip, 24000);
	ck_assert_int_eq(place.time, 144000);
	ck_assert_int_eq(clock.next, 168000);
}
END_TEST

START_TEST(sound_without_a_time_follows_the_last)
{
	struct sound_clock clock = {.tolerance = 1920};

	sound_clock_place(&clock, 0, 1000);
	ck_assert_int_eq(sound_clock_place(&clock, AV_NOPTS_VALUE, 1000).time, 1000);
	ck_assert_int_eq(clock.next, 2000);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("clock");

	tcase_add_test(tests, distances_between_pictures_are_kept);
	tcase_add_test(tests, the_first_picture_is_shown_from_the_start);
	tcase_add_test(tests, time_never_goes_back_or_stands_still);
	tcase_add_test(tests, a_picture_without_a_time_follows_the_last_one);
	tcase_add_test(tests, sound_that_begins_late_is_preceded_by_silence);
	tcase_add_test(tests, sound_from_before_the_start_is_left_out);
	tcase_add_test(tests, the_rounding_of_a_container_is_no_gap);
	tcase_add_test(tests, a_frame_that_is_off_by_itself_is_not_followed);
	tcase_add_test(tests, a_clock_that_wanders_is_followed);
	tcase_add_test(tests, a_gap_is_filled_and_an_overlap_cut);
	tcase_add_test(tests, sound_without_a_time_follows_the_last);
	return run_tests(tests, "clock");
}
