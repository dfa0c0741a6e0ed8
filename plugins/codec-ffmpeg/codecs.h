/* codecs.h - the decoders that may touch a stranger's bytes: those that people's videos need. */
#ifndef CODEC_FFMPEG_CODECS_H
#define CODEC_FFMPEG_CODECS_H

#include <libavcodec/avcodec.h>

/* As FFmpeg's codec_whitelist wants it. */
extern const char codecs_allowed[];

/* NULL: there is none, or it is not allowed. */
const AVCodec *codecs_find_decoder(enum AVCodecID id);

#endif
