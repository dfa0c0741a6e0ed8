/* part.c - the part of a source that outputs are made of: all of it, or a clip. */
#include "part.h"

/* Sound needs a packet or two before its first one, to come out as it does in the whole. */
#define BEFORE_US 500000

struct part part_of(const struct config *config, const struct input *input)
{
	const struct clip_option *clip = config->clip.items;
	struct part part = {.to_us = INT64_MAX, .start_us = input_start(input, AV_TIME_BASE_Q)};

	if (config->clip.count == 0)
		return part;
	part.wanted = true;
	part.from_us = (int64_t)clip->from_ms * 1000;
	part.start_us += part.from_us;
	if (clip->to_ms != 0)
		part.to_us = (int64_t)clip->to_ms * 1000;
	return part;
}

int64_t part_ms(const struct part *part, int64_t source_ms)
{
	int64_t end_ms = FFMIN(source_ms, part->to_us / 1000);

	return FFMAX(0, end_ms - part->from_us / 1000);
}

int64_t part_start(const struct part *part, const struct input *input, AVRational time_base)
{
	/* Rounded once each: without a clip it must be what the source itself says. */
	return input_start(input, time_base) + av_rescale_q(part->from_us, AV_TIME_BASE_Q, time_base);
}

int64_t part_length(const struct part *part, AVRational time_base)
{
	if (part->to_us == INT64_MAX)
		return INT64_MAX;
	return av_rescale_q(part->to_us - part->from_us, AV_TIME_BASE_Q, time_base);
}

void part_seek(const struct part *part, struct input *input)
{
	AVFormatContext *format = input->format;

	/* A clock that jumps leads anywhere. What fails leaves the source where it was. */
	if (part->from_us > BEFORE_US && (format->iformat->flags & AVFMT_TS_DISCONT) == 0)
		avformat_seek_file(format, -1, INT64_MIN, part->start_us - BEFORE_US,
		                   part->start_us - BEFORE_US, 0);
}
