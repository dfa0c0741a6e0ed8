/* stuck.h - videos that nobody saw to when they were due. */
#ifndef SERVER_STUCK_H
#define SERVER_STUCK_H

#include "server/server.h"
#include "video/video.h"

/*
 * Why a video counts as stuck: what the sweeper should have done was due
 * server.alarms.stuck ago, or its attempt has been silent for two leases and
 * that long. NULL: it is not.
 */
const char *video_is_stuck(const struct server *server, const struct video *video, int64_t now_ms);

/* How many there are. [blocking] */
int stuck_count(struct server *server, uint64_t *count, const struct vm_call *call,
                struct vm_error *err);

#endif
