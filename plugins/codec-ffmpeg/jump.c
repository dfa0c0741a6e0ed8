/* jump.c - jumps of a transport stream's clock, in all its streams at once, are taken out. */
#include "jump.h"

#include <stdlib.h>

/* What streams may be apart from each other without a jump. */
#define JUMP_US (10 * INT64_C(1000000))
/* Within a stream time does not go back; a little of it is how a recording's sound begins. */
#define BACK_US INT64_C(500000)

static void move(AVPacket *packet, int64_t offset, AVRational time_base)
{
	int64_t shift = av_rescale_q(offset, AV_TIME_BASE_Q, time_base);

	if (packet->dts != AV_NOPTS_VALUE)
		packet->dts += shift;
	if (packet->pts != AV_NOPTS_VALUE)
		packet->pts += shift;
}

void jump_follow(const struct jump *jump, AVPacket *packet, AVRational time_base)
{
	move(packet, jump->offset, time_base);
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

/*
 * The next recording begins at a time that was already: short ones behind each other do. It goes
 * on where all streams of the one before are over.
 */
static int64_t back_by(struct jump *jump, size_t stream, int64_t now)
{
	int64_t end = now;

	if (!jump->streams[stream].known || jump->streams[stream].next - now < BACK_US)
		return 0;
	for (size_t i = 0; i < JUMP_STREAMS; i++) {
		if (jump->streams[i].known)
			end = FFMAX(end, jump->streams[i].next);
		jump->streams[i].before = jump->streams[i].known && i != stream;
		jump->streams[i].until = av_sat_add64(jump->streams[i].next, BACK_US);
	}
	jump->back = end - now;
	return -jump->back;
}

/* What was on its way when the clock went back still has the time from before. */
static bool from_before(const struct jump *jump, size_t stream, int64_t now)
{
	int64_t early = now - jump->streams[stream].next;

	return jump->streams[stream].before && now - jump->back < jump->streams[stream].until &&
	       llabs(early - jump->back) < llabs(early);
}

void jump_correct(struct jump *jump, size_t stream, AVPacket *packet, AVRational time_base)
{
	int64_t now, ahead;

	if (!jump->enabled || packet->dts == AV_NOPTS_VALUE)
		return;
	now = av_rescale_q(packet->dts, time_base, AV_TIME_BASE_Q) + jump->offset;
	if (from_before(jump, stream, now)) {
		jump->streams[stream].next = now - jump->back +
		                             av_rescale_q(packet->duration, time_base, AV_TIME_BASE_Q);
		move(packet, jump->offset - jump->back, time_base);
		return;
	}
	jump->streams[stream].before = false;
	if ((ahead = ahead_by(jump, stream, now)) == 0)
		ahead = back_by(jump, stream, now);
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
