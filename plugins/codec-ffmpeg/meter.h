/* meter.h - how loud a sound is (EBU R 128), by libavfilter's own meter. */
#ifndef CODEC_FFMPEG_METER_H
#define CODEC_FFMPEG_METER_H

#include <vidmill/status.h>

#include "gain.h"
#include "graph.h"
#include "log.h"

/* [one thread] Zero but for the first members is new. */
struct meter {
	struct log *log;
	const struct gain *gain; /* applied before it is measured; NULL: none */
	bool peaks;              /* true peaks too, which takes longer */
	struct graph graph;
	AVFrame *out;
	struct loudness loudness;
};

/* A sound_emit_fn over a struct meter: all frames of one kind. */
int meter_push(void *meter, const AVFrame *frame, struct vm_error *err);

/* Of what was pushed; silence when that was nothing. */
struct loudness meter_read(const struct meter *meter);
void meter_finish(struct meter *meter);

#endif
