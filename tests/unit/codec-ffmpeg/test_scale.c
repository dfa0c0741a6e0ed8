/* test_scale.c - pictures of every range and format become those of a rendition. */
#include "scale.h"

#include <stdlib.h>

#include <libavutil/pixdesc.h>

#include "run.h"

#define WIDTH 64
#define HEIGHT 48
/* Of 255: the brightness that is put into every source, as full range has it. */
#define LUMA 90

static AVFrame *picture(enum AVPixelFormat format, enum AVColorRange range, unsigned luma)
{
	const AVPixFmtDescriptor *descriptor = av_pix_fmt_desc_get(format);
	AVFrame *frame = av_frame_alloc();
	unsigned deeper = (unsigned)descriptor->comp[0].depth - 8;

	frame->width = WIDTH;
	frame->height = HEIGHT;
	frame->format = format;
	frame->color_range = range;
	ck_assert_int_ge(av_frame_get_buffer(frame, 0), 0);
	for (int plane = 0; plane < 3; plane++)
		for (int y = 0; y < AV_CEIL_RSHIFT(HEIGHT, plane > 0 ? descriptor->log2_chroma_h : 0); y++)
			for (int x = 0; x < AV_CEIL_RSHIFT(WIDTH, plane > 0 ? descriptor->log2_chroma_w : 0);
			     x++) {
				unsigned value = (plane == 0 ? luma : 128u) << deeper;
				uint8_t *row = frame->data[plane] + y * frame->linesize[plane];

				if (deeper > 0)
					((uint16_t *)(void *)row)[x] = (uint16_t)value;
				else
					row[x] = (uint8_t)value;
			}
	return frame;
}

static void assert_luma(AVFrame *frame, int width, int height, int luma)
{
	struct scaler scaler = {.width = width,
	                        .height = height,
	                        .format = AV_PIX_FMT_YUV420P,
	                        .from = AVCOL_SPC_BT709,
	                        .to = AVCOL_SPC_BT709};
	AVFrame *out = NULL;
	struct vm_error err;

	ck_assert_msg(scaler_scale(&scaler, frame, &out, &err) == VM_OK, "%s", err.message);
	ck_assert_int_eq(out->width, width);
	ck_assert_int_eq(out->format, AV_PIX_FMT_YUV420P);
	ck_assert_msg(abs(out->data[0][0] - luma) <= 1, "%s of range %d to %dx%d: %d, not %d",
	              av_get_pix_fmt_name((enum AVPixelFormat)frame->format), frame->color_range, width,
	              height, out->data[0][0], luma);
	av_frame_free(&out);
	scaler_finish(&scaler);
}

/* Also where nothing but the range differs, or the range and the depth. */
START_TEST(full_range_becomes_limited_at_every_size_and_depth)
{
	static const enum AVPixelFormat formats[] = {AV_PIX_FMT_YUV420P,     AV_PIX_FMT_YUVJ420P,
	                                             AV_PIX_FMT_YUV422P,     AV_PIX_FMT_YUV444P,
	                                             AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV422P10LE,
	                                             AV_PIX_FMT_YUV444P10LE, AV_PIX_FMT_YUV420P12LE};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		AVFrame *frame = picture(formats[i], AVCOL_RANGE_JPEG, LUMA);

		assert_luma(frame, WIDTH, HEIGHT, 16 + LUMA * 219 / 255);
		assert_luma(frame, WIDTH / 2, HEIGHT / 2, 16 + LUMA * 219 / 255);
		av_frame_free(&frame);
	}
}
END_TEST

START_TEST(limited_range_stays_as_it_is)
{
	static const enum AVPixelFormat formats[] = {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P,
	                                             AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV444P12LE};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		AVFrame *frame = picture(formats[i], AVCOL_RANGE_MPEG, LUMA);

		assert_luma(frame, WIDTH, HEIGHT, LUMA);
		assert_luma(frame, WIDTH / 2, HEIGHT / 2, LUMA);
		av_frame_free(&frame);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("scale");

	tcase_add_test(tests, full_range_becomes_limited_at_every_size_and_depth);
	tcase_add_test(tests, limited_range_stays_as_it_is);
	return run_tests(tests, "scale");
}
