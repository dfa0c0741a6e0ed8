/* say.h - decisions of a report, each in a sentence. */
#ifndef CODEC_FFMPEG_SAY_H
#define CODEC_FFMPEG_SAY_H

#include <jansson.h>

/* Adds a sentence to the list. */
void say(json_t *decisions, const char *sentence);
__attribute__((format(printf, 2, 3))) void sayf(json_t *decisions, const char *format, ...);

#endif
