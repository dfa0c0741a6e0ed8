/* look.c - how much there is to see in a picture, and how like two of them are. */
#include "look.h"

#include <stdlib.h>

#include <libavutil/pixdesc.h>

#define STEP 8
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

struct look look_at(const AVFrame *frame)
{
	const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
	int64_t counts[256] = {0}, steps[LOOK_STEPS] = {0}, sum = 0, distance = 0, count = 0;
	struct look look = {.mean = 128, .contrast = 255};

	if (format == NULL || format->comp[0].depth < 8 || format->comp[0].depth > 16 ||
	    format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL))
		return look;
	for (int y = 0; y < frame->height; y += STEP)
		for (int x = 0; x < frame->width; x += STEP)
			counts[brightness(frame, &format->comp[0], x, y) & 255]++;
	for (int i = 0; i < 256; i++) {
		sum += counts[i] * i;
		count += counts[i];
	}
	look.mean = (int)(sum / count);
	for (int i = 0; i < 256; i++) {
		distance += counts[i] * abs(i - look.mean);
		steps[i * LOOK_STEPS / 256] += counts[i];
	}
	for (int i = 0; i < LOOK_STEPS; i++)
		look.shares[i] = (int)(steps[i] * 1000 / count);
	look.contrast = (int)(distance / count);
	return look;
}

bool look_is_good(const struct look *look)
{
	return look->mean >= MEAN_MIN && look->mean <= MEAN_MAX && look->contrast >= CONTRAST_MIN;
}

int look_distance(const struct look *look, const struct look *all[], size_t count)
{
	int distance = 0;

	for (int i = 0; i < LOOK_STEPS; i++) {
		int sum = 0;

		for (size_t j = 0; j < count; j++)
			sum += all[j]->shares[i];
		distance += abs(look->shares[i] * (int)count - sum);
	}
	return distance;
}
