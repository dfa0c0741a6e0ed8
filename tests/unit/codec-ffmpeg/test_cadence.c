/* test_cadence.c - pictures of any distances made into those of one. */
#include "cadence.h"

#include <stdio.h>
#include <string.h>

#include "run.h"

static struct cadence cadence;
static struct crew crew;
static char made[4096];
static size_t n_captions;

/* "slot:picture", the picture by the time that it had. */
static int note(void *ctx, AVFrame *frame, struct vm_error *err)
{
	(void)ctx, (void)err;
	ck_assert_int_eq(frame->pkt_duration, cadence.step);
	ck_assert_int_eq(frame->pts % cadence.step, 0);
	n_captions += av_frame_get_side_data(frame, AV_FRAME_DATA_A53_CC) != NULL;
	snprintf(made + strlen(made), 24, "%d:%d ", (int)(frame->pts / cadence.step),
	         (int)frame->best_effort_timestamp);
	return VM_OK;
}

static void begin(void)
{
	static struct log log;

	crew_init(&crew, &log, NULL, NULL);
	cadence = (struct cadence){.step = 100, .crew = &crew, .emit = note};
	made[0] = '\0';
	n_captions = 0;
}

static void end(void)
{
	cadence_finish(&cadence);
	crew_finish(&crew);
}

static void push(int64_t time, int64_t duration)
{
	AVFrame *frame = av_frame_alloc();

	frame->format = AV_PIX_FMT_GRAY8;
	frame->width = frame->height = 16;
	ck_assert_int_ge(av_frame_get_buffer(frame, 0), 0);
	ck_assert_ptr_nonnull(av_frame_new_side_data(frame, AV_FRAME_DATA_A53_CC, 3));
	frame->pts = frame->best_effort_timestamp = time;
	frame->pkt_duration = duration;
	ck_assert_int_eq(cadence_push(&cadence, frame, NULL), VM_OK);
	av_frame_free(&frame);
}

static void assert_made(const char *wanted, unsigned repeated, unsigned left_out)
{
	ck_assert_int_eq(cadence_push(&cadence, NULL, NULL), VM_OK);
	ck_assert_str_eq(made, wanted);
	ck_assert_uint_eq(cadence.repeated, repeated);
	ck_assert_uint_eq(cadence.left_out, left_out);
}

START_TEST(even_pictures_stay_as_they_are)
{
	for (int64_t time = 0; time < 400; time += 100)
		push(time, 100);
	assert_made("0:0 1:100 2:200 3:300 ", 0, 0);
	ck_assert_uint_eq(n_captions, 4);
}
END_TEST

START_TEST(times_that_are_a_little_off_are_mended)
{
	push(0, 100), push(92, 100), push(205, 100), push(312, 88);
	assert_made("0:0 1:92 2:205 3:312 ", 0, 0);
}
END_TEST

START_TEST(a_picture_that_is_shown_for_longer_is_repeated)
{
	push(0, 300), push(300, 100), push(400, 250);
	assert_made("0:0 1:0 2:0 3:300 4:400 5:400 6:400 ", 4, 0);
	ck_assert_uint_eq(n_captions, 3);
}
END_TEST

START_TEST(of_twice_as_many_each_second_one_is_left_out)
{
	for (int64_t time = 0; time < 500; time += 50)
		push(time, 50);
	assert_made("0:0 1:100 2:200 3:300 4:400 ", 0, 5);
}
END_TEST

START_TEST(one_picture_is_one_picture)
{
	push(0, 0);
	assert_made("0:0 ", 0, 0);
}
END_TEST

START_TEST(nothing_is_nothing)
{
	assert_made("", 0, 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("cadence");

	tcase_add_checked_fixture(tests, begin, end);
	tcase_add_test(tests, even_pictures_stay_as_they_are);
	tcase_add_test(tests, times_that_are_a_little_off_are_mended);
	tcase_add_test(tests, a_picture_that_is_shown_for_longer_is_repeated);
	tcase_add_test(tests, of_twice_as_many_each_second_one_is_left_out);
	tcase_add_test(tests, one_picture_is_one_picture);
	tcase_add_test(tests, nothing_is_nothing);
	return run_tests(tests, "cadence");
}
