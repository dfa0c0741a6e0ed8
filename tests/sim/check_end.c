/* check_end.c - what must hold when the world has come to rest. */
#include <string.h>

#include "check.h"
#include "known.h"
#include "parts.h"
#include "sim.h"
#include "video/keys.h"

#define LOOK_EVERY_MS 10000

static bool is_final(enum video_state state)
{
	return state == VIDEO_PROCESSED || state == VIDEO_FAILED || state == VIDEO_EXPIRED ||
	       state == VIDEO_CANCELED;
}

static bool all_settled;

static void look(const struct video *video)
{
	/* The last look for left-overs comes a day later. */
	if (!is_final(video->state) || video->dead_letter_owed ||
	    (video->clean_ms != 0 && video->clean_ms < world.now_ms + 12 * 3600 * 1000) ||
	    (video->outbox_event[0] != '\0' && video->outbox_sent_ms == 0))
		all_settled = false;
}

bool check_is_settled(void)
{
	all_settled = queue_messages(&sim_queue_unprocessed) == 0 &&
	              queue_messages(&sim_queue_processed) == 0;
	documents_each(look);
	return all_settled;
}

static void check_final(const struct video *video)
{
	const struct known *promised = know(video->id);

	if (!is_final(video->state))
		broken(TERMINATES, "video %s ends %s", video->id, video_state_name(video->state));
	if (promised->uploaded && video->state == VIDEO_EXPIRED)
		broken(TERMINATES, "video %s was uploaded and expired", video->id);
	if (video->dead_letter_owed)
		broken(TERMINATES, "video %s still owes its dead letter", video->id);
	if (video->outbox_event[0] != '\0' && video->outbox_sent_ms == 0)
		broken(NOTIFICATIONS, "video %s: the outcome was never told", video->id);
	if (video->clean_ms != 0 && video->clean_ms < world.now_ms)
		broken(LEAVES_NOTHING_BEHIND, "video %s is never cleaned", video->id);
	if (video->remove_asked)
		broken(LEAVES_NOTHING_BEHIND, "video %s was to be removed and is there", video->id);
}

static void check_left_over(void)
{
	for (const struct object *object = objects; object != NULL; object = object->next) {
		char id[VIDEO_ID_MAX] = "";
		struct video video;

		if (key_read_source(object->key, id))
			continue;
		snprintf(id, sizeof id, "%.32s", object->key + strlen("processed/"));
		if (!document_find(id, &video) ||
		    strncmp(object->key, video.result.manifest_key,
		            strlen(video.result.manifest_key) - strlen("manifest.json")) != 0)
			broken(LEAVES_NOTHING_BEHIND, "%s is left over", object->key);
	}
}

static void check_kept(struct known *known)
{
	struct video video;

	if (known->promised && !known->may_remove && !document_find(known->id, &video))
		broken(DURABLE, "video %s is gone", known->id);
}

void check_end(void)
{
	documents_each(check_final);
	known_each(check_kept);
	if (queue_messages(&sim_queue_unprocessed) != 0)
		broken(TERMINATES, "%llu task messages are left",
		       (unsigned long long)queue_messages(&sim_queue_unprocessed));
	check_left_over();
}

static void look_again(void *ctx)
{
	(void)ctx;
	for (;;) {
		world_sleep_ms(LOOK_EVERY_MS);
		check_recovery();
	}
}

void check_start(void)
{
	known_reset();
	process_run(NULL, look_again, NULL);
}
