/* video_encoder.h - pictures of one size into packets, with keyframes where the pictures say so. */
#ifndef CODEC_FFMPEG_VIDEO_ENCODER_H
#define CODEC_FFMPEG_VIDEO_ENCODER_H

#include <libavcodec/avcodec.h>

#include "colour.h"
#include "ladder.h"
#include "lull.h"
#include "track.h"
#include "video_library.h"

struct video_want {
	const struct rung *rung;
	AVRational time_base;
	AVRational frame_rate; /* about; for the encoder's level and rate control */
	struct colour colour;
	int preset;   /* of config_presets */
	bool mean;    /* the rung's bit rate is what is wished for, and the quality does not count */
	int64_t most; /* in a second, over one and a half of them; 0: no matter how much */
	int threads;
};

/* [one thread] */
struct video_encoder {
	const struct video_library *library;
	AVCodecContext *context;
	AVPacket *packet, *held; /* held: until the next one tells its duration */
	struct track track;
	struct log *log;
	struct lull lull;
	int64_t last, end; /* of the pictures given so far */
	bool ended;        /* no more pictures come */
};

int video_encoder_open(struct video_encoder *encoder, const struct video_want *want,
                       struct log *log, struct vm_error *err);

/*
 * A picture of type I becomes a keyframe with which a segment may begin; of all
 * others none does. `duration` is how long it is shown, should it be the last.
 * Packets go to the track.
 */
int video_encoder_push(struct video_encoder *encoder, const AVFrame *frame, int64_t duration,
                       struct vm_error *err);

/* No more pictures: what is under way comes out, and the track ends. */
int video_encoder_end(struct video_encoder *encoder, struct vm_error *err);
void video_encoder_finish(struct video_encoder *encoder);

#endif
