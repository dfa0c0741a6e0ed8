/* poster.h - one picture that stands for the video: near the wished place, and not black. */
#ifndef CODEC_FFMPEG_POSTER_H
#define CODEC_FFMPEG_POSTER_H

#include <libavutil/frame.h>

#include "ladder.h"
#include "out.h"

/* How much there is to see in a picture: 0 is one even colour. */
struct poster_look {
	int mean;     /* of the brightness, 0 to 255 */
	int contrast; /* how far it is from the mean, on average */
};

/* Pure. Looks at every eighth sample; a format without a plane of brightness counts as good. */
struct poster_look poster_look_at(const AVFrame *frame);

/* [one thread] Zero but for the first members is new. */
struct poster {
	int64_t wish_us;

	AVFrame *best; /* a reference */
	int best_contrast;
	int64_t best_us, next_us;
	bool reached; /* `best` is not from before the wish */
	bool chosen;
};

/* Pictures in their order; `frame` is borrowed. */
int poster_offer(struct poster *poster, const AVFrame *frame, int64_t time_us,
                 struct vm_error *err);

/* Writes what was chosen as poster.jpg in the size of `rung`; nothing when there was no picture. */
int poster_write(struct poster *poster, const struct rung *rung, enum AVColorSpace space,
                 struct out *out, struct log *log, struct vm_error *err);
void poster_finish(struct poster *poster);

#endif
