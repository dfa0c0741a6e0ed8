/* graph.h - a chain of libavfilter's filters, for sound or for pictures. */
#ifndef CODEC_FFMPEG_GRAPH_H
#define CODEC_FFMPEG_GRAPH_H

#include <libavfilter/avfilter.h>
#include <libavutil/frame.h>

/* Zero is not open. */
struct graph {
	AVFilterGraph *graph;
	AVFilterContext *source, *other, *sink; /* other: of a pair */
};

/* For frames like this one; `filters` as FFmpeg's command takes them. The times of sound count
 * samples. Each returns a code of FFmpeg's. */
int graph_open(struct graph *graph, const AVFrame *like, const char *filters);
int graph_open_pictures(struct graph *graph, const AVFrame *like, AVRational time_base, int threads,
                        const char *filters);
/* Of two pictures with the same time, which the filters call [in] and [other]. */
int graph_open_pair(struct graph *graph, const AVFrame *like, const AVFrame *like_other,
                    AVRational time_base, const char *filters);
void graph_finish(struct graph *graph);

#endif
