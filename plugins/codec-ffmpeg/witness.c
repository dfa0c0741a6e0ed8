/* witness.c - what went into the encoders: what comes out of the storage is held against it. */
#include "witness.h"

#include <stdlib.h>
#include <string.h>

#include "plan.h"

/* Times are rounded twice on their way: into the file's time base, and to microseconds. */
#define SAME_US 1000

static void add_track(struct witness *witness, const char *name, bool copied)
{
	struct witness_track *track = &witness->tracks[witness->count++];

	snprintf(track->name, sizeof track->name, "%s", name);
	track->copied = copied;
}

struct witness *witness_create(const struct plan *plan)
{
	struct witness *witness = calloc(1, sizeof *witness);

	if (witness == NULL)
		return NULL;
	atomic_init(&witness->holders, 1);
	for (size_t i = 0; i < plan->ladder.count; i++)
		add_track(witness, plan->ladder.rungs[i].option->name, plan->ladder.rungs[i].copied);
	witness->n_pictures = witness->count;
	witness->mp4_sounds = witness->count + plan_movie_sounds(plan, false);
	witness->webm_sounds = witness->count + plan_movie_sounds(plan, true);
	for (size_t i = 0; i < plan->n_sounds; i++)
		add_track(witness, plan->sounds[i].name, plan->sounds[i].copied);
	return witness;
}

void witness_drop(struct witness *witness)
{
	if (witness == NULL || atomic_fetch_sub(&witness->holders, 1) > 1)
		return;
	for (size_t i = 0; i < witness->count; i++) {
		free(witness->tracks[i].sights);
		free(witness->tracks[i].header);
		envelope_finish(&witness->tracks[i].heard);
	}
	free(witness);
}

int witness_see(struct witness_track *track, const AVFrame *picture, AVRational time_base,
                struct vm_error *err)
{
	if (track->n_sights == track->capacity) {
		size_t capacity = track->capacity == 0 ? 64 : track->capacity * 2;
		struct sight *sights = realloc(track->sights, capacity * sizeof *sights);

		if (sights == NULL)
			return vm_fail_memory(err);
		track->sights = sights;
		track->capacity = capacity;
	}
	track->sights[track->n_sights++] = (struct sight){
	    av_rescale_q(picture->pts, time_base, AV_TIME_BASE_Q), imprint_of(picture)};
	return VM_OK;
}

int witness_hear(struct witness_track *track, const AVFrame *frame, int64_t sample,
                 struct vm_error *err)
{
	return envelope_push(&track->heard, frame, sample, err);
}

int witness_keep_header(struct witness_track *track, const void *bytes, size_t length,
                        struct vm_error *err)
{
	if ((track->header = malloc(length)) == NULL)
		return vm_fail_memory(err);
	memcpy(track->header, bytes, length);
	track->header_bytes = length;
	return VM_OK;
}

const struct witness_track *witness_find(const struct witness *witness, const char *name,
                                         size_t length)
{
	for (size_t i = 0; i < witness->count; i++)
		if (strlen(witness->tracks[i].name) == length &&
		    memcmp(witness->tracks[i].name, name, length) == 0)
			return &witness->tracks[i];
	return NULL;
}

const struct sight *witness_sight(const struct witness_track *track, int64_t time_us)
{
	size_t low = 0, high = track->n_sights;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (track->sights[middle].time_us < time_us - SAME_US)
			low = middle + 1;
		else
			high = middle;
	}
	return low < track->n_sights && track->sights[low].time_us <= time_us + SAME_US
	           ? &track->sights[low]
	           : NULL;
}

void witness_place_init(struct witness_place *place)
{
	pthread_mutex_init(&place->lock, NULL);
	place->last = NULL;
}

void witness_place_finish(struct witness_place *place)
{
	witness_drop(place->last);
	pthread_mutex_destroy(&place->lock);
}

void witness_place_put(struct witness_place *place, struct witness *witness)
{
	struct witness *before;

	pthread_mutex_lock(&place->lock);
	before = place->last;
	place->last = witness;
	pthread_mutex_unlock(&place->lock);
	witness_drop(before);
}

struct witness *witness_place_hold(struct witness_place *place)
{
	struct witness *witness;

	pthread_mutex_lock(&place->lock);
	if ((witness = place->last) != NULL)
		atomic_fetch_add(&witness->holders, 1);
	pthread_mutex_unlock(&place->lock);
	return witness;
}
