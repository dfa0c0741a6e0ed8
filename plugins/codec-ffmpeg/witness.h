/* witness.h - what went into the encoders: what comes out of the storage is held against it. */
#ifndef CODEC_FFMPEG_WITNESS_H
#define CODEC_FFMPEG_WITNESS_H

#include <pthread.h>

#include "config.h"
#include "envelope.h"
#include "imprint.h"
#include "plan_sound.h"

/* The first picture of a segment. */
struct sight {
	int64_t time_us;
	struct imprint imprint;
};

/* One rendition. [the thread of its encoder; once the job is over, any] */
struct witness_track {
	char name[SOUND_NAME_MAX];
	bool copied; /* its packets are the source's: nobody saw pictures or heard sound */
	struct sight *sights;
	size_t n_sights, capacity;
	struct envelope heard;
	/* The initialisation segment, without which its segments are nothing. */
	uint8_t *header;
	size_t header_bytes;
	size_t n_segments; /* that were written */
};

/* All renditions of one job; pictures first, then sounds, as the plan has them. */
struct witness {
	atomic_uint holders;
	size_t n_pictures, count;
	size_t mp4_sounds, webm_sounds; /* where those begin that lie beside pictures in one file */
	struct witness_track tracks[RENDITIONS_MAX + SOUNDS_MAX];
};

/* NULL: no memory. Held once by the caller. */
struct witness *witness_create(const struct plan *plan);
void witness_drop(struct witness *witness); /* accepts NULL */

int witness_see(struct witness_track *track, const AVFrame *picture, AVRational time_base,
                struct vm_error *err);
int witness_hear(struct witness_track *track, const AVFrame *frame, int64_t sample,
                 struct vm_error *err);
int witness_keep_header(struct witness_track *track, const void *bytes, size_t length,
                        struct vm_error *err);

/* NULL when there is none of that name. */
const struct witness_track *witness_find(const struct witness *witness, const char *name,
                                         size_t length);
/* The sight nearest to that time, NULL when there is none within a millisecond. */
const struct sight *witness_sight(const struct witness_track *track, int64_t time_us);

/* Where an instance keeps that of its last job. [any thread] */
struct witness_place {
	pthread_mutex_t lock;
	struct witness *last;
};

void witness_place_init(struct witness_place *place);
void witness_place_finish(struct witness_place *place);
/* Takes the caller's hold. NULL: there is none any more. */
void witness_place_put(struct witness_place *place, struct witness *witness);
/* To be dropped; NULL when there is none. */
struct witness *witness_place_hold(struct witness_place *place);

#endif
