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

static AVFilterInOut *open_end(const char *name, AVFilterContext *filter)
{
	AVFilterInOut *end = avfilter_inout_alloc();

	if (end == NULL || (end->name = av_strdup(name)) == NULL)
		avfilter_inout_free(&end);
	else
		end->filter_ctx = filter;
	return end;
}

static int parse(struct graph *graph, const char *filters)
{
	AVFilterInOut *from = open_end("in", graph->source), *to = open_end("out", graph->sink);
	int code = AVERROR(ENOMEM);

	if (from != NULL && graph->other != NULL)
		from->next = open_end("other", graph->other);
	if (from != NULL && to != NULL && (graph->other == NULL || from->next != NULL))
		code = avfilter_graph_parse_ptr(graph->graph, filters, &to, &from, NULL);
	avfilter_inout_free(&from);
	avfilter_inout_free(&to);
	return code;
}

static int create_picture_source(struct graph *graph, const char *name, const AVFrame *like,
                                 AVRational time_base, AVFilterContext **source)
{
	AVRational pixel = like->sample_aspect_ratio;
	char arguments[256];

	snprintf(arguments, sizeof arguments,
	         "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=%d/%d", like->width,
	         like->height, like->format, time_base.num, time_base.den, pixel.num,
	         pixel.den > 0 ? pixel.den : 1);
	return avfilter_graph_create_filter(source, avfilter_get_by_name("buffer"), name, arguments,
	                                    NULL, graph->graph);
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
	    (code = create_picture_source(graph, "in", like, time_base, &graph->source)) < 0)
		return code;
	return complete(graph, "buffersink", filters);
}

int graph_open_pair(struct graph *graph, const AVFrame *like, const AVFrame *like_other,
                    AVRational time_base, const char *filters)
{
	int code;

	if ((code = alloc(graph, 1)) < 0 ||
	    (code = create_picture_source(graph, "in", like, time_base, &graph->source)) < 0 ||
	    (code = create_picture_source(graph, "other", like_other, time_base, &graph->other)) < 0)
		return code;
	return complete(graph, "buffersink", filters);
}

void graph_finish(struct graph *graph)
{
	avfilter_graph_free(&graph->graph);
}
