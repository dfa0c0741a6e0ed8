/* subtitles.h - the thread that turns the source's tracks of text into WebVTT. */
#ifndef CODEC_FFMPEG_SUBTITLES_H
#define CODEC_FFMPEG_SUBTITLES_H

#include "crew.h"
#include "cues.h"
#include "out.h"
#include "plan.h"
#include "queue.h"

struct subtitle {
	const struct plan_text *plan;
	AVCodecContext *decoder;
	struct cues cues;
	uint64_t errors;
};

/* One thread for all tracks: there is little to do. Zero is not open. */
struct subtitles {
	struct crew *crew;
	struct input *input;
	struct subtitle tracks[TEXT_STREAMS_MAX];
	size_t count;
	struct queue packets; /* of all tracks */
	int64_t start_us;     /* of the outputs, in the source's time */
};

/* What cannot be opened is left without cues. The plan lasts as long. */
int subtitles_open(struct subtitles *subtitles, const struct plan *plan, struct input *input,
                   struct crew *crew, struct vm_error *err);

/* A crew_work_fn over a struct subtitles. */
int subtitles_run(void *ctx, struct vm_error *err);

/* Of each track that has cues subtitles/<name>.vtt, and a playlist for HLS of that duration. */
int subtitles_write(struct subtitles *subtitles, int64_t duration_us, bool hls, struct out *out,
                    struct vm_error *err);
void subtitles_finish(struct subtitles *subtitles);

#endif
