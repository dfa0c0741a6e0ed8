/* ladder.c - which renditions a source is good for, and how large each becomes. */
#include "ladder.h"

#include <stdlib.h>
#include <string.h>

#include <libavutil/common.h>
#include <libavutil/mathematics.h>

#include "video_library.h"

/* A picture of one pixel cannot be encoded. */
#define SIDE_MIN 2

/* Rounded once: 426.67 is nearer to 426 than to 428. */
static int even_near(int side, AVRational by)
{
	int64_t even = av_rescale(side, by.num, 2 * (int64_t)by.den) * 2;

	return (int)(even < SIDE_MIN ? SIDE_MIN : even);
}

/* A row or column that is too many is cut off: scaling for its sake would blur all the others. */
static int even_below(int side)
{
	int even = side / 2 * 2;

	return even < SIDE_MIN ? SIDE_MIN : even;
}

/* By how much the source is scaled to fit into the box of 16:9. */
static AVRational scale_to_box(int height, int width, int own_height)
{
	int64_t longer = width > own_height ? width : own_height;
	int64_t shorter = width > own_height ? own_height : width;
	AVRational by_height, by_width;

	av_reduce(&by_height.num, &by_height.den, height, shorter, INT32_MAX);
	av_reduce(&by_width.num, &by_width.den, (int64_t)height * 16, longer * 9, INT32_MAX);
	return av_cmp_q(by_height, by_width) < 0 ? by_height : by_width;
}

static struct rung at_own_size(const struct video_option *option, int width, int height)
{
	return (struct rung){.option = option,
	                     .width = even_below(width),
	                     .height = even_below(height),
	                     .own_size = true};
}

static struct rung scaled(const struct video_option *option, int width, int height, AVRational by)
{
	return (struct rung){
	    .option = option, .width = even_near(width, by), .height = even_near(height, by)};
}

struct rung ladder_fit(int height, int width, int own_height)
{
	AVRational by = scale_to_box(height, width, own_height);

	return av_cmp_q(by, (AVRational){1, 1}) >= 0 ? at_own_size(NULL, width, own_height)
	                                             : scaled(NULL, width, own_height, by);
}

static int larger_first(const void *a, const void *b)
{
	const struct rung *one = a, *other = b;
	int64_t pixels = (int64_t)one->width * one->height;
	int64_t other_pixels = (int64_t)other->width * other->height;

	if (pixels != other_pixels)
		return pixels < other_pixels ? 1 : -1;
	if (one->option != other->option)
		return one->option > other->option ? 1 : -1;
	return 0;
}

static void add(struct ladder *ladder, struct rung rung)
{
	if (FFMIN(rung.width, rung.height) < video_library_of(rung.option->codec)->side_least)
		ladder->tiny[ladder->n_tiny++] = rung.option;
	else
		ladder->rungs[ladder->count++] = rung;
}

static const struct video_option *take_largest_dropped(struct ladder *ladder)
{
	const struct video_option *taken;
	size_t largest = 0;

	for (size_t i = 1; i < ladder->n_dropped; i++)
		if (ladder->dropped[i]->height > ladder->dropped[largest]->height)
			largest = i;
	taken = ladder->dropped[largest];
	ladder->dropped[largest] = ladder->dropped[--ladder->n_dropped];
	return taken;
}

void ladder_plan(const struct video_option *options, size_t count, int width, int height,
                 struct ladder *out)
{
	const AVRational same = {1, 1}, little = {11, 10};

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < count; i++) {
		AVRational by = scale_to_box((int)options[i].height, width, height);

		if (av_cmp_q(by, little) > 0)
			out->dropped[out->n_dropped++] = &options[i];
		else if (av_cmp_q(by, same) >= 0)
			add(out, at_own_size(&options[i], width, height));
		else
			add(out, scaled(&options[i], width, height, by));
	}
	while (out->count == 0 && out->n_dropped > 0)
		add(out, at_own_size(take_largest_dropped(out), width, height));
	for (size_t i = 0; i < out->count; i++)
		out->rungs[i].bitrate = (int64_t)out->rungs[i].option->bitrate;
	qsort(out->rungs, out->count, sizeof *out->rungs, larger_first);
}

static bool saves_nothing(const struct rung *rung, const struct rung *larger)
{
	return !rung->copied && rung->takes > 0 && larger->takes > 0 &&
	       FFMIN(rung->takes, rung->bitrate) * 4 > FFMIN(larger->takes, larger->bitrate) * 3;
}

void ladder_thin(struct ladder *ladder)
{
	size_t kept = 0;

	for (size_t i = 0; i < ladder->count; i++) {
		const struct rung rung = ladder->rungs[i];
		size_t larger = kept;

		while (larger > 0 && ladder->rungs[larger - 1].option->codec != rung.option->codec)
			larger--;
		if (larger > 0 && saves_nothing(&rung, &ladder->rungs[larger - 1]))
			ladder->thinned[ladder->n_thinned++] = rung.option;
		else
			ladder->rungs[kept++] = rung;
	}
	ladder->count = kept;
}
