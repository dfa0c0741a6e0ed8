/* snaps.h - small pictures taken of the frames in passing. */
#ifndef CODEC_FFMPEG_SNAPS_H
#define CODEC_FFMPEG_SNAPS_H

#include "preview.h"
#include "sprites.h"
#include "thumbnails.h"

/* [one thread] Zero is empty. */
struct snaps {
	struct thumbnails thumbnails;
	struct sprites sprites;
	struct preview preview;
};

/* `space` is the matrix of the frames. Borrows the plan. */
int snaps_open(struct snaps *snaps, const struct snaps_plan *plan, enum AVColorSpace space,
               struct out *out, struct log *log, struct vm_error *err);

/* Whether a picture of this time would become a thumbnail or tile; times come in order. */
bool snaps_want(const struct snaps *snaps, int64_t time_us);

/*
 * Upright frames in their order; borrowed, and scaled down before it returns.
 * One that is `still` may become a thumbnail or a tile, each one part of the preview.
 */
int snaps_offer(struct snaps *snaps, const AVFrame *frame, int64_t time_us, bool still,
                struct vm_error *err);

/* After the last frame; all together is shown until `end_us`. */
int snaps_end(struct snaps *snaps, int64_t end_us, struct vm_error *err);
void snaps_finish(struct snaps *snaps);

#endif
