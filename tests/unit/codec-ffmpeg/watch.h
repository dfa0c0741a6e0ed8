/* watch.h - when a file's pictures are bright, by FFmpeg without our code. */
#ifndef TESTS_CODEC_FFMPEG_WATCH_H
#define TESTS_CODEC_FFMPEG_WATCH_H

#include <stddef.h>

/* Of each millisecond from 0 on: 1 where the shown picture is bright, else 0. */
void watch_flashes(const char *path, float *out, size_t count_ms);

#endif
