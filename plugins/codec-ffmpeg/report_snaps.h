/* report_snaps.h - what a report says of the small pictures. */
#ifndef CODEC_FFMPEG_REPORT_SNAPS_H
#define CODEC_FFMPEG_REPORT_SNAPS_H

#include <jansson.h>

#include "transcode.h"

void report_snaps_decisions(const struct transcode *job, json_t *decisions);

/* A new object: how large, how many, when. */
json_t *report_snaps(const struct transcode *job);

#endif
