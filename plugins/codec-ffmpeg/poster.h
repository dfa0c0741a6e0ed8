/* poster.h - one picture that stands for the video: near the wished place, and not black. */
#ifndef CODEC_FFMPEG_POSTER_H
#define CODEC_FFMPEG_POSTER_H

#include "jpeg.h"
#include "look.h"

enum { POSTER_CANDIDATES = 5 };

struct poster_candidate {
	AVPacket *jpeg; /* NULL: none */
	struct look look;
	int64_t time_us;
};

/*
 * [one thread] Zero but for the first members is new. Up to five good pictures of
 * the five seconds from the wish on are held, as the small JPEGs that they would become.
 */
struct poster {
	struct rung size;
	enum AVColorSpace space;
	struct log *log;
	int64_t wish_us;
	bool hurried; /* the first good one is taken, for each costs decoding */

	struct poster_candidate candidates[POSTER_CANDIDATES];
	size_t count;
	struct poster_candidate best; /* while there are none: the one with the most to see */
	struct scaler scaler;
	int64_t next_us;
	bool reached; /* `best` is not from before the wish */
	bool chosen;  /* no more pictures are looked at */
};

/* Pictures in their order; `frame` is borrowed. */
int poster_offer(struct poster *poster, const AVFrame *frame, int64_t time_us,
                 struct vm_error *err);

/* The one most like all the good ones together, or the best of the bad; NULL: there is none. */
const struct poster_candidate *poster_choose(const struct poster *poster);

/* Writes what was chosen as poster.jpg; nothing when there was no picture. */
int poster_write(const struct poster *poster, struct out *out, struct vm_error *err);
void poster_finish(struct poster *poster);

#endif
