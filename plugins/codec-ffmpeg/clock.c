/* clock.c - the time of the outputs: it begins at 0, and only goes forward. */
#include "clock.h"

#include <libavutil/avutil.h>

bool picture_clock_place(struct picture_clock *clock, int64_t pts, int64_t *out)
{
	int64_t time;

	if (!clock->begun && clock->alone && pts != AV_NOPTS_VALUE)
		clock->start = pts;
	time = pts == AV_NOPTS_VALUE ? clock->last + clock->step : pts - clock->start;
	if (!clock->begun) {
		time = 0;
		clock->begun = true;
	} else if (time <= clock->last) {
		clock->dropped++;
		return false;
	}
	clock->last = time;
	*out = time;
	return true;
}

struct sound_place sound_clock_place(struct sound_clock *clock, int64_t pts, int64_t samples)
{
	struct sound_place place = {.time = clock->next};
	/* The first sound is put where it belongs to the sample. */
	int64_t tolerance = clock->next == 0 ? 0 : clock->tolerance;

	if (pts != AV_NOPTS_VALUE) {
		int64_t gap = pts - clock->start - clock->next;

		if (gap > tolerance)
			place.silence = gap;
		else if (gap < -tolerance)
			place.skip = -gap < samples ? -gap : samples;
		else
			place.time += gap * samples / (samples + clock->settle);
	}
	clock->next = place.time + place.silence + samples - place.skip;
	if (place.silence > 0)
		place.time += place.silence;
	return place;
}
