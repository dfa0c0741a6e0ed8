/* clock.h - the time of the outputs: it begins at 0, and only goes forward. */
#ifndef CODEC_FFMPEG_CLOCK_H
#define CODEC_FFMPEG_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include <libavutil/rational.h>

/*
 * Places pictures. Their distances are kept as they are, so that a variable
 * frame rate stays one; the first is shown from 0 on. Beside sound that begins
 * earlier it is shown for longer, by itself all begin earlier. All times are of one time base.
 */
struct picture_clock {
	int64_t start; /* the source's time that is the outputs' 0 */
	bool alone;    /* no sound: the first picture is where it starts */
	int64_t step;  /* for a picture that says neither time nor duration; > 0 */
	bool begun;
	int64_t last;    /* of the picture placed last */
	int64_t dropped; /* pictures of a time that was over already */
};

/* False: drop it, its time is not after the last one's. `pts` may be AV_NOPTS_VALUE. */
bool picture_clock_place(struct picture_clock *clock, int64_t pts, int64_t *out);

/*
 * Places sound, counted in samples of the source's rate. What the distances of
 * the frames leave open is to be filled with silence, what they have twice is to
 * be left out; a little of either is the rounding of the container, or a clock
 * that wanders: that is followed as far as it lasts. What is off for a single
 * frame and right again, as in Ogg, would be heard if it were followed.
 */
struct sound_clock {
	int64_t start;
	int64_t tolerance;
	int64_t settle; /* two thirds of what is off is followed within so many samples; 0: at once */
	int64_t next;   /* where the next frame should begin */
};

struct sound_place {
	int64_t time;
	int64_t silence; /* samples missing before it */
	int64_t skip;    /* samples of it that are too many; may be all of them */
};

struct sound_place sound_clock_place(struct sound_clock *clock, int64_t pts, int64_t samples);

#endif
