/* jump.h - jumps of a transport stream's clock, in all its streams at once, are taken out. */
#ifndef CODEC_FFMPEG_JUMP_H
#define CODEC_FFMPEG_JUMP_H

#include <stdbool.h>

#include <libavformat/avformat.h>

#include "streams.h"

enum { JUMP_STREAMS = 1 + SOUND_STREAMS_MAX }; /* those that are used, and never pause */

/* Pure. Zero, but for `enabled`, is before the first packet. Times in microseconds. */
struct jump {
	bool enabled;   /* the container is of a kind whose clock may jump */
	int64_t offset; /* added to every time */
	int64_t jumps;
	bool begun;
	int64_t latest; /* when the last packet was, of any stream */
	int64_t back;   /* how far the clock went back last */
	struct {
		bool known;
		bool before;   /* nothing of it has come since the clock went back, */
		int64_t until; /* and is that late only if it is before this */
		int64_t next;  /* when the next packet is due */
	} streams[JUMP_STREAMS];
};

/* Moves the packet's times to where they would be without the jumps so far. */
void jump_correct(struct jump *jump, size_t stream, AVPacket *packet, AVRational time_base);

/* The same for one of a stream that may pause: it is no witness of a jump. */
void jump_follow(const struct jump *jump, AVPacket *packet, AVRational time_base);

#endif
