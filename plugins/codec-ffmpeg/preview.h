/* preview.h - a few seconds of the video as an animated WebP. */
#ifndef CODEC_FFMPEG_PREVIEW_H
#define CODEC_FFMPEG_PREVIEW_H

#include <libavcodec/avcodec.h>

#include "out.h"
#include "scale.h"
#include "snaps_plan.h"

/* [one thread] The encoder keeps its packed pictures until it has all: some MB at most. */
struct preview {
	const struct snaps_plan *want;
	struct out *out;
	struct log *log;
	struct scaler scaler;
	AVCodecContext *encoder;
	int64_t first_us, next_us; /* from when the first was, and the next will be taken */
	size_t count;
	bool ended;
};

void preview_open(struct preview *preview, const struct snaps_plan *want, enum AVColorSpace space,
                  struct out *out, struct log *log);

/* Takes the pictures of the span that is wanted; with the first one behind it preview.webp is
 * written. */
int preview_offer(struct preview *preview, const AVFrame *frame, int64_t time_us,
                  struct vm_error *err);

/* There are no more pictures. */
int preview_end(struct preview *preview, struct vm_error *err);
void preview_finish(struct preview *preview);

#endif
