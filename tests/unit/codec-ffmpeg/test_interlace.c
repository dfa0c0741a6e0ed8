/* test_interlace.c - how looks at pictures become a decision. */
#include "interlace.h"

#include <string.h>

#include "comb.h"
#include "run.h"

static void count(struct interlace_vote *vote, const char *look, bool said, int times)
{
	for (int i = 0; i < times; i++)
		interlace_count(vote, look, said);
}

START_TEST(a_few_pictures_do_not_decide)
{
	struct interlace_vote vote = {0};

	count(&vote, "tff", false, 5);
	ck_assert_int_eq(vote.state, INTERLACE_UNKNOWN);
	count(&vote, "undetermined", false, 100);
	ck_assert_int_eq(vote.state, INTERLACE_UNKNOWN);
	count(&vote, "tff", false, 1);
	ck_assert_int_eq(vote.state, INTERLACE_INTERLACED);
	ck_assert_int_gt(vote.top_first, 0);
}
END_TEST

START_TEST(what_was_decided_stays_until_much_speaks_against_it)
{
	struct interlace_vote vote = {0};

	count(&vote, "bff", false, 1000);
	ck_assert_int_lt(vote.top_first, 0);
	count(&vote, "progressive", false, 15);
	ck_assert_int_eq(vote.state, INTERLACE_INTERLACED);
	count(&vote, "progressive", false, 1);
	ck_assert_int_eq(vote.state, INTERLACE_PROGRESSIVE);
}
END_TEST

START_TEST(a_film_with_fields_that_repeat_is_interlaced_when_it_says_so)
{
	struct interlace_vote vote = {0};

	for (int i = 0; i < 20; i++) {
		count(&vote, "progressive", true, 3);
		count(&vote, "tff", true, 2);
	}
	ck_assert_int_eq(vote.state, INTERLACE_INTERLACED);
}
END_TEST

/* Two bars that stand at `left` in the upper field and at `right` in the lower one. */
static bool comb_of(int format, int left, int right)
{
	AVFrame *frame = av_frame_alloc();
	bool comb;

	frame->format = format;
	frame->width = 128;
	frame->height = 64;
	ck_assert_int_eq(av_frame_get_buffer(frame, 0), 0);
	for (int y = 0; y < 64; y++) {
		uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];

		memset(row, 0, (size_t)frame->linesize[0]);
		for (int x = 0; x < 64; x++) {
			int at = (x + (y % 2 == 0 ? left : right)) % 128;

			if (format == AV_PIX_FMT_YUV420P10LE)
				row[2 * at + 1] = 2;
			else
				row[at] = 128;
		}
	}
	comb = comb_in(frame);
	av_frame_free(&frame);
	return comb;
}

START_TEST(rows_of_two_moments_are_seen)
{
	const int formats[] = {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10LE};

	for (size_t i = 0; i < 2; i++) {
		ck_assert(comb_of(formats[i], 0, 16));
		ck_assert(!comb_of(formats[i], 16, 16));
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("interlace");

	tcase_add_test(tests, a_few_pictures_do_not_decide);
	tcase_add_test(tests, what_was_decided_stays_until_much_speaks_against_it);
	tcase_add_test(tests, a_film_with_fields_that_repeat_is_interlaced_when_it_says_so);
	tcase_add_test(tests, rows_of_two_moments_are_seen);
	return run_tests(tests, "interlace");
}
