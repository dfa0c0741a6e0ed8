/* report_sound.h - what a report says of the sound: what was decided, and what came out. */
#ifndef CODEC_FFMPEG_REPORT_SOUND_H
#define CODEC_FFMPEG_REPORT_SOUND_H

#include <jansson.h>

#include "transcode.h"

void report_sound_decisions(const struct transcode *job, json_t *decisions);

/* A new reference: a list with an object for each rendition. */
json_t *report_sounds(const struct transcode *job);

#endif
