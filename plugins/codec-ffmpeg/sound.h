/* sound.h - the thread that decodes one track of the sound once, for all its renditions. */
#ifndef CODEC_FFMPEG_SOUND_H
#define CODEC_FFMPEG_SOUND_H

#include "clock.h"
#include "decode.h"
#include "sound_rendition.h"

struct sound {
	struct decode decode;
	struct sound_clock clock;
	int rate;                                          /* in samples of which the clock counts */
	struct sound_rendition renditions[RENDITIONS_MAX]; /* one of each option */
	size_t count;
	int64_t most;       /* samples, until the part ends */
	bool begins_within; /* what is before the part is left out on purpose */
	struct queue packets;
	int64_t silence_ms, skipped_ms; /* for the report */
	atomic_int_least64_t done_ms;
};

/* `track` counts those of the plan, which lasts as long as `sound`. Nothing to run when all of its
 * sounds are copied. */
int sound_open(struct sound *sound, const struct plan *plan, size_t track, struct input *input,
               struct frame_count *count, bool required, struct crew *crew, struct vm_error *err);

/* The same, for what the plan has yet to know; nothing to run when that is no rendition. */
int sound_open_to_measure(struct sound *sound, const struct plan *plan, size_t track,
                          struct input *input, struct frame_count *count, struct crew *crew,
                          struct vm_error *err);

/* The place of the plan's sound among the renditions; it is one of this track, and encoded. */
size_t sound_find(const struct sound *sound, size_t number);

/* A crew_work_fn over a struct sound. */
int sound_run(void *ctx, struct vm_error *err);
void sound_finish(struct sound *sound);

#endif
