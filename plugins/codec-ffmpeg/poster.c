/* poster.c - one picture that stands for the video: near the wished place, and not black. */
#include "poster.h"

#include <stdlib.h>

#include <libavutil/pixdesc.h>

#include "jpeg.h"

#define STEP 8
/* How often and how long pictures are looked at from the wish on. */
#define LOOK_EVERY_US 500000
#define LOOK_FOR_US 5000000
/* A picture that is neither dark, nor blown out, nor without a shape in it is taken at once. */
#define MEAN_MIN 40
#define MEAN_MAX 224
#define CONTRAST_MIN 16

static int brightness(const AVFrame *frame, const AVComponentDescriptor *plane, int x, int y)
{
	const uint8_t *at = frame->data[plane->plane] + (ptrdiff_t)y * frame->linesize[plane->plane] +
	                    x * plane->step;

	if (plane->depth == 8)
		return at[0];
	return (at[0] | at[1] << 8) >> plane->shift >> (plane->depth - 8);
}

struct poster_look poster_look_at(const AVFrame *frame)
{
	const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
	int64_t sum = 0, distance = 0, count = 0;
	struct poster_look look = {.mean = 128, .contrast = 255};

	if (format == NULL || format->comp[0].depth < 8 || format->comp[0].depth > 16 ||
	    format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL))
		return look;
	for (int y = 0; y < frame->height; y += STEP)
		for (int x = 0; x < frame->width; x += STEP, count++)
			sum += brightness(frame, &format->comp[0], x, y);
	look.mean = (int)(sum / count);
	for (int y = 0; y < frame->height; y += STEP)
		for (int x = 0; x < frame->width; x += STEP)
			distance += abs(brightness(frame, &format->comp[0], x, y) - look.mean);
	look.contrast = (int)(distance / count);
	return look;
}

static bool is_good(const struct poster_look *look)
{
	return look->mean >= MEAN_MIN && look->mean <= MEAN_MAX && look->contrast >= CONTRAST_MIN;
}

int poster_offer(struct poster *poster, const AVFrame *frame, int64_t time_us, struct vm_error *err)
{
	bool reached = time_us >= poster->wish_us;
	struct poster_look look;
	bool good;

	if (poster->best != NULL && reached && !poster->reached)
		poster->next_us = time_us;
	if (poster->chosen || (poster->best != NULL && time_us < poster->next_us))
		return VM_OK;
	poster->next_us = time_us + LOOK_EVERY_US;
	if (poster->reached && time_us > poster->wish_us + LOOK_FOR_US) {
		poster->chosen = true;
		return VM_OK;
	}
	look = poster_look_at(frame);
	good = reached && is_good(&look);
	if (poster->best != NULL && poster->reached == reached && !good &&
	    look.contrast <= poster->best_contrast)
		return VM_OK;
	av_frame_free(&poster->best);
	if ((poster->best = av_frame_clone(frame)) == NULL)
		return vm_fail_memory(err);
	poster->best_contrast = look.contrast;
	poster->best_us = time_us;
	poster->reached = reached;
	poster->chosen = good;
	return VM_OK;
}

int poster_write(struct poster *poster, const struct rung *rung, enum AVColorSpace space,
                 struct out *out, struct log *log, struct vm_error *err)
{
	struct scaler scaler = jpeg_scaler(rung, space);
	AVFrame *scaled = NULL;
	int status;

	if (poster->best == NULL)
		return VM_OK;
	if ((status = scaler_scale(&scaler, poster->best, &scaled, err)) == VM_OK)
		status = jpeg_put(scaled, "poster.jpg", out, log, err);
	av_frame_free(&scaled);
	scaler_finish(&scaler);
	return status;
}

void poster_finish(struct poster *poster)
{
	av_frame_free(&poster->best);
}
