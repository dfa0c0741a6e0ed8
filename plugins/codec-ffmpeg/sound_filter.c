/* sound_filter.c - decoded sound made into the rate, channels and format of one rendition. */
#include "sound_filter.h"

#include <stdio.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>

#include "error.h"

/* Studios go up to this. The work and the memory to come down to 48 kHz grow with the rate. */
#define RATE_MAX 768000
/* At most 480 samples in a second are made more or fewer, and only for a drift of 10 ms. */
#define FOLLOW_CLOCK "async=480:min_comp=0.01:min_hard_comp=0.1"

static int create_source(struct sound_filter *filter, const AVFrame *frame)
{
	char arguments[256], layout[128];

	if (av_channel_layout_describe(&frame->ch_layout, layout, sizeof layout) < 0)
		return AVERROR(EINVAL);
	snprintf(arguments, sizeof arguments,
	         "time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s", frame->sample_rate,
	         frame->sample_rate, av_get_sample_fmt_name((enum AVSampleFormat)frame->format),
	         layout);
	return avfilter_graph_create_filter(&filter->source, avfilter_get_by_name("abuffer"), "in",
	                                    arguments, NULL, filter->graph);
}

static int create_resampler(struct sound_filter *filter, AVFilterContext **resampler)
{
	char arguments[256], layout[64];
	AVChannelLayout channels;

	av_channel_layout_default(&channels, filter->channels);
	if (av_channel_layout_describe(&channels, layout, sizeof layout) < 0)
		return AVERROR(EINVAL);
	snprintf(arguments, sizeof arguments, "osr=%d:osf=fltp:ochl=%s:" FOLLOW_CLOCK, filter->rate,
	         layout);
	return avfilter_graph_create_filter(resampler, avfilter_get_by_name("aresample"), "resample",
	                                    arguments, NULL, filter->graph);
}

static int configure(struct sound_filter *filter, const AVFrame *frame)
{
	AVFilterContext *resampler;
	int code;

	avfilter_graph_free(&filter->graph);
	filter->input_rate = frame->sample_rate;
	filter->input_format = frame->format;
	if ((code = av_channel_layout_copy(&filter->input_layout, &frame->ch_layout)) < 0)
		return code;
	if (filter->out == NULL && (filter->out = av_frame_alloc()) == NULL)
		return AVERROR(ENOMEM);
	if ((filter->graph = avfilter_graph_alloc()) == NULL)
		return AVERROR(ENOMEM);
	filter->graph->nb_threads = 1;
	if ((code = create_source(filter, frame)) < 0 ||
	    (code = create_resampler(filter, &resampler)) < 0 ||
	    (code = avfilter_graph_create_filter(&filter->sink, avfilter_get_by_name("abuffersink"),
	                                         "out", NULL, NULL, filter->graph)) < 0 ||
	    (code = avfilter_link(filter->source, 0, resampler, 0)) < 0 ||
	    (code = avfilter_link(resampler, 0, filter->sink, 0)) < 0)
		return code;
	return avfilter_graph_config(filter->graph, NULL);
}

static int drain(struct sound_filter *filter, struct vm_error *err)
{
	int status = VM_OK, code;

	while (status == VM_OK && (code = av_buffersink_get_frame(filter->sink, filter->out)) >= 0) {
		status = filter->emit(filter->emit_ctx, filter->out, err);
		av_frame_unref(filter->out);
	}
	if (status == VM_OK && code != AVERROR(EAGAIN) && code != AVERROR_EOF)
		return error_of_ours(err, code, "filter sound", filter->log);
	return status;
}

static int push(struct sound_filter *filter, AVFrame *frame, struct vm_error *err)
{
	int code = av_buffersrc_add_frame_flags(filter->source, frame, AV_BUFFERSRC_FLAG_KEEP_REF);

	return code < 0 ? error_of_ours(err, code, "filter sound", filter->log) : drain(filter, err);
}

static bool fits(const struct sound_filter *filter, const AVFrame *frame)
{
	return filter->graph != NULL && filter->input_rate == frame->sample_rate &&
	       filter->input_format == frame->format &&
	       av_channel_layout_compare(&filter->input_layout, &frame->ch_layout) == 0;
}

int sound_filter_push(struct sound_filter *filter, AVFrame *frame, struct vm_error *err)
{
	int status, code;

	if (frame != NULL && !fits(filter, frame)) {
		if (filter->graph != NULL && (status = push(filter, NULL, err)) != VM_OK)
			return status;
		if (frame->sample_rate > RATE_MAX)
			return vm_fail(err, VM_ERR_UNSUPPORTED,
			               "filter sound: %d samples in a second, and no more than %d are taken",
			               frame->sample_rate, RATE_MAX);
		if ((code = configure(filter, frame)) < 0)
			return error_of_kind(err, code, "filter sound", filter->log);
	}
	return filter->graph != NULL ? push(filter, frame, err) : VM_OK;
}

void sound_filter_finish(struct sound_filter *filter)
{
	avfilter_graph_free(&filter->graph);
	av_frame_free(&filter->out);
	av_channel_layout_uninit(&filter->input_layout);
}
