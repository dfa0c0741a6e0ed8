/* vtt_time.h - times as WebVTT writes them: 00:01:02.345. */
#ifndef CODEC_FFMPEG_VTT_TIME_H
#define CODEC_FFMPEG_VTT_TIME_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

void vtt_time_write(FILE *stream, int64_t ms);

/* Pure. Moves *at behind the time. False: there is none. */
bool vtt_time_read(const char **at, int64_t *out_ms);

/* Pure. Two of them with an arrow between. */
bool vtt_times_read(const char **at, int64_t *start_ms, int64_t *end_ms);

#endif
