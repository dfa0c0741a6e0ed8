/* demux.h - the thread that reads the source and shares its packets out. */
#ifndef CODEC_FFMPEG_DEMUX_H
#define CODEC_FFMPEG_DEMUX_H

#include "crew.h"
#include "input.h"
#include "jump.h"
#include "queue.h"

struct demux {
	struct input *input;
	struct crew *crew;
	struct queue *video, *audio; /* NULL: nobody wants it */
	struct jump jump;
	bool broke_off; /* the source ended in the middle of something */
	char reason[LOG_TEXT_MAX];
};

/* A crew_work_fn over a struct demux. Closes the queues at the source's end. */
int demux_run(void *ctx, struct vm_error *err);

#endif
