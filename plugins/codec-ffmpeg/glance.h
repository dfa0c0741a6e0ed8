/* glance.h - a few of the pictures that are to be copied are decoded, and looked at for combs. */
#ifndef CODEC_FFMPEG_GLANCE_H
#define CODEC_FFMPEG_GLANCE_H

#include "input.h"
#include "interlace.h"

/* [one thread] Zero is not open. */
struct glance {
	struct interlace interlace;
	AVCodecContext *decoder;
	AVFrame *frame;
	AVRational time_base;
	int left;     /* packets of this look */
	int64_t next; /* when the next one is due */
};

int glance_open(struct glance *glance, struct input *input, const AVStream *stream,
                struct vm_error *err);

/* In the order of decoding. *interlaced becomes true when the pictures of one look are. */
int glance_packet(struct glance *glance, const AVPacket *packet, bool *interlaced,
                  struct vm_error *err);
void glance_finish(struct glance *glance);

#endif
