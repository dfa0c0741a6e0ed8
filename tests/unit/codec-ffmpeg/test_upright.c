/* test_upright.c - which filters pictures go through, and that none is lost in them. */
#include "upright.h"

#include <string.h>

#include "run.h"

START_TEST(pictures_that_are_right_go_through_no_filter)
{
	struct upright_want want = {.turn = "", .hdr = AVCOL_TRC_UNSPECIFIED};
	char filters[UPRIGHT_FILTERS_MAX];

	upright_describe(&want, filters);
	ck_assert_str_eq(filters, "");
}
END_TEST

START_TEST(filters_stand_in_their_order)
{
	struct upright_want want = {
	    .deinterlace = true, .turn = "transpose=clock", .hdr = AVCOL_TRC_UNSPECIFIED};
	char filters[UPRIGHT_FILTERS_MAX];

	upright_describe(&want, filters);
	ck_assert_str_eq(filters, "bwdif=mode=send_frame:deint=interlaced,transpose=clock");
	want.hdr = AVCOL_TRC_ARIB_STD_B67;
	upright_describe(&want, filters);
	ck_assert_ptr_nonnull(strstr(filters, "zscale=tin=arib-std-b67"));
	ck_assert_str_eq(filters + strlen(filters) - 16, ",transpose=clock");
}
END_TEST

struct seen {
	size_t count;
	int64_t times[16];
	int width, height;
};

static int keep(void *ctx, AVFrame *frame, struct vm_error *err)
{
	struct seen *seen = ctx;

	(void)err;
	seen->times[seen->count++] = frame->pts;
	seen->width = frame->width;
	seen->height = frame->height;
	return VM_OK;
}

static AVFrame *picture(int width, int height, int64_t time, bool interlaced)
{
	AVFrame *frame = av_frame_alloc();

	frame->format = AV_PIX_FMT_YUV420P;
	frame->width = width;
	frame->height = height;
	frame->sample_aspect_ratio = (AVRational){1, 1};
	frame->pts = time;
	frame->interlaced_frame = interlaced;
	frame->top_field_first = interlaced;
	ck_assert_int_ge(av_frame_get_buffer(frame, 0), 0);
	for (int i = 0; i < 3; i++)
		memset(frame->data[i], 128, (size_t)(frame->linesize[i] * (i > 0 ? height / 2 : height)));
	return frame;
}

static void push(struct upright *upright, AVFrame *frame)
{
	ck_assert_int_eq(upright_push(upright, frame, NULL), VM_OK);
	av_frame_free(&frame);
}

START_TEST(a_stream_that_changes_loses_no_picture_and_no_time)
{
	struct seen seen = {0};
	struct log log;
	struct upright upright = {.want = {.turn = "transpose=clock", .hdr = AVCOL_TRC_UNSPECIFIED},
	                          .time_base = {1001, 30000},
	                          .threads = 1,
	                          .log = &log,
	                          .emit = keep,
	                          .emit_ctx = &seen};

	log_init(&log, NULL);
	push(&upright, picture(64, 32, 0, false));
	push(&upright, picture(64, 32, 1, false));
	push(&upright, picture(64, 32, 2, true));
	push(&upright, picture(64, 32, 3, true));
	push(&upright, picture(64, 32, 4, false));
	push(&upright, picture(128, 64, 7, false));
	push(&upright, picture(128, 64, 8, false));
	push(&upright, NULL);
	ck_assert_uint_eq(seen.count, 7);
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(seen.times[i], (int64_t)i);
	ck_assert_int_eq(seen.times[5], 7);
	ck_assert_int_eq(seen.times[6], 8);
	ck_assert_int_eq(seen.width, 64);
	ck_assert_int_eq(seen.height, 128);
	ck_assert(upright.deinterlaced);
	upright_finish(&upright);
	log_finish(&log);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("upright");

	tcase_add_test(tests, pictures_that_are_right_go_through_no_filter);
	tcase_add_test(tests, filters_stand_in_their_order);
	tcase_add_test(tests, a_stream_that_changes_loses_no_picture_and_no_time);
	return run_tests(tests, "upright");
}
