/* grid.c - where segments begin: at the multiples of one duration. */
#include "grid.h"

#include <libavutil/avutil.h>
#include <libavutil/mathematics.h>

bool grid_crosses(struct grid *grid, int64_t time, AVRational time_base)
{
	int64_t step = (int64_t)grid->segment_ms * (AV_TIME_BASE / 1000);
	int64_t now = av_rescale_q(time, time_base, AV_TIME_BASE_Q);

	if (grid->begun && now < grid->next_us)
		return false;
	grid->begun = true;
	grid->next_us = now < 0 ? step : (now / step + 1) * step;
	return true;
}
