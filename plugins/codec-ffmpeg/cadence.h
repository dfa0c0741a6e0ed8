/* cadence.h - pictures of any distances made into those of one. */
#ifndef CODEC_FFMPEG_CADENCE_H
#define CODEC_FFMPEG_CADENCE_H

#include <libavutil/frame.h>

#include "crew.h"

/*
 * [one thread] Zero but for the first members is new. FFmpeg's filter fps would
 * begin anew where pictures change their size, and ends with the beginning of the last one.
 */
struct cadence {
	int64_t step; /* the distance that is made, in the pictures' time base */
	struct crew *crew;
	/* Receives each picture, which is borrowed but may be changed. */
	int (*emit)(void *ctx, AVFrame *frame, struct vm_error *err);
	void *emit_ctx;

	AVFrame *held; /* until it is known how long it is shown */
	bool given;    /* `held` was made at least once */
	int64_t slot;  /* of the picture that is made next */
	uint64_t repeated, left_out;
};

/*
 * Pictures in their order, from 0 on; each is made at the multiple of `step` that
 * is nearest to its time, and repeated until the next one's. NULL: there are no more.
 */
int cadence_push(struct cadence *cadence, const AVFrame *frame, struct vm_error *err);
void cadence_finish(struct cadence *cadence);

#endif
