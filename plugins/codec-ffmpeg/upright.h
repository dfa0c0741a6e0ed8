/* upright.h - decoded pictures made progressive, upright and of standard range. */
#ifndef CODEC_FFMPEG_UPRIGHT_H
#define CODEC_FFMPEG_UPRIGHT_H

#include <stdbool.h>

#include <libavutil/frame.h>

#include <vidmill/status.h>

#include "graph.h"
#include "log.h"

/* What is to be done to every picture. */
struct upright_want {
	bool deinterlace;
	const char *turn;                       /* filters, or "" */
	enum AVColorTransferCharacteristic hdr; /* to be mapped to SDR; unspecified: it is SDR */
};

enum { UPRIGHT_FILTERS_MAX = 512 };

/* Pure. The filters in their order, or "" when pictures can stay as they are. */
void upright_describe(const struct upright_want *want, char filters[UPRIGHT_FILTERS_MAX]);

/* Receives each picture; the frame is borrowed, its time in the time base of `upright`. */
typedef int upright_emit_fn(void *ctx, AVFrame *frame, struct vm_error *err);

/* [one thread] Zero but for the first members is new. */
struct upright {
	struct upright_want want;
	AVRational time_base;
	int threads;
	struct log *log;
	upright_emit_fn *emit;
	void *emit_ctx;

	bool deinterlaced;  /* so far; for the report */
	struct graph graph; /* not open: pictures pass as they are */
	AVFrame *out;
	/* What the graph was made for. */
	bool configured;
	int width, height, format;
	AVRational pixel;
};

/* NULL: there are no more; what the filters still hold comes out. */
int upright_push(struct upright *upright, AVFrame *frame, struct vm_error *err);
void upright_finish(struct upright *upright);

#endif
