/* imprint.c - what a picture looks like, in so few numbers that many can be kept. */
#include "imprint.h"

#include <stdlib.h>

#include <libavutil/pixdesc.h>

/* A few hundred pixels of a cell say how bright it is. */
#define SAMPLES_A_SIDE 16

struct plane {
	const AVFrame *picture;
	int depth;
};

static unsigned pixel(const struct plane *plane, int x, int y)
{
	const uint8_t *row = plane->picture->data[0] + (ptrdiff_t)y * plane->picture->linesize[0];

	if (plane->depth == 8)
		return row[x];
	return (row[2 * x] | (unsigned)row[2 * x + 1] << 8) >> (plane->depth - 8);
}

static uint8_t cell(const struct plane *plane, int column, int row)
{
	int width = plane->picture->width, height = plane->picture->height;
	int left = width * column / IMPRINT_SIDE, top = height * row / IMPRINT_SIDE;
	int right = FFMAX(width * (column + 1) / IMPRINT_SIDE, left + 1);
	int bottom = FFMAX(height * (row + 1) / IMPRINT_SIDE, top + 1);
	int step_x = FFMAX((right - left) / SAMPLES_A_SIDE, 1);
	int step_y = FFMAX((bottom - top) / SAMPLES_A_SIDE, 1);
	unsigned sum = 0, count = 0;

	for (int y = top; y < bottom; y += step_y)
		for (int x = left; x < right; x += step_x, count++)
			sum += pixel(plane, x, y);
	return (uint8_t)(sum / count);
}

struct imprint imprint_of(const AVFrame *picture)
{
	const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)picture->format);
	const struct plane plane = {picture, format->comp[0].depth};
	struct imprint imprint;

	for (int row = 0; row < IMPRINT_SIDE; row++)
		for (int column = 0; column < IMPRINT_SIDE; column++)
			imprint.cells[row * IMPRINT_SIDE + column] = cell(&plane, column, row);
	return imprint;
}

int imprint_distance(const struct imprint *one, const struct imprint *other)
{
	int sum = 0;

	for (int i = 0; i < IMPRINT_SIDE * IMPRINT_SIDE; i++)
		sum += abs(one->cells[i] - other->cells[i]);
	return sum / (IMPRINT_SIDE * IMPRINT_SIDE);
}
