/* comb.h - whether the rows of one picture are of two moments. */
#ifndef CODEC_FFMPEG_COMB_H
#define CODEC_FFMPEG_COMB_H

#include <stdbool.h>

#include <libavutil/frame.h>

/*
 * Pure. Where something has moved between two fields, rows stick out of those above and below
 * them, and fit to the next but one. Fine lines of one moment stick out of both, or of neither.
 */
bool comb_in(const AVFrame *frame);

#endif
