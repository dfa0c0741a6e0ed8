/* plan.h - everything that is decided before the first picture is decoded. */
#ifndef CODEC_FFMPEG_PLAN_H
#define CODEC_FFMPEG_PLAN_H

#include "colour.h"
#include "input.h"
#include "ladder.h"
#include "part.h"
#include "plan_sound.h"
#include "plan_text.h"
#include "shape.h"
#include "snaps_plan.h"

/* Pictures that are handed on as they are; times are of the plan's time base. */
struct plan_copy {
	struct rung *rung; /* of the ladder; NULL: none */
	char why_not[FIT_WHY_MAX];
	int64_t start; /* the source's time that is the outputs' 0 */
	/* Matroska does not say when the first of them are decoded: so many, before this one's time. */
	int64_t untimed, first_timed;
	int64_t *cuts; /* where segments begin */
	size_t n_cuts;
	int64_t poster_from, preview_from; /* the last keyframes before them */
	bool captioned;
};

struct plan {
	bool hls, dash, mp4, webm;
	int64_t duration_ms; /* of the source, or of the part of it that is made; 0: not known */
	struct part part;
	uint64_t segment_ms;
	/* Pictures: none when the ladder is empty. */
	struct ladder ladder;
	struct shape shape;
	struct colour colour;
	AVRational time_base;  /* of all outputs' pictures: the source's own */
	AVRational frame_rate; /* about */
	bool even_rate;
	int64_t step;    /* of the source: for a picture that does not say how long it lasts */
	int64_t cadence; /* the one distance of the pictures that are made; 0: their own */
	int64_t poster_us;
	struct snaps_plan snaps;
	int preset; /* of config_presets */
	int rate;   /* enum rate */
	AVRational peak;
	bool score;
	int64_t tried_ms;                         /* of the source, for rate = "per-title" */
	const struct watermark_option *watermark; /* NULL: none */
	struct plan_copy copy;
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
void plan_finish(struct plan *plan);

/* Pure. The most bits that a rendition may take in a second, over one and a half of them. */
int64_t plan_cap(const struct plan *plan, const struct rung *rung);

/* Pure. Of the processors for one rendition of a ladder that is encoded. */
int plan_encoder_threads(const struct ladder *ladder, size_t rung, uint32_t processors);
int plan_decoder_threads(uint32_t processors);

#endif
