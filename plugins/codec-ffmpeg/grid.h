/* grid.h - where segments begin: at the multiples of one duration. */
#ifndef CODEC_FFMPEG_GRID_H
#define CODEC_FFMPEG_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include <libavutil/rational.h>

/* Pure. Zero is before everything. */
struct grid {
	uint64_t segment_ms;
	bool begun;
	int64_t next_us; /* of the line that is to be crossed next */
};

/* Whether a picture or sound of this time is the first of a segment; times come in order. */
bool grid_crosses(struct grid *grid, int64_t time, AVRational time_base);

#endif
