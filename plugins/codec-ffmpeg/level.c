/* level.c - one sound is brought to its loudness, step by step: what to find out next. */
#include "level.h"

#include <math.h>
#include <string.h>

/* By how much lower the next try is than the last was too high. */
#define SPARE_DB 0.2
#define LESS_MAX_DB 1.0

void level_measured(struct level *level, struct loudness measured)
{
	level->measured = measured;
	level->first = level->gain = gain_of(&measured, level->target, level->true_peak);
	level->step = level->gain.limited ? LEVEL_TRY : LEVEL_DONE;
}

void level_tried(struct level *level, const double reached[GAIN_CANDIDATES])
{
	memcpy(level->reached, reached, sizeof level->reached);
	level->gain = gain_settle(&level->first, reached, level->target, 0);
	level->step = LEVEL_ENCODE;
}

/*
 * Of one and the same sound the encoder puts the peaks elsewhere with another gain, and not always
 * lower with a lower one: so what missed is tried a little lower, and the best try is taken.
 */
void level_encoded(struct level *level, struct loudness made)
{
	double miss = gain_miss(&made, level->target, level->true_peak);

	if (level->tries++ == 0 || miss < level->best_miss) {
		level->best_miss = miss;
		level->best = level->gain;
	}
	if (miss <= 0 || level->tries == LEVEL_TRIES_MAX) {
		level->gain = level->best;
		level->step = LEVEL_DONE;
		return;
	}
	level->less += fmin(fmax(made.true_peak - level->true_peak, 0) + SPARE_DB, LESS_MAX_DB);
	level->gain = gain_settle(&level->first, level->reached, level->target, level->less);
}
