/* pace.h - how fast a stage is made, and how long it will still take. */
#ifndef WORKER_PACE_H
#define WORKER_PACE_H

#include "video/video.h"

/* Zero is new. Pure. */
struct pace {
	bool moving;
	int64_t from_ms; /* when it began to move */
	uint64_t from_done_ms;
};

/*
 * Fills speed and left_ms of `progress` by its done_ms and total_ms. A codec may
 * look at the whole source before it makes anything: until it moves nobody knows.
 */
void pace_tell(struct pace *pace, int64_t now_ms, struct video_progress *progress);

#endif
