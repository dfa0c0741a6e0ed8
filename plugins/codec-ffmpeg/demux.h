/* demux.h - the thread that reads the source and shares its packets out. */
#ifndef CODEC_FFMPEG_DEMUX_H
#define CODEC_FFMPEG_DEMUX_H

#include "config.h"
#include "crew.h"
#include "input.h"
#include "jump.h"
#include "part.h"
#include "queue.h"

/* One decodes, others copy. */
enum { DEMUX_ROUTES_MAX = JUMP_STREAMS + TEXT_STREAMS_MAX, DEMUX_QUEUES_MAX = 1 + RENDITIONS_MAX };

struct demux {
	struct input *input;
	struct crew *crew;
	struct {
		const AVStream *stream;
		struct queue *queues[DEMUX_QUEUES_MAX]; /* each gets every packet */
		size_t n_queues;
		bool pauses; /* for as long as it likes: text */
		bool over;   /* what comes is behind the part */
	} routes[DEMUX_ROUTES_MAX];
	size_t n_routes;
	const struct part *part;
	struct jump jump;
	bool broke_off; /* the source ended in the middle of something */
	char reason[LOG_TEXT_MAX];
};

/* All are borrowed; the input is open. Of a part no more is read than can be helped. */
void demux_init(struct demux *demux, struct input *input, const struct part *part,
                struct crew *crew);

/* Packets of `stream` go to that queue too, which lasts as long as the crew; those that nobody
 * wants are dropped. Text comes behind pictures and sound. */
void demux_route(struct demux *demux, const AVStream *stream, struct queue *packets);

/* A crew_work_fn over a struct demux. Closes the queues at the source's end. */
int demux_run(void *ctx, struct vm_error *err);

#endif
