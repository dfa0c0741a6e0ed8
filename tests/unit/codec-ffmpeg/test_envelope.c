/* test_envelope.c - what is heard of a sound: its loudness from moment to moment, and when. */
#include "envelope.h"

#include <math.h>

#include "run.h"

enum { RATE = 44100, PIECE = 1024 };

/* A tone on both sides, one turned round, for the first tenth of every second. */
static void push_tone(struct envelope *envelope, double hz, double loudness, int from_s, int to_s,
                      int late_ms)
{
	AVFrame *frame = av_frame_alloc();

	frame->nb_samples = PIECE;
	frame->format = AV_SAMPLE_FMT_FLTP;
	frame->sample_rate = RATE;
	av_channel_layout_default(&frame->ch_layout, 2);
	ck_assert_int_eq(av_frame_get_buffer(frame, 0), 0);
	for (int64_t at = (int64_t)from_s * RATE; at < (int64_t)to_s * RATE; at += PIECE) {
		for (int i = 0; i < PIECE; i++) {
			double time = (double)(at + i) / RATE - late_ms / 1000.0;
			bool on = time >= 0 && fmod(time, 1) < 0.1;
			float value = on ? (float)(loudness * sin(2 * M_PI * hz * time)) : 0;

			((float *)(void *)frame->data[0])[i] = value;
			((float *)(void *)frame->data[1])[i] = -value;
		}
		ck_assert_int_eq(envelope_push(envelope, frame, at, NULL), VM_OK);
	}
	av_frame_free(&frame);
}

static struct envelope made, heard;

static void begin(void)
{
	push_tone(&made, 440, 0.5, 0, 20, 0);
}

static void end(void)
{
	envelope_finish(&made);
	envelope_finish(&heard);
}

static struct envelope_match compare(double hz, double loudness, int from_s, int to_s, int late_ms)
{
	push_tone(&heard, hz, loudness, from_s, to_s, late_ms);
	return envelope_compare(&made, &heard);
}

START_TEST(a_second_takes_fifty_bytes)
{
	ck_assert_uint_ge(made.count, 20 * ENVELOPE_MOMENTS_A_SECOND - 1);
	ck_assert_uint_le(made.count, 20 * ENVELOPE_MOMENTS_A_SECOND + 2);
}
END_TEST

START_TEST(a_part_of_it_matches)
{
	struct envelope_match match = compare(440, 0.4, 7, 11, 0);

	ck_assert(!match.silent && !match.loud);
	ck_assert_int_eq(match.late_ms, 0);
}
END_TEST

START_TEST(within_a_packet_is_in_its_place)
{
	ck_assert_int_eq(compare(440, 0.5, 7, 11, 15).late_ms, 0);
}
END_TEST

START_TEST(later_is_told)
{
	ck_assert_int_eq(compare(440, 0.5, 7, 11, 100).late_ms, 100);
}
END_TEST

START_TEST(earlier_is_told)
{
	ck_assert_int_eq(compare(440, 0.5, 7, 11, -60).late_ms, -60);
}
END_TEST

START_TEST(silence_is_told)
{
	struct envelope_match match = compare(440, 0, 7, 11, 0);

	ck_assert(match.silent && !match.loud);
}
END_TEST

START_TEST(noise_is_told_where_most_was_silent)
{
	envelope_finish(&made);
	push_tone(&made, 440, 0, 0, 20, 0);
	ck_assert(!compare(440, 0.5, 7, 11, 0).loud); /* a tenth of it */
	for (size_t i = 0; i < heard.count; i++)
		heard.levels[i] = 200;
	ck_assert(envelope_compare(&made, &heard).loud);
}
END_TEST

/* Encoders leave the highest tones out: of those alone nothing is told. */
START_TEST(a_tone_that_hardly_anybody_hears_may_be_missing)
{
	envelope_finish(&made);
	push_tone(&made, 17000, 1, 0, 20, 0);
	ck_assert(!compare(440, 0, 7, 11, 0).silent);
}
END_TEST

START_TEST(what_is_short_is_not_judged)
{
	push_tone(&heard, 440, 0, 7, 8, 0);
	heard.count = 25;
	ck_assert(!envelope_compare(&made, &heard).silent);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("envelope");

	tcase_add_checked_fixture(tests, begin, end);
	tcase_add_test(tests, a_second_takes_fifty_bytes);
	tcase_add_test(tests, a_part_of_it_matches);
	tcase_add_test(tests, within_a_packet_is_in_its_place);
	tcase_add_test(tests, later_is_told);
	tcase_add_test(tests, earlier_is_told);
	tcase_add_test(tests, silence_is_told);
	tcase_add_test(tests, noise_is_told_where_most_was_silent);
	tcase_add_test(tests, a_tone_that_hardly_anybody_hears_may_be_missing);
	tcase_add_test(tests, what_is_short_is_not_judged);
	return run_tests(tests, "envelope");
}
