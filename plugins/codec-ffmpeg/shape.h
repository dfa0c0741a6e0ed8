/* shape.h - how a source's pictures are meant to be seen: upright, with square pixels. */
#ifndef CODEC_FFMPEG_SHAPE_H
#define CODEC_FFMPEG_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include <libavformat/avformat.h>

/* How to turn a picture upright: filters of libavfilter, joined by commas; "": it is upright. */
struct orientation {
	const char *filters;
	int degrees; /* clockwise; for people */
	bool mirrored;
	bool swaps; /* width becomes height */
};

/* Pure. `matrix` of nine, as in the container; NULL: upright. */
struct orientation orientation_of(const int32_t *matrix);

/* Pure. Square pixels keep the height; a ratio that no camera makes counts as square. */
int shape_square_width(int width, AVRational pixel);

struct shape {
	int width, height; /* upright, square pixels */
	AVRational pixel;  /* as stored; 1:1 when not said */
	struct orientation orientation;
};

struct shape shape_of(AVFormatContext *format, AVStream *stream);

#endif
