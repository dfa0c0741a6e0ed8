/* gain.c - how much louder or softer a sound becomes, and what keeps its peaks down. */
#include "gain.h"

#include <math.h>
#include <stdio.h>

/* Below this nothing was heard that could be made louder. */
#define SILENT_LUFS (-69.0)
/* What is whispered so low is rather noise. */
#define GAIN_MAX_DB 40.0
/* AAC at usual rates puts peaks up to about this much higher; with a limiter it is tried. */
#define ENCODER_DB 2.0
#define ENCODER_LIMITED_DB 1.0
/* As near as EBU R 128 asks of programmes. */
#define NEAR_LU 0.5
/* The peaks between samples show at four times the rate. */
#define OVERSAMPLE 4

static const double more_db[GAIN_CANDIDATES] = {0, 0.75, 1.5, 3, 5};

struct gain gain_of(const struct loudness *measured, double target, double true_peak)
{
	struct gain gain = {.ceiling = true_peak - ENCODER_LIMITED_DB};

	if (measured->integrated < SILENT_LUFS)
		return gain;
	gain.db = fmin(target - measured->integrated, GAIN_MAX_DB);
	gain.limited = measured->true_peak + gain.db > true_peak - ENCODER_DB;
	return gain;
}

struct gain gain_candidate(const struct gain *gain, size_t number)
{
	struct gain candidate = *gain;

	candidate.db += more_db[number];
	return candidate;
}

/* How much more than the first candidate's gain reaches the target. */
static double more_for(const double reached[GAIN_CANDIDATES], double target)
{
	size_t i = 0;
	double step;

	while (i < GAIN_CANDIDATES && reached[i] < target)
		i++;
	if (i == 0)
		return 0;
	if (i == GAIN_CANDIDATES)
		return more_db[i - 1];
	step = reached[i] - reached[i - 1];
	return more_db[i - 1] + (target - reached[i - 1]) / step * (more_db[i] - more_db[i - 1]);
}

/*
 * A limiter does to a sound twice as loud under a ceiling twice as high what it does to the sound
 * itself: so a lower ceiling is reached by a gain that would come out as much too loud.
 */
struct gain gain_settle(const struct gain *first, const double reached[GAIN_CANDIDATES],
                        double target, double less)
{
	struct gain gain = *first;

	gain.db += more_for(reached, target + less) - less;
	gain.ceiling -= less;
	return gain;
}

double gain_miss(const struct loudness *made, double target, double true_peak)
{
	return fmax(made->true_peak - true_peak, 0) +
	       fmax(fabs(made->integrated - target) - NEAR_LU, 0);
}

void gain_filters(const struct gain *gain, int rate, char text[GAIN_FILTERS_MAX])
{
	if (!gain->limited)
		snprintf(text, GAIN_FILTERS_MAX, "volume=%.3fdB", gain->db);
	else
		snprintf(text, GAIN_FILTERS_MAX,
		         "volume=%.3fdB,aresample=%d,alimiter=limit=%.6f:level=0:latency=1,aresample=%d",
		         gain->db, rate * OVERSAMPLE, pow(10, gain->ceiling / 20), rate);
}
