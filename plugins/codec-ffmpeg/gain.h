/* gain.h - how much louder or softer a sound becomes, and what keeps its peaks down. */
#ifndef CODEC_FFMPEG_GAIN_H
#define CODEC_FFMPEG_GAIN_H

#include <stdbool.h>
#include <stddef.h>

enum { GAIN_CANDIDATES = 5, GAIN_FILTERS_MAX = 200 };

/* EBU R 128: in LUFS, LU, and dBTP. */
struct loudness {
	double integrated, range, true_peak;
};

struct gain {
	double db;
	bool limited;   /* peaks above `ceiling` are taken down */
	double ceiling; /* dBTP */
};

/*
 * Pure. One gain for the whole sound where its peaks allow that, so that nothing of it changes
 * but how loud it is; otherwise a limiter too, and then it is to be settled by trying. What
 * is silent stays as it is. Encoders raise peaks: they are left room.
 */
struct gain gain_of(const struct loudness *measured, double target, double true_peak);

/* Pure. A limiter takes loudness as well: gains to try, of which the first is the gain itself. */
struct gain gain_candidate(const struct gain *gain, size_t number);

/*
 * Pure. The gain that reaches the target by how loud the candidates came out, as near as the
 * last one comes; with a ceiling that is `less` lower.
 */
struct gain gain_settle(const struct gain *first, const double reached[GAIN_CANDIDATES],
                        double target, double less);

/* Pure. By how much what came out of the encoder misses its wishes; 0: it does not. */
double gain_miss(const struct loudness *made, double target, double true_peak);

/* Pure. As filters of libavfilter for sound of that rate. */
void gain_filters(const struct gain *gain, int rate, char text[GAIN_FILTERS_MAX]);

#endif
