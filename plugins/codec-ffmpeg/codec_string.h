/* codec_string.h - a track's codec as RFC 6381 writes it: what CODECS of a playlist holds. */
#ifndef CODEC_FFMPEG_CODEC_STRING_H
#define CODEC_FFMPEG_CODEC_STRING_H

#include <libavcodec/avcodec.h>

enum { CODEC_STRING_MAX = 32 };

/* Pure. "avc1.640028", "mp4a.40.2"; "" for a codec that this plugin does not make. */
void codec_string(const AVCodecParameters *parameters, char text[CODEC_STRING_MAX]);

#endif
