/* graph.h - a chain of libavfilter's filters, for sound or for pictures. */
#ifndef CODEC_FFMPEG_GRAPH_H
#define CODEC_FFMPEG_GRAPH_H

#include <libavfilter/avfilter.h>
#include <libavutil/frame.h>

/* Zero is not open. */
struct graph {
	AVFilterGraph *graph;
	AVFilterContext *source, *sink;
};

/* For frames like this one; `filters` as FFmpeg's command takes them. The times of sound count
 * samples. Each returns a code of FFmpeg's. */
int graph_open(struct graph *graph, const AVFrame *like, const char *filters);
int graph_open_pictures(struct graph *graph, const AVFrame *like, AVRational time_base, int threads,
                        const char *filters);
void graph_finish(struct graph *graph);

#endif
