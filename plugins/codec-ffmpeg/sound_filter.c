/* sound_filter.c - decoded sound made into the rate, channels and format of one rendition. */
#include "sound_filter.h"

#include <stdio.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>

#include "error.h"
#include "layout.h"

/* Studios go up to this. The work and the memory to come down to 48 kHz grow with the rate. */
#define RATE_MAX 768000
/* Channels that are mixed down are weakened until they fit, were they all at their loudest. */
#define NO_CLIPPING "rematrix_maxval=1"
/*
 * At most 480 samples in a second are made more or fewer, and only for a drift of 5 ms. Without
 * the flag the resampler starts anew when it first has to follow, and forgets how far off it was.
 */
#define FOLLOW_CLOCK "flags=res:async=480:min_comp=0.005:min_hard_comp=0.1"

static int configure(struct sound_filter *filter, const AVFrame *frame)
{
	char layout[64], gain[GAIN_FILTERS_MAX] = "anull", filters[512];
	AVChannelLayout channels;
	int code;

	graph_finish(&filter->graph);
	filter->input_rate = frame->sample_rate;
	filter->input_format = frame->format;
	if ((code = av_channel_layout_copy(&filter->input_layout, &frame->ch_layout)) < 0)
		return code;
	if (filter->out == NULL && (filter->out = av_frame_alloc()) == NULL)
		return AVERROR(ENOMEM);
	channels = layout_of(filter->codec, filter->channels);
	if (av_channel_layout_describe(&channels, layout, sizeof layout) < 0)
		return AVERROR(EINVAL);
	if (filter->gain != NULL)
		gain_filters(filter->gain, filter->rate, gain);
	snprintf(filters, sizeof filters,
	         "aresample=osr=%d:osf=fltp:ochl=%s:" NO_CLIPPING ":" FOLLOW_CLOCK ",%s,"
	         "aformat=sample_fmts=fltp:sample_rates=%d:channel_layouts=%s",
	         filter->rate, layout, gain, filter->rate, layout);
	return graph_open(&filter->graph, frame, filters);
}

static int drain(struct sound_filter *filter, struct vm_error *err)
{
	int status = VM_OK, code;

	while (status == VM_OK &&
	       (code = av_buffersink_get_frame(filter->graph.sink, filter->out)) >= 0) {
		status = filter->emit(filter->emit_ctx, filter->out, err);
		av_frame_unref(filter->out);
	}
	if (status == VM_OK && code != AVERROR(EAGAIN) && code != AVERROR_EOF)
		return error_of_ours(err, code, "filter sound", filter->log);
	return status;
}

static int push(struct sound_filter *filter, const AVFrame *frame, struct vm_error *err)
{
	int code = av_buffersrc_write_frame(filter->graph.source, frame);

	return code < 0 ? error_of_ours(err, code, "filter sound", filter->log) : drain(filter, err);
}

static bool fits(const struct sound_filter *filter, const AVFrame *frame)
{
	return filter->graph.graph != NULL && filter->input_rate == frame->sample_rate &&
	       filter->input_format == frame->format &&
	       av_channel_layout_compare(&filter->input_layout, &frame->ch_layout) == 0;
}

int sound_filter_push(struct sound_filter *filter, const AVFrame *frame, struct vm_error *err)
{
	int status, code;

	if (frame != NULL && !fits(filter, frame)) {
		if (filter->graph.graph != NULL && (status = push(filter, NULL, err)) != VM_OK)
			return status;
		if (frame->sample_rate > RATE_MAX)
			return vm_fail(err, VM_ERR_UNSUPPORTED,
			               "filter sound: %d samples in a second, and no more than %d are taken",
			               frame->sample_rate, RATE_MAX);
		if ((code = configure(filter, frame)) < 0)
			return error_of_kind(err, code, "filter sound", filter->log);
	}
	return filter->graph.graph != NULL ? push(filter, frame, err) : VM_OK;
}

void sound_filter_finish(struct sound_filter *filter)
{
	graph_finish(&filter->graph);
	av_frame_free(&filter->out);
	av_channel_layout_uninit(&filter->input_layout);
}
