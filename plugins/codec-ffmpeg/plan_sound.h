/* plan_sound.h - which sounds are made of which tracks, and what their outputs are called. */
#ifndef CODEC_FFMPEG_PLAN_SOUND_H
#define CODEC_FFMPEG_PLAN_SOUND_H

#include "fit.h"
#include "input.h"
#include "label.h"
#include "level.h"

/* Each is an encoder: with many options fewer tracks are taken. */
enum { SOUNDS_MAX = 32, SOUND_NAME_MAX = 80 };

struct audio_option;
struct config;
struct plan;

/* One track of the source that is heard in the outputs; the first is the default. */
struct plan_track {
	AVStream *stream;   /* NULL: silence */
	struct label label; /* its name is unique among the tracks */
};

/* One track as one option wants it. */
struct plan_sound {
	const struct audio_option *option;
	size_t track;
	int rate, channels;        /* of the output: never more than the source has */
	char name[SOUND_NAME_MAX]; /* unique, and safe in a path */
	struct level level;        /* how loud it becomes */
	bool copied;               /* the source's own packets, as they are */
	char why_not[FIT_WHY_MAX];
};

/* Pure. Fills tracks and sounds: those of an option stand together, in the order of the tracks. */
void plan_sounds(const struct config *config, const struct input *input, struct plan *plan);

/*
 * Pure. The first of the sounds that lie beside pictures in one file, n_tracks of
 * them: those of the first option, of a WebM those of the first that it can hold.
 * n_sounds: there are none.
 */
size_t plan_movie_sounds(const struct plan *plan, bool webm);

#endif
