/* jump.c - jumps of a transport stream's clock, in all its streams at once, are taken out. */
#include "jump.h"

/* What streams may be apart from each other without a jump. */
#define JUMP_US (10 * INT64_C(1000000))

void jump_follow(const struct jump *jump, AVPacket *packet, AVRational time_base)
{
	int64_t shift = av_rescale_q(jump->offset, AV_TIME_BASE_Q, time_base);

	if (packet->dts != AV_NOPTS_VALUE)
		packet->dts += shift;
	if (packet->pts != AV_NOPTS_VALUE)
		packet->pts += shift;
}

static bool far(int64_t time, int64_t other)
{
	return time > av_sat_add64(other, JUMP_US) || time < av_sat_sub64(other, JUMP_US);
}

/*
 * A stream that was silent for long is no jump, when it goes on where the others are by now.
 * After a jump it goes on where it was, or where the others were when it had paused before.
 */
static int64_t ahead_by(const struct jump *jump, size_t stream, int64_t now)
{
	int64_t due = jump->streams[stream].known ? jump->streams[stream].next : jump->latest;

	if (!jump->begun || !far(now, due) || !far(now, jump->latest))
		return 0;
	return av_sat_sub64(now, far(due, jump->latest) ? jump->latest : due);
}

void jump_correct(struct jump *jump, size_t stream, AVPacket *packet, AVRational time_base)
{
	int64_t now, ahead;

	if (!jump->enabled || packet->dts == AV_NOPTS_VALUE)
		return;
	now = av_rescale_q(packet->dts, time_base, AV_TIME_BASE_Q) + jump->offset;
	ahead = ahead_by(jump, stream, now);
	if (ahead != 0) {
		jump->offset -= ahead;
		jump->jumps++;
		now -= ahead;
	}
	jump->begun = true;
	jump->latest = now;
	jump->streams[stream].known = true;
	jump->streams[stream].next = now + av_rescale_q(packet->duration, time_base, AV_TIME_BASE_Q);
	jump_follow(jump, packet, time_base);
}
