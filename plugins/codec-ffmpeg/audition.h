/* audition.h - what was encoded is decoded again and measured: how loud the output really is. */
#ifndef CODEC_FFMPEG_AUDITION_H
#define CODEC_FFMPEG_AUDITION_H

#include "meter.h"
#include "track.h"

/* [the track's thread] Zero is not open. */
struct audition {
	struct taker taker;
	struct log *log;
	AVCodecContext *decoder;
	AVFrame *frame;
	struct meter meter;
};

/* Puts a taker on the track, which is borrowed. */
int audition_open(struct audition *audition, struct track *track, struct log *log,
                  struct vm_error *err);
void audition_finish(struct audition *audition);

#endif
