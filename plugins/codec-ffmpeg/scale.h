/* scale.h - pictures of any size and format made into those of one rendition. */
#ifndef CODEC_FFMPEG_SCALE_H
#define CODEC_FFMPEG_SCALE_H

#include <stdbool.h>

#include <libavutil/buffer.h>
#include <libavutil/frame.h>

#include <vidmill/status.h>

struct SwsContext;

/* [one thread] Zero but for the first members is new. */
struct scaler {
	int width, height;
	int format; /* yuv420p or yuva420p of limited range, or yuvj420p of full range */
	enum AVColorSpace from, to; /* matrices; RGB has none, so `from` does not count for it */
	bool crop;                  /* the source's own size: what is too many is cut off, not scaled */

	struct SwsContext *sws;
	AVBufferPool *pool;
	/* What sws was made for. */
	struct scaler_input {
		int width, height, format;
		int range;
	} input;
};

/* *out is a new reference with the time and type of `frame`; perhaps to the same picture. */
int scaler_scale(struct scaler *scaler, const AVFrame *frame, AVFrame **out, struct vm_error *err);
void scaler_finish(struct scaler *scaler);

#endif
