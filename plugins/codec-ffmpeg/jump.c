/* jump.c - jumps of a transport stream's clock, in all its streams at once, are taken out. */
#include "jump.h"

/* What streams may be apart from each other, or pause, without a jump. */
#define JUMP_US (10 * INT64_C(1000000))

void jump_follow(const struct jump *jump, AVPacket *packet, AVRational time_base)
{
	int64_t shift = av_rescale_q(jump->offset, AV_TIME_BASE_Q, time_base);

	if (packet->dts != AV_NOPTS_VALUE)
		packet->dts += shift;
	if (packet->pts != AV_NOPTS_VALUE)
		packet->pts += shift;
}

void jump_correct(struct jump *jump, size_t stream, AVPacket *packet, AVRational time_base)
{
	int64_t now, ahead;

	if (!jump->enabled || packet->dts == AV_NOPTS_VALUE)
		return;
	now = av_rescale_q(packet->dts, time_base, AV_TIME_BASE_Q) + jump->offset;
	ahead = jump->streams[stream].known ? now - jump->streams[stream].next : 0;
	if (ahead > JUMP_US || ahead < -JUMP_US) {
		jump->offset -= ahead;
		jump->jumps++;
		now -= ahead;
	}
	jump->streams[stream].known = true;
	jump->streams[stream].next = now + av_rescale_q(packet->duration, time_base, AV_TIME_BASE_Q);
	jump_follow(jump, packet, time_base);
}
