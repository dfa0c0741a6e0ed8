/* listen.h - one sound of a file, sample by sample, by FFmpeg without our code. */
#ifndef TESTS_CODEC_FFMPEG_LISTEN_H
#define TESTS_CODEC_FFMPEG_LISTEN_H

#include <stddef.h>

enum { HEARD_CHANNELS = 8 };

struct heard {
	int rate, channels, disposition;
	char language[8], title[128];
	double start; /* of the first sample, in seconds */
	size_t count;
	float *samples[HEARD_CHANNELS];
};

/* Of the file's sounds that of the number, from 0 on; fails the test when it cannot be decoded. */
void listen_to(const char *path, unsigned number, struct heard *out);
void heard_finish(struct heard *heard);

/* How many sounds the file has. */
unsigned listen_count(const char *path);

/* The frequency of a tone, by its changes of sign. */
double heard_frequency(const struct heard *heard, int channel);

/* The largest sample of a channel, of either sign. */
double heard_peak(const struct heard *heard, int channel);

#endif
