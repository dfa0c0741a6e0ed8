/* decode.h - packets of one stream into frames, through whatever is broken in them. */
#ifndef CODEC_FFMPEG_DECODE_H
#define CODEC_FFMPEG_DECODE_H

#include "crew.h"
#include "input.h"
#include "queue.h"

/* The frames of all streams of a job together. */
struct frame_count {
	const struct vm_limits *limits;
	atomic_uint_least64_t frames;
};

/* [one thread] */
struct decode {
	struct input *input;
	const AVStream *stream;
	struct queue *packets;
	struct crew *crew;
	struct frame_count *count;
	/* Receives each frame, which is borrowed but may be changed. */
	int (*emit)(void *ctx, AVFrame *frame, struct vm_error *err);
	void *emit_ctx;
	/* Whether a packet is worth decoding; NULL: each is. Behind others comes a keyframe first. */
	bool (*wants)(void *ctx, const AVPacket *packet);
	bool required; /* that nothing of it can be decoded fails the job */

	AVCodecContext *decoder;
	AVFrame *frame;
	bool resting; /* nothing is in the decoder */
	uint64_t frames, errors;
};

/* After VM_ERR_BAD_DATA or UNSUPPORTED it may be run all the same: it then decodes nothing. */
int decode_open(struct decode *decode, int threads, struct vm_error *err);

/*
 * Until the packets end or the crew stops. What cannot be decoded is counted and
 * left out; when that is all of a required stream: VM_ERR_BAD_DATA, with FFmpeg's words.
 */
int decode_run(struct decode *decode, struct vm_error *err);
void decode_finish(struct decode *decode);

/* For queue_finish. */
void decode_drop_packet(void *packet);

#endif
