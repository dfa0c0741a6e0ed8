/* ladder.h - which renditions a source is good for, and how large each becomes. */
#ifndef CODEC_FFMPEG_LADDER_H
#define CODEC_FFMPEG_LADDER_H

#include "config.h"

/* One rendition that is made. Width and height are even. */
struct rung {
	const struct video_option *option;
	int64_t bitrate; /* what it may take, see enum rate: the option's, or less */
	int64_t takes;   /* of samples of the source, without a cap; 0: nobody tried */
	int width, height;
	bool own_size; /* the source's own, so that nothing is scaled */
	bool copied;   /* the source's own pictures, as they are */
};

struct ladder {
	struct rung rungs[RENDITIONS_MAX]; /* the largest first: each is scaled from the one before */
	size_t count;
	const struct video_option *dropped[RENDITIONS_MAX]; /* larger than the source */
	size_t n_dropped;
	const struct video_option *thinned[RENDITIONS_MAX]; /* hardly cheaper than a larger one */
	size_t n_thinned;
	const struct video_option *tiny[RENDITIONS_MAX]; /* smaller than its encoder takes */
	size_t n_tiny;
};

/* Pure. A picture in the box of 16:9 of that height, never larger than its own size. */
struct rung ladder_fit(int height, int width, int own_height);

/*
 * Pure. A rendition of height h fits into the box of 16:9 that has that height,
 * upright or lying as the source is: 720 is 1280x720, and 720x1280 for a clip
 * from a telephone held upright, and 1280x536 for a wide film. Never scaled
 * up: a rendition that would be more than a tenth larger than the source is
 * dropped, one that would be a little larger is made at the source's own size.
 * When all are larger the largest is made so. What its encoder refuses for being
 * too small is left out, and there may be nothing left.
 */
void ladder_plan(const struct video_option *options, size_t count, int width, int height,
                 struct ladder *out);

/*
 * Pure. Of those that were tried: one that takes more than three quarters of what the
 * next larger of its codec takes saves a player nothing, and is left out.
 */
void ladder_thin(struct ladder *ladder);

#endif
