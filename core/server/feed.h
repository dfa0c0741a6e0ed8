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
void feed_destroy(struct video_feed *feed);

void feed_tell(struct video_feed *feed, const struct video *video);
uint64_t feed_newest(struct video_feed *feed);

/*
 * The first change after *at, as public JSON text (free()) with its owner;
 * advances *at. NULL when there is none within wait_ms.
 */
char *feed_next(struct video_feed *feed, uint64_t *at, char owner[VIDEO_OWNER_MAX], int wait_ms);

#endif
