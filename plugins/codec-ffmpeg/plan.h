/* plan.h - everything that is decided before the first picture is decoded. */
#ifndef CODEC_FFMPEG_PLAN_H
#define CODEC_FFMPEG_PLAN_H

#include "colour.h"
#include "input.h"
#include "ladder.h"
#include "plan_sound.h"
#include "plan_text.h"
#include "shape.h"

struct plan {
	bool hls, mp4;
	int64_t duration_ms; /* of the source; 0: not known */
	uint64_t segment_ms;
	/* Pictures: none when the ladder is empty. */
	struct ladder ladder;
	struct shape shape;
	struct colour colour;
	AVRational time_base;  /* of all outputs' pictures: the source's own */
	AVRational frame_rate; /* about */
	bool even_rate;
	int64_t poster_us;
	const char *preset;
	/* Sound. */
	struct plan_track tracks[SOUND_STREAMS_MAX];
	size_t n_tracks, tracks_left_out;
	struct plan_sound sounds[SOUNDS_MAX]; /* option by option, n_tracks of each */
	size_t n_sounds;
	struct plan_text texts[TEXT_STREAMS_MAX];
	size_t n_texts, texts_left_out;
	bool silent; /* the source has no sound: the one track, without a stream, is silence */
};

/* VM_ERR_UNSUPPORTED when the source has nothing of what the options ask for. */
int plan_make(const struct config *config, const struct input *input, struct plan *out,
              struct vm_error *err);

/* Pure. Of the processors for one rendition of a ladder. */
int plan_encoder_threads(const struct ladder *ladder, size_t rung, uint32_t processors);
int plan_decoder_threads(uint32_t processors);

#endif
