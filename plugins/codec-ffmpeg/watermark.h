/* watermark.h - a picture with transparency that is laid over all others. */
#ifndef CODEC_FFMPEG_WATERMARK_H
#define CODEC_FFMPEG_WATERMARK_H

#include <stdbool.h>

#include <libavfilter/avfilter.h>
#include <libavutil/frame.h>

#include "config.h"
#include "image.h"
#include "log.h"

/* Where it lies on pictures of a size; all even, for colours are kept for each other pixel. */
struct watermark_place {
	int x, y, width, height;
};

/* Pure. Of a watermark whose own size is given; it keeps its shape, and fits into the picture. */
struct watermark_place watermark_place(const struct watermark_option *option, int own_width,
                                       int own_height, int width, int height);

/* [one thread] Zero is none. */
struct watermark {
	AVFilterGraph *graph;
	AVFilterContext *pictures, *mark, *sink;
	AVRational time_base;
	struct log *log;
};

/* For pictures of yuv420p, of that size, time base and matrix. */
int watermark_open(struct watermark *watermark, const struct watermark_option *option,
                   const struct image *image, int width, int height, AVRational time_base,
                   enum AVColorSpace space, struct log *log, struct vm_error *err);

/* Replaces *frame, a reference of the caller's, by one with the watermark on it. */
int watermark_put(struct watermark *watermark, AVFrame **frame, struct vm_error *err);
void watermark_finish(struct watermark *watermark);

#endif
