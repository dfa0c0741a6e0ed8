/* audio_encoder.h - sound of any frame length into packets. */
#ifndef CODEC_FFMPEG_AUDIO_ENCODER_H
#define CODEC_FFMPEG_AUDIO_ENCODER_H

#include <libavcodec/avcodec.h>
#include <libavutil/audio_fifo.h>

#include "track.h"

struct audio_want {
	const struct audio_option *option;
	int rate, channels;
};

/* [one thread] */
struct audio_encoder {
	AVCodecContext *context;
	AVAudioFifo *fifo;
	AVFrame *planes, *frame; /* as pushed, and as the encoder wants it */
	AVPacket *packet;
	struct track track;
	struct log *log;
	int64_t samples; /* given to the encoder so far */
};

int audio_encoder_open(struct audio_encoder *encoder, const struct audio_want *want,
                       struct log *log, struct vm_error *err);

/* Samples pushed so far, also those that wait for more. */
int64_t audio_encoder_pushed(const struct audio_encoder *encoder);

/* Samples follow each other without a gap, from 0 on. Packets go to the track. */
int audio_encoder_push(struct audio_encoder *encoder, const AVFrame *frame, struct vm_error *err);
int audio_encoder_end(struct audio_encoder *encoder, struct vm_error *err);
void audio_encoder_finish(struct audio_encoder *encoder);

#endif
