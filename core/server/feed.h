/* feed.h - what changed in this process's videos, for those who watch. */
#ifndef SERVER_FEED_H
#define SERVER_FEED_H

#include "video/video.h"

/*
 * The last 256 changes in a ring. A reader that falls behind skips to the
 * oldest kept: each entry is a whole public document, so nothing is missed for
 * good. [any thread]
 */
struct video_feed;

int feed_create(struct video_feed **out, struct vm_error *err);
void feed_destroy(struct video_feed *feed); /* accepts NULL; nobody may be reading */

/* Without memory the change is left out: the next one of the video tells it all again. */
void feed_tell(struct video_feed *feed, const struct video *video);

/* The number of the newest change; 0: none yet. */
uint64_t feed_newest(struct video_feed *feed);

struct feed_change {
	uint64_t number; /* from 1, in order */
	uint64_t version;
	char video[VIDEO_ID_MAX];
	char owner[VIDEO_OWNER_MAX];
	char *json; /* the public document; free() */
};

/* The first change after `after`; false when there is none within wait_ms. */
bool feed_next(struct video_feed *feed, uint64_t after, int wait_ms, struct feed_change *out);

#endif
