/* test_webp_read.c - a WebP is taken apart, whatever is in it. */
#include "webp_read.h"

#include <stdlib.h>
#include <string.h>

#include "run.h"

/* A canvas of 6x4; a picture of all of it for 100 ms, an odd chunk, one of 2x2 at 4,2 for 50. */
static const uint8_t moving[] = {
    'R', 'I', 'F', 'F', 116, 0, 0, 0, 'W', 'E', 'B', 'P',                   /* 0 */
    'V', 'P', '8', 'X', 10,  0, 0, 0, 2,   0,   0,   0,   5, 0, 0, 3, 0, 0, /* 12 */
    'A', 'N', 'I', 'M', 6,   0, 0, 0, 255, 255, 255, 255, 0, 0,             /* 30 */
    'A', 'N', 'M', 'F', 28,  0, 0, 0, 0,   0,   0,   0,   0, 0, 5, 0, 0, 3,
    0,   0,   100, 0,   0,   2,                         /* 44 */
    'V', 'P', '8', ' ', 3,   0, 0, 0, 1,   2,   3,   0, /* 68 */
    'E', 'X', 'I', 'F', 1,   0, 0, 0, 9,   0,           /* 80 */
    'A', 'N', 'M', 'F', 26,  0, 0, 0, 2,   0,   0,   1,   0, 0, 1, 0, 0, 1,
    0,   0,   50,  0,   0,   0,                /* 90 */
    'V', 'P', '8', 'L', 2,   0, 0, 0, 7,   8}; /* 114 */

static uint8_t bytes[sizeof moving];
static struct webp_frame frames[4];
static size_t n_frames;
static struct webp_facts facts;
static struct vm_error err;

static int note(void *ctx, const struct webp_frame *frame, struct vm_error *unused)
{
	(void)ctx, (void)unused;
	frames[n_frames++] = *frame;
	return VM_OK;
}

static void reset(void)
{
	memcpy(bytes, moving, sizeof bytes);
	n_frames = 0;
}

static int read_bytes(size_t length)
{
	uint8_t *copy = malloc(length > 0 ? length : 1); /* so that a sanitizer sees what lies behind */
	int status;

	memcpy(copy, bytes, length);
	n_frames = 0;
	status = webp_read(copy, length, &facts, note, NULL, &err);
	free(copy);
	return status;
}

START_TEST(each_picture_is_found_with_its_place_and_duration)
{
	ck_assert_msg(webp_read(bytes, sizeof bytes, &facts, note, NULL, &err) == VM_OK, "%s",
	              err.message);
	ck_assert(facts.moves);
	ck_assert_int_eq(facts.width, 6);
	ck_assert_int_eq(facts.height, 4);
	ck_assert_uint_eq(facts.frames, 2);
	ck_assert_int_eq(facts.duration_ms, 150);
	ck_assert_uint_eq(n_frames, 2);
	ck_assert_ptr_eq(frames[0].image, bytes + 68);
	ck_assert_uint_eq(frames[0].length, 12);
	ck_assert_int_eq(frames[1].x, 4);
	ck_assert_int_eq(frames[1].y, 2);
	ck_assert_int_eq(frames[1].width, 2);
	ck_assert_uint_eq(frames[1].length, 10);
}
END_TEST

START_TEST(one_that_does_not_move_is_one_picture)
{
	static const uint8_t still[] = {'R', 'I', 'F', 'F', 14,  0, 0, 0, 'W', 'E', 'B',
	                                'P', 'V', 'P', '8', 'L', 2, 0, 0, 0,   7,   8};

	ck_assert_int_eq(webp_read(still, sizeof still, &facts, note, NULL, &err), VM_OK);
	ck_assert(!facts.moves);
	ck_assert_uint_eq(facts.frames, 1);
	ck_assert_int_eq(facts.duration_ms, 0);
	ck_assert_ptr_eq(frames[0].image, still + 12);
	ck_assert_int_eq(frames[0].width, 0);
}
END_TEST

START_TEST(whatever_is_cut_off_is_found)
{
	for (size_t length = 0; length < sizeof bytes; length++)
		ck_assert_int_eq(read_bytes(length), VM_ERR_BAD_DATA);
	/* Also when the first bytes tell of no more. */
	for (size_t length = 13; length < sizeof bytes; length++) {
		bytes[4] = (uint8_t)(length - 8);
		if (length != 80 && length != 90)
			ck_assert_msg(read_bytes(length) == VM_ERR_BAD_DATA, "%zu", length);
	}
}
END_TEST

static void assert_broken(size_t at, uint8_t value, const char *sentence)
{
	reset();
	bytes[at] = value;
	ck_assert_int_eq(read_bytes(sizeof bytes), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, sentence);
}

START_TEST(what_is_wrong_is_found)
{
	assert_broken(0, 'X', "webp: its first bytes say something else");
	assert_broken(4, 117, "webp: its first bytes say something else");
	assert_broken(12, 'X', "webp: no picture comes first");
	assert_broken(20, 0, "webp: it does not say that it moves");
	assert_broken(98, 3, "webp: a frame lies beside the picture");
	assert_broken(107, 3, "webp: a frame lies beside the picture");
	assert_broken(68, 'X', "webp: a frame without a picture");
	assert_broken(75, 255, "webp: a frame without a picture");
	assert_broken(48, 8, "webp: a frame is cut off");
	assert_broken(97, 255, "webp: it is cut off");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("webp_read");

	tcase_add_checked_fixture(tests, reset, NULL);
	tcase_add_test(tests, each_picture_is_found_with_its_place_and_duration);
	tcase_add_test(tests, one_that_does_not_move_is_one_picture);
	tcase_add_test(tests, whatever_is_cut_off_is_found);
	tcase_add_test(tests, what_is_wrong_is_found);
	return run_tests(tests, "webp_read");
}
