/* envelope.c - how loud a sound is from moment to moment, in few numbers. */
#include "envelope.h"

#include <math.h>
#include <stdlib.h>

#define MOMENTS_MAX ((size_t)24 * 3600 * ENVELOPE_MOMENTS_A_SECOND)
/* Of the highest tones an encoder leaves out what it likes: they do not count. */
#define PASS_HZ 3000
#define FLOOR_DB 127
#define STEPS_A_DB 2
#define LEVEL(db) (((db) + FLOOR_DB) * STEPS_A_DB)

/* What is quieter than this is silence to a listener, and an encoder may leave it out. */
#define AUDIBLE LEVEL(-50)
/* No encoder that works is off by so much in the mean of 20 ms. */
#define FAR_OFF (20 * STEPS_A_DB)
/* A decoder that begins in the middle has no past; what ends there may be cut. */
#define EDGE 4
/* How far is looked for a shift, and how much better it must fit to be one. */
#define SHIFT_MAX 15
#define SHIFT_LEAST (3 * STEPS_A_DB)
#define COMPARED_LEAST 20
#define JUDGED_LEAST 5

static uint8_t level_of(double mean_square)
{
	double db = mean_square > 0 ? 10 * log10(mean_square) : -FLOOR_DB;

	return (uint8_t)(LEVEL(db) < 0 ? 0 : LEVEL(db) > UINT8_MAX ? UINT8_MAX : LEVEL(db));
}

static int close_moment(struct envelope *envelope, struct vm_error *err)
{
	if (envelope->count == envelope->capacity) {
		size_t capacity = envelope->capacity == 0 ? 1024 : envelope->capacity * 2;
		uint8_t *levels = realloc(envelope->levels, capacity);

		if (levels == NULL)
			return vm_fail_memory(err);
		envelope->levels = levels;
		envelope->capacity = capacity;
	}
	envelope->levels[envelope->count++] = level_of(envelope->squares / envelope->samples);
	envelope->squares = 0;
	envelope->samples = 0;
	return VM_OK;
}

/* All channels as one; with unlike weights, so that what is turned round in one does not vanish. */
static double mix(const AVFrame *frame, int sample)
{
	double sum = 0, weights = 0;

	for (int i = 0; i < frame->ch_layout.nb_channels; i++) {
		double weight = 1.0 / (1 + i);

		sum += weight * (double)((const float *)(const void *)frame->extended_data[i])[sample];
		weights += weight;
	}
	return sum / weights;
}

static double pass_low(double poles[ENVELOPE_POLES], double share, double value)
{
	for (int i = 0; i < ENVELOPE_POLES; i++)
		value = poles[i] += share * (value - poles[i]);
	return value;
}

int envelope_push(struct envelope *envelope, const AVFrame *frame, int64_t sample,
                  struct vm_error *err)
{
	double share = 1 - exp(-2 * M_PI * PASS_HZ / frame->sample_rate);
	int status = VM_OK;

	for (int i = 0; i < frame->nb_samples && status == VM_OK; i++, sample++) {
		double value = pass_low(envelope->poles, share, mix(frame, i));
		size_t moment;

		if (sample < 0)
			continue;
		moment = (size_t)(sample * ENVELOPE_MOMENTS_A_SECOND / frame->sample_rate);
		if (moment >= MOMENTS_MAX)
			return VM_OK;
		if (envelope->count == 0 && envelope->samples == 0)
			envelope->first = moment;
		if (moment > envelope->first + envelope->count && envelope->samples > 0)
			status = close_moment(envelope, err);
		envelope->squares += value * value;
		envelope->samples++;
	}
	return status;
}

void envelope_finish(struct envelope *envelope)
{
	free(envelope->levels);
	*envelope = (struct envelope){0};
}

/* What both have, but for the edges of the part: `from` and `to` count in `heard`. */
static void overlap(const struct envelope *made, const struct envelope *heard, size_t *from,
                    size_t *to)
{
	size_t made_end = made->first + made->count, heard_end = heard->first + heard->count;
	size_t end = made_end < heard_end ? made_end : heard_end;
	size_t begin = heard->first > made->first ? heard->first : made->first;

	*from = begin - heard->first + EDGE;
	*to = end > begin ? end - heard->first : 0;
	*to = *to > EDGE ? *to - EDGE : 0;
}

static int made_at(const struct envelope *made, size_t moment, int shift)
{
	int64_t index = (int64_t)moment - (int64_t)made->first - shift;

	return index < 0 || index >= (int64_t)made->count ? 0 : made->levels[index];
}

/* The mean of what they differ by, if what is heard comes `shift` moments late. */
static double difference(const struct envelope *made, const struct envelope *heard, size_t from,
                         size_t to, int shift)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += abs(heard->levels[i] - made_at(made, heard->first + i, shift));
	return sum / (double)(to - from);
}

static int find_shift(const struct envelope *made, const struct envelope *heard, size_t from,
                      size_t to)
{
	double in_place = INFINITY, best = INFINITY;
	int shift = 0;

	/* Within a moment of its place it is in its place: that is one packet. */
	for (int i = -1; i <= 1; i++)
		in_place = fmin(in_place, difference(made, heard, from, to, i));
	for (int i = -SHIFT_MAX; i <= SHIFT_MAX; i++) {
		double here = difference(made, heard, from, to, i);

		if (here < best) {
			best = here;
			shift = i;
		}
	}
	return in_place > SHIFT_LEAST && best < in_place / 2 ? shift : 0;
}

struct envelope_match envelope_compare(const struct envelope *made, const struct envelope *heard)
{
	struct envelope_match match = {0};
	size_t from, to, audible = 0, missing = 0, silent = 0, noisy = 0;
	int shift;

	overlap(made, heard, &from, &to);
	if (to < from + COMPARED_LEAST)
		return match;
	/* Of what is out of step nothing is where it should be. */
	if ((shift = find_shift(made, heard, from, to)) != 0) {
		match.late_ms = shift * (1000 / ENVELOPE_MOMENTS_A_SECOND);
		return match;
	}
	for (size_t i = from; i < to; i++) {
		int wanted = made_at(made, heard->first + i, 0), got = heard->levels[i];

		audible += wanted > AUDIBLE;
		missing += wanted > AUDIBLE && got < wanted - FAR_OFF;
		silent += wanted <= AUDIBLE;
		noisy += wanted <= AUDIBLE && got > AUDIBLE + FAR_OFF / 2;
	}
	match.silent = audible >= JUDGED_LEAST && missing > audible / 2;
	match.loud = silent >= JUDGED_LEAST && noisy > silent / 2;
	return match;
}
