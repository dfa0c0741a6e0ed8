/* sprites.h - sheets of small pictures, and the WebVTT file that tells a player which is when. */
#ifndef CODEC_FFMPEG_SPRITES_H
#define CODEC_FFMPEG_SPRITES_H

#include "grid.h"
#include "jpeg.h"
#include "snaps_plan.h"

/* [one thread] One sheet is in memory at a time. */
struct sprites {
	const struct snaps_plan *want;
	struct out *out;
	struct log *log;
	struct scaler scaler;
	struct grid grid;
	AVFrame *sheet;    /* being filled; NULL: none is */
	int64_t *times_us; /* from when each tile stands for the video */
	size_t count;      /* of tiles */
};

int sprites_open(struct sprites *sprites, const struct snaps_plan *want, enum AVColorSpace space,
                 struct out *out, struct log *log, struct vm_error *err);

/* Whether a picture of this time would become a tile; times come in order. */
bool sprites_want(const struct sprites *sprites, int64_t time_us);

/* The first picture of every distance becomes a tile; a full sheet is written at once. */
int sprites_offer(struct sprites *sprites, const AVFrame *frame, int64_t time_us,
                  struct vm_error *err);

/* Writes the last sheet, cut off behind its last row, and sprites/sprites.vtt. */
int sprites_end(struct sprites *sprites, int64_t end_us, struct vm_error *err);
void sprites_finish(struct sprites *sprites);

size_t sprites_sheets(const struct sprites *sprites);

/* Pure: text to be freed by the caller, NULL when out of memory. */
char *sprites_vtt(const struct snaps_plan *want, const int64_t *times_us, size_t count,
                  int64_t end_us);

#endif
