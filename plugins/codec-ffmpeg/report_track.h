/* report_track.h - what a report says of any encoded track. */
#ifndef CODEC_FFMPEG_REPORT_TRACK_H
#define CODEC_FFMPEG_REPORT_TRACK_H

#include <jansson.h>

#include "track.h"

/* A new reference. */
json_t *report_track(const char *name, const struct track *track);

#endif
