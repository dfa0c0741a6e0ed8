/* comb.c - whether the rows of one picture are of two moments. */
#include "comb.h"

#include <libavutil/pixdesc.h>

/* Of each so many columns and rows one is looked at, of both fields in turn. */
#define COLUMNS 8
#define ROWS 3
/* By how much a row sticks out, of 255; and one in how many samples must. */
#define TOOTH 10
#define ONE_IN 500

struct plane {
	const uint8_t *bytes;
	ptrdiff_t row;
	int step, depth, shift;
};

static int sample(const struct plane *plane, int x, int y)
{
	const uint8_t *at = plane->bytes + y * plane->row + (ptrdiff_t)x * plane->step;

	if (plane->depth == 8)
		return at[0];
	return (at[0] | at[1] << 8) >> plane->shift >> (plane->depth - 8);
}

/* The sample lies above both of those that are so many rows away, or below both. */
static bool sticks_out(const struct plane *plane, int x, int y, int away)
{
	int here = sample(plane, x, y);
	int above = here - sample(plane, x, y - away), below = here - sample(plane, x, y + away);

	return (above > TOOTH && below > TOOTH) || (above < -TOOTH && below < -TOOTH);
}

bool comb_in(const AVFrame *frame)
{
	const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
	const AVComponentDescriptor *luma = &format->comp[0];
	const struct plane plane = {frame->data[luma->plane], frame->linesize[luma->plane], luma->step,
	                            luma->depth, luma->shift};
	int64_t samples = 0, near = 0, far = 0;

	for (int y = 2; y + 2 < frame->height; y += ROWS)
		for (int x = 0; x < frame->width; x += COLUMNS, samples++) {
			near += sticks_out(&plane, x, y, 1);
			far += sticks_out(&plane, x, y, 2);
		}
	return near > samples / ONE_IN && near > 2 * far;
}
