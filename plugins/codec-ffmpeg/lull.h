/* lull.h - times as an encoder shall see them: no picture lasts so long that its sums overflow. */
#ifndef CODEC_FFMPEG_LULL_H
#define CODEC_FFMPEG_LULL_H

#include <stddef.h>
#include <stdint.h>

/* More pictures than any encoder has in work. */
enum { LULL_PICTURES = 256 };

/*
 * x264 spares bits for a picture by how long it is shown. A slide that is shown
 * for minutes is more than its sums can hold (they are of 32 bits, and of the
 * bit rate times the duration), and the picture gets next to none. So an encoder
 * is told of no distance longer than `longest`, which asks no more of the cap on
 * the bit rate than the truth would, and packets get the true times back.
 */
struct lull {
	int64_t longest; /* of the time base of the pictures */
	struct lull_picture {
		int64_t true_time, told;
	} pictures[LULL_PICTURES]; /* the last ones; in a circle */
	size_t count;              /* so far */
};

/* Pure. Of pictures in their order: the time to tell. */
int64_t lull_tell(struct lull *lull, int64_t time);

/* Pure. The true time of one that was told, or, before the first, as far before that. */
int64_t lull_true(const struct lull *lull, int64_t told);

#endif
