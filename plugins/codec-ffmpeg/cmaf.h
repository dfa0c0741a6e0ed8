/* cmaf.h - one track as an initialisation segment and media segments: what HLS and DASH play. */
#ifndef CODEC_FFMPEG_CMAF_H
#define CODEC_FFMPEG_CMAF_H

#include "log.h"
#include "out.h"
#include "segments.h"
#include "track.h"

/*
 * Writes <directory>/init.mp4 and <directory>/segment-00001.m4s and so on, each
 * as soon as it is whole. A segment begins with a keyframe, at the first one that
 * lies on or behind the next multiple of the segment's duration.
 */
struct cmaf;

/* Puts a taker on the track, which is borrowed. */
int cmaf_create(struct track *track, const char *directory, uint64_t segment_ms, struct out *out,
                struct log *log, struct cmaf **cmaf, struct vm_error *err);
void cmaf_destroy(struct cmaf *cmaf);

/* After the track ended; empty when nothing came. */
bool cmaf_is_empty(const struct cmaf *cmaf); /* nothing came of it: no playlist names it */
const struct segments *cmaf_segments(const struct cmaf *cmaf);
const struct track *cmaf_track(const struct cmaf *cmaf);
const char *cmaf_directory(const struct cmaf *cmaf);
const char *cmaf_name(const struct cmaf *cmaf); /* the last part of it: the rendition's */
/* Pictures in 1,000 seconds; 0: not known. */
uint64_t cmaf_frame_rate_milli(const struct cmaf *cmaf);

#endif
