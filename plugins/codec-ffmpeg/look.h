/* look.h - how much there is to see in a picture, and how like two of them are. */
#ifndef CODEC_FFMPEG_LOOK_H
#define CODEC_FFMPEG_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include <libavutil/frame.h>

enum { LOOK_STEPS = 16 };

struct look {
	int mean;               /* of the brightness, 0 to 255 */
	int contrast;           /* how far it is from the mean, on average; 0 is one even colour */
	int shares[LOOK_STEPS]; /* how much is of which brightness, in thousandths */
};

/* Pure. Looks at every eighth sample; a format without a plane of brightness counts as good. */
struct look look_at(const AVFrame *frame);

/* Pure. Neither dark, nor blown out, nor without a shape in it. */
bool look_is_good(const struct look *look);

/* Pure. How far it is from the average of so many, 0 to 2000 times their number. */
int look_distance(const struct look *look, const struct look *all[], size_t count);

#endif
