/* sound_rendition.h - one sound of one track: brought into its form, then encoded or measured. */
#ifndef CODEC_FFMPEG_SOUND_RENDITION_H
#define CODEC_FFMPEG_SOUND_RENDITION_H

#include "audio_encoder.h"
#include "audition.h"
#include "plan.h"
#include "sound_filter.h"

/* [one thread] Zero is not open. */
struct sound_rendition {
	size_t number; /* among the plan's sounds */
	struct sound_filter filter;
	/* Either it is encoded, and what came of it heard when its loudness matters; */
	struct audio_encoder encoder;
	struct audition audition;
	/* or it is only measured, as it is or with several gains. */
	struct gain gains[GAIN_CANDIDATES];
	struct meter meters[GAIN_CANDIDATES];
	size_t n_meters;
};

/* The plan lasts as long as the rendition. */
int sound_rendition_encode(struct sound_rendition *rendition, const struct plan *plan,
                           size_t number, struct log *log, struct vm_error *err);

/* For the plan's LEVEL_MEASURE or LEVEL_TRY. */
void sound_rendition_measure(struct sound_rendition *rendition, const struct plan *plan,
                             size_t number, struct log *log);

/* No more comes. */
int sound_rendition_end(struct sound_rendition *rendition, struct vm_error *err);
void sound_rendition_finish(struct sound_rendition *rendition);

#endif
