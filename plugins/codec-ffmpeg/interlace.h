/* interlace.h - whether pictures are interlaced: what is seen in them counts, not what they say. */
#ifndef CODEC_FFMPEG_INTERLACE_H
#define CODEC_FFMPEG_INTERLACE_H

#include <stdbool.h>
#include <stdint.h>

#include <libavutil/frame.h>

#include <vidmill/status.h>

#include "graph.h"
#include "log.h"

enum interlace_state {
	INTERLACE_UNKNOWN = 0, /* nothing moves: what the pictures say counts */
	INTERLACE_PROGRESSIVE = 1,
	INTERLACE_INTERLACED = 2
};

/* What was seen so far. Zero is nothing. */
struct interlace_vote {
	int score;     /* above 0: interlaced */
	int top_first; /* above 0: the upper field comes first */
	enum interlace_state state;
};

/* What one picture looks like, in the words of the filter idet: "tff", "bff", "progressive". */
void interlace_count(struct interlace_vote *vote, const char *look, bool said);

enum { INTERLACE_HELD_MAX = 12 };

/* [one thread] Zero but for the first members is new. */
struct interlace {
	AVRational time_base;
	struct log *log;
	/* Receives each picture in its order, marked as it was found to be; borrowed. NULL: nobody
	 * wants them, it is only looked at. */
	int (*emit)(void *ctx, AVFrame *frame, struct vm_error *err);
	void *emit_ctx;

	struct interlace_vote vote;
	struct graph graph;
	int width, height, format; /* what the graph was made for */
	AVFrame *seen;
	uint64_t pictures;
	/* The first ones wait until it is known. */
	AVFrame *held[INTERLACE_HELD_MAX];
	size_t n_held, held_bytes;
	bool released;
	/* For the report: pictures that were not what they said. */
	uint64_t unsaid, untrue;
};

/* NULL: there are no more. */
int interlace_push(struct interlace *interlace, AVFrame *frame, struct vm_error *err);

/* What was seen so far does not count for what comes. */
void interlace_forget(struct interlace *interlace);
void interlace_finish(struct interlace *interlace);

#endif
