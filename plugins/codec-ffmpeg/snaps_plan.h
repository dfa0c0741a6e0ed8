/* snaps_plan.h - how many small pictures are taken of a source, how large, and when. */
#ifndef CODEC_FFMPEG_SNAPS_PLAN_H
#define CODEC_FFMPEG_SNAPS_PLAN_H

#include "ladder.h"

/* Pictures at even distances. */
struct snap_series {
	struct rung size;
	uint64_t every_ms; /* 0: none is wanted */
	size_t most;
	bool stretched; /* farther apart than wished, so that there are no more than `most` */
};

struct snaps_plan {
	struct snap_series thumbnails;
	struct snap_series tiles;
	int columns, rows; /* of tiles in a sheet */
	struct {
		struct rung size;
		int64_t from_us, length_us; /* length 0: none is wanted */
		int64_t step_us;            /* the least distance of its pictures */
	} preview;
};

/* Pure. For a source of that duration (0: not known) and of pictures shown in that size. */
void snaps_plan(const struct config *config, int64_t duration_ms, int width, int height,
                struct snaps_plan *out);

#endif
