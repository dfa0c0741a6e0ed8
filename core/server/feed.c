/* feed.c - a ring of changes under one lock, and a condition that wakes its readers. */
#include "server/feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/json.h"

enum { KEPT = 256 };

struct video_feed {
	pthread_mutex_t lock;
	pthread_cond_t told;
	uint64_t newest;
	struct feed_change changes[KEPT]; /* change n stands at n % KEPT */
};

int feed_create(struct video_feed **out, struct vm_error *err)
{
	struct video_feed *feed = calloc(1, sizeof *feed);
	pthread_condattr_t clock;

	if (feed == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&feed->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&feed->told, &clock);
	pthread_condattr_destroy(&clock);
	*out = feed;
	return VM_OK;
}

void feed_destroy(struct video_feed *feed)
{
	if (feed == NULL)
		return;
	for (size_t i = 0; i < KEPT; i++)
		free(feed->changes[i].json);
	pthread_cond_destroy(&feed->told);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}

void feed_tell(struct video_feed *feed, const struct video *video)
{
	json_t *json = video_to_public_json(video);
	struct feed_change change = {.version = video->version,
	                             .json = json != NULL ? json_write(json) : NULL};
	struct feed_change *place;

	json_decref(json);
	if (change.json == NULL)
		return;
	memcpy(change.video, video->id, sizeof change.video);
	memcpy(change.owner, video->owner, sizeof change.owner);

	pthread_mutex_lock(&feed->lock);
	change.number = ++feed->newest;
	place = &feed->changes[change.number % KEPT];
	free(place->json);
	*place = change;
	pthread_cond_broadcast(&feed->told);
	pthread_mutex_unlock(&feed->lock);
}

uint64_t feed_newest(struct video_feed *feed)
{
	uint64_t newest;

	pthread_mutex_lock(&feed->lock);
	newest = feed->newest;
	pthread_mutex_unlock(&feed->lock);
	return newest;
}

static void wait_for_change(struct video_feed *feed, uint64_t after, int wait_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += wait_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	while (feed->newest <= after)
		if (pthread_cond_timedwait(&feed->told, &feed->lock, &until) != 0)
			return;
}

bool feed_next(struct video_feed *feed, uint64_t after, int wait_ms, struct feed_change *out)
{
	bool found = false;

	pthread_mutex_lock(&feed->lock);
	wait_for_change(feed, after, wait_ms);
	if (feed->newest > after) {
		uint64_t oldest = feed->newest >= KEPT ? feed->newest - KEPT + 1 : 1;
		struct feed_change change = feed->changes[(after < oldest ? oldest : after + 1) % KEPT];

		change.json = strdup(change.json);
		if (change.json != NULL) {
			*out = change;
			found = true;
		}
	}
	pthread_mutex_unlock(&feed->lock);
	return found;
}
