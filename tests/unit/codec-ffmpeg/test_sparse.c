/* test_sparse.c - which packets are decoded where all pictures are copied. */
#include "sparse.h"

#include <stdio.h>
#include <string.h>

#include "run.h"

/* Ten pictures in a second, a keyframe every second; the outputs' 0 is the source's 700. */
#define START 700

static struct plan plan;
static struct poster poster;
static struct snaps snaps;
static struct sparse sparse;

static void begin(uint64_t thumbnails_ms, int64_t poster_ms)
{
	memset(&plan, 0, sizeof plan);
	memset(&poster, 0, sizeof poster);
	memset(&snaps, 0, sizeof snaps);
	plan.time_base = (AVRational){1, 1000};
	plan.copy.start = START;
	plan.copy.poster_from = poster_ms / 1000 * 1000;
	plan.snaps.thumbnails = (struct snap_series){.every_ms = thumbnails_ms, .most = 100};
	snaps.preview.ended = true;
	snaps.sprites.want = &plan.snaps;
	snaps.thumbnails.want = &plan.snaps.thumbnails;
	snaps.thumbnails.grid.segment_ms = thumbnails_ms;
	sparse = (struct sparse){.plan = &plan, .poster = &poster, .snaps = &snaps};
}

/* What is decoded is offered at once; the poster is chosen at its wish. */
static void decode_until(int64_t end_ms, int64_t poster_ms, char *decoded)
{
	for (int64_t time = 0; time < end_ms; time += 100) {
		AVPacket packet = {.pts = time + START, .flags = time % 1000 ? 0 : AV_PKT_FLAG_KEY};

		if (!sparse_wants(&sparse, &packet))
			continue;
		snprintf(decoded + strlen(decoded), 16, "%d ", (int)time);
		if (thumbnails_want(&snaps.thumbnails, time * 1000))
			grid_crosses(&snaps.thumbnails.grid, time, plan.time_base);
		poster.chosen = poster.chosen || time >= poster_ms;
	}
}

START_TEST(the_poster_needs_what_is_between_its_keyframe_and_its_wish)
{
	char decoded[256] = "";

	begin(0, 1200);
	decode_until(5000, 1200, decoded);
	ck_assert_str_eq(decoded, "1000 1100 1200 ");
}
END_TEST

START_TEST(thumbnails_are_keyframes)
{
	char decoded[256] = "";

	begin(2000, 0);
	poster.chosen = true;
	decode_until(7000, 0, decoded);
	ck_assert_str_eq(decoded, "0 2000 4000 6000 ");
}
END_TEST

START_TEST(keyframes_that_are_farther_apart_are_all_taken)
{
	char decoded[256] = "";

	begin(700, 0);
	poster.chosen = true;
	decode_until(4000, 0, decoded);
	ck_assert_str_eq(decoded, "0 1000 2000 3000 ");
}
END_TEST

START_TEST(a_preview_needs_all_from_its_keyframe_on)
{
	char decoded[256] = "";

	begin(0, 0);
	poster.chosen = true;
	snaps.preview.ended = false;
	plan.copy.preview_from = 2000;
	decode_until(2300, 0, decoded);
	snaps.preview.ended = true;
	decode_until(5000, 0, decoded);
	ck_assert_str_eq(decoded, "2000 2100 2200 ");
}
END_TEST

START_TEST(both_share_what_is_decoded)
{
	char decoded[256] = "";

	begin(2000, 2300);
	decode_until(5000, 2300, decoded);
	ck_assert_str_eq(decoded, "0 2000 2100 2200 2300 4000 ");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sparse");

	tcase_add_test(tests, the_poster_needs_what_is_between_its_keyframe_and_its_wish);
	tcase_add_test(tests, thumbnails_are_keyframes);
	tcase_add_test(tests, keyframes_that_are_farther_apart_are_all_taken);
	tcase_add_test(tests, a_preview_needs_all_from_its_keyframe_on);
	tcase_add_test(tests, both_share_what_is_decoded);
	return run_tests(tests, "sparse");
}
