/* test_gain.c - by how much a sound becomes louder, and when its peaks must be limited. */
#include "gain.h"

#include <string.h>

#include "run.h"

START_TEST(one_gain_where_the_peaks_allow_it)
{
	struct loudness measured = {-30, 5, -12};
	struct gain gain = gain_of(&measured, -23, -1);
	char text[GAIN_FILTERS_MAX];

	ck_assert_double_eq_tol(gain.db, 7, 1e-9);
	ck_assert(!gain.limited);
	gain_filters(&gain, 48000, text);
	ck_assert_str_eq(text, "volume=7.000dB");
}
END_TEST

START_TEST(peaks_beyond_the_ceiling_are_limited)
{
	struct loudness measured = {-30, 5, -8.9};
	struct gain gain = gain_of(&measured, -23, -1);
	char text[GAIN_FILTERS_MAX];

	ck_assert(gain.limited);
	gain_filters(&gain, 44100, text);
	ck_assert_str_eq(text, "volume=7.000dB,aresample=176400,"
	                       "alimiter=limit=0.794328:level=0:latency=1,aresample=44100");
}
END_TEST

START_TEST(what_is_too_loud_becomes_softer)
{
	struct loudness measured = {-8, 3, 0.5};
	struct gain gain = gain_of(&measured, -23, -1);

	ck_assert_double_eq_tol(gain.db, -15, 1e-9);
	ck_assert(!gain.limited);
}
END_TEST

START_TEST(silence_stays_and_a_whisper_is_not_all_noise)
{
	struct loudness silence = {-70, 0, -66}, whisper = {-68, 0, -60};

	ck_assert_double_eq(gain_of(&silence, -23, -1).db, 0);
	ck_assert(!gain_of(&silence, -23, -1).limited);
	ck_assert_double_eq_tol(gain_of(&whisper, -16, -1).db, 40, 1e-9);
}
END_TEST

static const double reached[GAIN_CANDIDATES] = {-17, -16.5, -15.5, -14.5, -13};
static const struct gain first = {10, true, -2};

START_TEST(the_limiter_is_made_up_for)
{
	struct gain gain = gain_settle(&first, reached, -16, 0);

	ck_assert_double_eq_tol(gain.db, 11.125, 1e-9);
	ck_assert_double_eq_tol(gain.ceiling, -2, 1e-9);
	ck_assert_double_eq_tol(gain_settle(&first, reached, -17, 0).db, 10, 1e-9);
	ck_assert_double_eq_tol(gain_settle(&first, reached, -12, 0).db, 15, 1e-9);
	ck_assert_double_eq_tol(gain_candidate(&first, GAIN_CANDIDATES - 1).db, 15, 1e-9);
}
END_TEST

START_TEST(peaks_that_the_encoder_raised_are_made_up_for)
{
	struct loudness near = {-16.4, 3, -1.2}, high = {-16.4, 3, 0.5}, soft = {-18, 3, -1.2};
	struct gain gain;

	ck_assert_double_eq(gain_miss(&near, -16, -1), 0);
	ck_assert_double_eq_tol(gain_miss(&high, -16, -1), 1.5, 1e-9);
	ck_assert_double_eq_tol(gain_miss(&soft, -16, -1), 1.5, 1e-9);
	/* A decibel less of the ceiling, and of a gain that reaches a decibel more. */
	gain = gain_settle(&first, reached, -16.5, 1);
	ck_assert_double_eq_tol(gain.ceiling, -3, 1e-9);
	ck_assert_double_eq_tol(gain.db, 10 + 1.5 - 1, 1e-9);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("gain");

	tcase_add_test(tests, one_gain_where_the_peaks_allow_it);
	tcase_add_test(tests, peaks_beyond_the_ceiling_are_limited);
	tcase_add_test(tests, what_is_too_loud_becomes_softer);
	tcase_add_test(tests, silence_stays_and_a_whisper_is_not_all_noise);
	tcase_add_test(tests, the_limiter_is_made_up_for);
	tcase_add_test(tests, peaks_that_the_encoder_raised_are_made_up_for);
	return run_tests(tests, "gain");
}
