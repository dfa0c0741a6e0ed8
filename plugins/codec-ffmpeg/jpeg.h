/* jpeg.h - one picture as a JPEG. */
#ifndef CODEC_FFMPEG_JPEG_H
#define CODEC_FFMPEG_JPEG_H

#include <libavcodec/avcodec.h>

#include "ladder.h"

/* In the size of `rung`; `space` is the frame's matrix. The caller frees *out by av_packet_free. */
int jpeg_encode(const AVFrame *frame, const struct rung *rung, enum AVColorSpace space,
                struct log *log, AVPacket **out, struct vm_error *err);

#endif
