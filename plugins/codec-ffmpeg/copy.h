/* copy.h - the thread that hands packets of the source on as they are, with the outputs' times. */
#ifndef CODEC_FFMPEG_COPY_H
#define CODEC_FFMPEG_COPY_H

#include "decode.h"
#include "track.h"

struct copy_want {
	struct input *input;
	const AVStream *stream;
	int64_t start; /* the time of it that is the outputs' 0 */
	int64_t step;  /* how long a packet lasts that does not say it */
	/* The first ones that do not say when they are decoded, and when the one behind them is. */
	int64_t untimed, first_timed;
	bool unseen;   /* nobody has decoded any of it yet: begins with the first that can be */
	bool required; /* without one the job fails */
};

/* Zero but for what copy_open fills. */
struct copy {
	struct copy_want want;
	struct queue packets;
	struct crew *crew;
	struct frame_count *count;
	struct track track;
	AVCodecContext *decoder; /* until something could be decoded; NULL: it was */
	AVFrame *decoded;
	AVPacket *held; /* until the next one tells its duration */
	int64_t end;    /* of what was given so far */
	atomic_int_least64_t done_ms;
};

int copy_open(struct copy *copy, const struct copy_want *want, struct frame_count *count,
              struct crew *crew, struct vm_error *err);

/* A crew_work_fn over a struct copy. */
int copy_run(void *ctx, struct vm_error *err);
void copy_finish(struct copy *copy);

#endif
