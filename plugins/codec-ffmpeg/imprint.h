/* imprint.h - what a picture looks like, in so few numbers that many can be kept. */
#ifndef CODEC_FFMPEG_IMPRINT_H
#define CODEC_FFMPEG_IMPRINT_H

#include <libavutil/frame.h>

enum { IMPRINT_SIDE = 8 };

/* The mean brightness of each cell of a chessboard, 0 to 255. */
struct imprint {
	uint8_t cells[IMPRINT_SIDE * IMPRINT_SIDE];
};

/* Pure. Of a planar picture whose first plane is brightness, of 8 to 16 bits. */
struct imprint imprint_of(const AVFrame *picture);

/* Pure. How far two are from each other, 0 to 255: the mean of what the cells differ by. */
int imprint_distance(const struct imprint *one, const struct imprint *other);

#endif
