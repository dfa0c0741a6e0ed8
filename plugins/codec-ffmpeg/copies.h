/* copies.h - all the tracks of a job that are copied, each with a thread. */
#ifndef CODEC_FFMPEG_COPIES_H
#define CODEC_FFMPEG_COPIES_H

#include "copy.h"
#include "demux.h"
#include "plan.h"

/* Zero is none. A place that the plan does not copy stays empty. */
struct copies {
	struct copy pictures;
	struct copy sounds[SOUNDS_MAX]; /* as in the plan */
	const struct plan *plan;
};

int copies_open(struct copies *copies, const struct plan *plan, struct input *input,
                struct demux *demux, struct frame_count *count, struct crew *crew,
                struct vm_error *err);
int copies_start(struct copies *copies, struct crew *crew, struct vm_error *err);
/* [any thread] */
void copies_abort(struct copies *copies);
void copies_finish(struct copies *copies);

#endif
