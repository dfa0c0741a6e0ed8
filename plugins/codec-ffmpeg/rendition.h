/* rendition.h - the thread of one rendition: it scales, hands on and encodes. */
#ifndef CODEC_FFMPEG_RENDITION_H
#define CODEC_FFMPEG_RENDITION_H

#include "crew.h"
#include "plan.h"
#include "queue.h"
#include "scale.h"
#include "score.h"
#include "video_encoder.h"
#include "watermark.h"

/*
 * Renditions form a chain: each scales what the larger one scaled, which costs
 * less than scaling the source and looks the same. Frames are shared by
 * reference; a queue that is full slows everybody before it down.
 */
struct rendition {
	const struct rung *rung;
	struct queue frames;       /* of AVFrame *, owned */
	struct rendition *smaller; /* NULL: the last of the chain */
	struct crew *crew;
	struct scaler scaler;
	struct watermark watermark; /* on the largest: the smaller ones are made of it */
	struct video_encoder encoder;
	struct score score; /* where it is asked for */
	int64_t duration;   /* of a picture that does not say it */
	atomic_int_least64_t done_ms;
};

/* Pure. What brings pictures into its size, and what its encoder is told. */
struct scaler rendition_scaler(const struct plan *plan, const struct rung *rung);
struct video_want rendition_want(const struct plan *plan, size_t rung, uint32_t processors);

int rendition_open(struct rendition *rendition, const struct plan *plan, size_t rung,
                   uint32_t processors, struct crew *crew, struct vm_error *err);

/* Before the first picture, for the first of the chain. */
int rendition_mark(struct rendition *rendition, const struct plan *plan, const struct image *image,
                   struct log *log, struct vm_error *err);

/* A crew_work_fn over a struct rendition. */
int rendition_run(void *ctx, struct vm_error *err);
void rendition_finish(struct rendition *rendition);

/* Waits for room and shares `frame`, the caller's still; nothing once the crew is stopping. */
int rendition_give(struct rendition *rendition, const AVFrame *frame, struct vm_error *err);

#endif
