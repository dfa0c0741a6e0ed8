/* graph.c - a chain of libavfilter's filters, for sound or for pictures. */
#include "graph.h"

#include <stdio.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>

static int create_sound_source(struct graph *graph, const AVFrame *like)
{
	char arguments[256], layout[128];

	if (av_channel_layout_describe(&like->ch_layout, layout, sizeof layout) < 0)
		return AVERROR(EINVAL);
	snprintf(arguments, sizeof arguments,
	         "time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s", like->sample_rate,
	         like->sample_rate, av_get_sample_fmt_name((enum AVSampleFormat)like->format), layout);
	return avfilter_graph_create_filter(&graph->source, avfilter_get_by_name("abuffer"), "in",
	                                    arguments, NULL, graph->graph);
}

static int parse(struct graph *graph, const char *filters)
{
	AVFilterInOut *from = avfilter_inout_alloc(), *to = avfilter_inout_alloc();
	int code = AVERROR(ENOMEM);

	if (from != NULL && to != NULL) {
		*from = (AVFilterInOut){.name = av_strdup("in"), .filter_ctx = graph->source};
		*to = (AVFilterInOut){.name = av_strdup("out"), .filter_ctx = graph->sink};
		if (from->name != NULL && to->name != NULL)
			code = avfilter_graph_parse_ptr(graph->graph, filters, &to, &from, NULL);
	}
	avfilter_inout_free(&from);
	avfilter_inout_free(&to);
	return code;
}

static int create_picture_source(struct graph *graph, const AVFrame *like, AVRational time_base)
{
	AVRational pixel = like->sample_aspect_ratio;
	char arguments[256];

	snprintf(arguments, sizeof arguments,
	         "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=%d/%d", like->width,
	         like->height, like->format, time_base.num, time_base.den, pixel.num,
	         pixel.den > 0 ? pixel.den : 1);
	return avfilter_graph_create_filter(&graph->source, avfilter_get_by_name("buffer"), "in",
	                                    arguments, NULL, graph->graph);
}

static int alloc(struct graph *graph, int threads)
{
	if ((graph->graph = avfilter_graph_alloc()) == NULL)
		return AVERROR(ENOMEM);
	graph->graph->nb_threads = threads;
	return 0;
}

static int complete(struct graph *graph, const char *sink, const char *filters)
{
	int code;

	if ((code = avfilter_graph_create_filter(&graph->sink, avfilter_get_by_name(sink), "out", NULL,
	                                         NULL, graph->graph)) < 0 ||
	    (code = parse(graph, filters)) < 0)
		return code;
	return avfilter_graph_config(graph->graph, NULL);
}

int graph_open(struct graph *graph, const AVFrame *like, const char *filters)
{
	int code;

	if ((code = alloc(graph, 1)) < 0 || (code = create_sound_source(graph, like)) < 0)
		return code;
	return complete(graph, "abuffersink", filters);
}

int graph_open_pictures(struct graph *graph, const AVFrame *like, AVRational time_base, int threads,
                        const char *filters)
{
	int code;

	if ((code = alloc(graph, threads)) < 0 ||
	    (code = create_picture_source(graph, like, time_base)) < 0)
		return code;
	return complete(graph, "buffersink", filters);
}

void graph_finish(struct graph *graph)
{
	avfilter_graph_free(&graph->graph);
}
