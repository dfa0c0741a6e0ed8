/* captions.h - captions of television (CEA-608) that travel inside the pictures. */
#ifndef CODEC_FFMPEG_CAPTIONS_H
#define CODEC_FFMPEG_CAPTIONS_H

#include <stdbool.h>

#include <libavutil/frame.h>

/* Pure. The picture carries something of the first channel, CC1, and not just filling. The
 * encoder keeps it; but a playlist must say that it is there. */
bool captions_in(const AVFrame *frame);

#endif
