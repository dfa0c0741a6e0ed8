/* measure.h - what is really in a file: every frame of it decoded, by FFmpeg without our code. */
#ifndef TESTS_CODEC_FFMPEG_MEASURE_H
#define TESTS_CODEC_FFMPEG_MEASURE_H

#include <stddef.h>
#include <stdint.h>

enum { MEASURE_TIMES = 1024, MEASURE_SECONDS = 64 };

struct measured {
	/* Pictures. */
	int width, height;
	size_t frames;
	double times[MEASURE_TIMES]; /* of the first ones */
	double keys[MEASURE_TIMES];
	size_t n_keys;
	double end;
	int color_space; /* enum AVColorSpace */
	/* The first picture's brightness and colour in its four quarters, row by row. */
	uint8_t luma[4], blue[4], red[4];
	/* Sound. */
	int channels, rate;
	double sound_end;
	double loudness[MEASURE_SECONDS * 10]; /* root of the mean square, of each tenth of a second */
};

/* Fails the test when there is anything that cannot be decoded. */
void measure(const char *path, struct measured *out);

#endif
