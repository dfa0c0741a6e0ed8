/* jpeg.h - one picture as a JPEG. */
#ifndef CODEC_FFMPEG_JPEG_H
#define CODEC_FFMPEG_JPEG_H

#include <libavcodec/avcodec.h>

#include "ladder.h"
#include "log.h"
#include "out.h"
#include "scale.h"

/* Makes what jpeg_put takes, in the size of `rung`; `space` is the matrix of the frames. */
struct scaler jpeg_scaler(const struct rung *rung, enum AVColorSpace space);

/* Into an empty packet. Changes the frame's time and type. */
int jpeg_encode(AVFrame *frame, AVPacket *packet, struct log *log, struct vm_error *err);

/* A whole output. Changes the frame's time and type. */
int jpeg_put(AVFrame *frame, const char *name, struct out *out, struct log *log,
             struct vm_error *err);

#endif
