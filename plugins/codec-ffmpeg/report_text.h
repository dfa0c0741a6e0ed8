/* report_text.h - what a report says of the subtitles: what was decided, and what came out. */
#ifndef CODEC_FFMPEG_REPORT_TEXT_H
#define CODEC_FFMPEG_REPORT_TEXT_H

#include <jansson.h>

#include "transcode.h"

void report_text_decisions(const struct transcode *job, json_t *decisions);

/* A new reference: a list with an object for each track that has a text. */
json_t *report_texts(const struct transcode *job);

#endif
