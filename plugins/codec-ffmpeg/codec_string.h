/* codec_string.h - a track's codec as RFC 6381 writes it: what CODECS of a playlist holds. */
#ifndef CODEC_FFMPEG_CODEC_STRING_H
#define CODEC_FFMPEG_CODEC_STRING_H

#include "box.h"
#include "track.h"

enum { CODEC_STRING_MAX = 48 };

/*
 * "avc1.640028", "hvc1.1.6.L93.90", "av01.0.04M.08", "vp09.00.30.08", "mp4a.40.2",
 * "opus": what the head of an MP4 of that track says. "": it cannot be told.
 */
void codec_string(const struct track *track, char text[CODEC_STRING_MAX]);

/* Pure. The same of the head itself: "ftyp moov". */
void codec_string_read(struct span head, char text[CODEC_STRING_MAX]);

#endif
