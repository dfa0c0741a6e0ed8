/* envelope.h - how loud a sound is from moment to moment, in few numbers. */
#ifndef CODEC_FFMPEG_ENVELOPE_H
#define CODEC_FFMPEG_ENVELOPE_H

#include <stdbool.h>

#include <libavutil/frame.h>

#include <vidmill/status.h>

/* A moment lasts as long as a packet of AAC at 48 kHz, about. */
enum { ENVELOPE_MOMENTS_A_SECOND = 50, ENVELOPE_POLES = 4 };

/* Zero is empty. */
struct envelope {
	uint8_t *levels; /* half decibels above -127 dBFS */
	size_t first;    /* the moment of levels[0], counted from the time 0 */
	size_t count, capacity;
	/* Of the moment that is not over yet. */
	double squares;
	int samples;
	double poles[ENVELOPE_POLES];
};

/*
 * Samples follow each other; `sample` is the place of the first of them, at
 * frame->sample_rate from the time 0. Floats in planes. Beyond a day nothing is kept.
 */
int envelope_push(struct envelope *envelope, const AVFrame *frame, int64_t sample,
                  struct vm_error *err);
void envelope_finish(struct envelope *envelope);

struct envelope_match {
	bool silent, loud; /* most of what was to be heard is not; noise where there was silence */
	/* By how much what is heard comes later than it should, as far as that can be told; 0: it
	 * does not, or nothing changes enough to tell. */
	int late_ms;
};

/* Pure. `heard` is a part of `made` as it came back out of an output. */
struct envelope_match envelope_compare(const struct envelope *made, const struct envelope *heard);

#endif
