/* sound_filter.h - decoded sound made into the rate, channels and format of one rendition. */
#ifndef CODEC_FFMPEG_SOUND_FILTER_H
#define CODEC_FFMPEG_SOUND_FILTER_H

#include <vidmill/status.h>

#include "gain.h"
#include "graph.h"
#include "log.h"

/* Receives a frame of any length; borrowed. */
typedef int sound_emit_fn(void *ctx, const AVFrame *frame, struct vm_error *err);

/* [one thread] Zero but for the first members is new. Times are in samples of the input's rate. */
struct sound_filter {
	int rate, channels;
	int codec;               /* enum audio_codec: where the channels are */
	const struct gain *gain; /* NULL: none */
	struct log *log;
	sound_emit_fn *emit;
	void *emit_ctx;

	struct graph graph;
	AVFrame *out;
	/* What the graph was made for. */
	int input_rate, input_format;
	AVChannelLayout input_layout;
};

/*
 * A clock that drifts from the pictures' is followed by stretching the sound, by
 * less than one hears. NULL: there is no more. A frame of another rate, format
 * or layout than the one before is no mistake.
 */
int sound_filter_push(struct sound_filter *filter, const AVFrame *frame, struct vm_error *err);
void sound_filter_finish(struct sound_filter *filter);

#endif
