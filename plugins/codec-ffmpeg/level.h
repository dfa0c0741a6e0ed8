/* level.h - one sound is brought to its loudness, step by step: what to find out next. */
#ifndef CODEC_FFMPEG_LEVEL_H
#define CODEC_FFMPEG_LEVEL_H

#include "gain.h"

enum level_step {
	LEVEL_DONE = 1, /* nothing */
	LEVEL_MEASURE,  /* how loud it is */
	LEVEL_TRY,      /* how loud it becomes with a limiter and several gains */
	LEVEL_ENCODE,   /* where the encoder puts its peaks with this gain */
};

/* A limiter and an encoder may each be asked: at most so many steps. */
enum { LEVEL_TRIES_MAX = 3, LEVEL_STEPS_MAX = 2 + LEVEL_TRIES_MAX };

struct level {
	bool wanted;
	double target, true_peak; /* LUFS, dBTP */
	enum level_step step;
	struct loudness measured; /* before the gain */
	struct gain gain;         /* the best that is known */
	/* From step to step. */
	struct gain first, best;
	double reached[GAIN_CANDIDATES], less, best_miss;
	unsigned tries;
};

/* Pure, all of them: the answers to LEVEL_MEASURE, LEVEL_TRY and LEVEL_ENCODE. */
void level_measured(struct level *level, struct loudness measured);
void level_tried(struct level *level, const double reached[GAIN_CANDIDATES]);
void level_encoded(struct level *level, struct loudness made);

#endif
