/* silence.h - sound for pictures that have none: silence, as long as they are. */
#ifndef CODEC_FFMPEG_SILENCE_H
#define CODEC_FFMPEG_SILENCE_H

#include "audio_encoder.h"
#include "crew.h"
#include "plan.h"

/* [the thread of the pictures] Zero makes nothing. */
struct silence {
	struct crew *crew;
	struct audio_encoder encoders[RENDITIONS_MAX]; /* one of each option */
	size_t count;
};

/* For a plan that is silent, which lasts as long. */
int silence_open(struct silence *silence, const struct plan *plan, struct crew *crew,
                 struct vm_error *err);

/* Goes on until the pictures' time; what was there before is not made again. */
int silence_until(struct silence *silence, int64_t time, AVRational time_base,
                  struct vm_error *err);
int silence_end(struct silence *silence, struct vm_error *err);
void silence_finish(struct silence *silence);

#endif
