/* snaps_plan.c - how many small pictures are taken of a source, how large, and when. */
#include "snaps_plan.h"

#include <string.h>

#include <libavutil/common.h>
#include <libavutil/mathematics.h>

/* A source of which the duration is not known has the first `most` of them. */
static struct snap_series series(uint64_t wished_ms, int64_t duration_ms, size_t most,
                                 struct rung size)
{
	struct snap_series series = {.size = size, .every_ms = wished_ms, .most = most};
	uint64_t least;

	if (wished_ms == 0 || duration_ms <= 0)
		return series;
	least = ((uint64_t)duration_ms + most - 1) / most;
	if (wished_ms < least) {
		series.every_ms = least;
		series.stretched = true;
	}
	return series;
}

/* What would begin behind the end begins as much earlier. */
static int64_t preview_from_us(const struct config *config, int64_t duration_us, int64_t length_us)
{
	int64_t from_us;

	if (duration_us <= length_us)
		return 0;
	from_us = av_rescale(duration_us, config->preview_from.num, config->preview_from.den);
	return FFMIN(from_us, duration_us - length_us);
}

void snaps_plan(const struct config *config, int64_t duration_ms, int width, int height,
                struct snaps_plan *out)
{
	memset(out, 0, sizeof *out);
	out->thumbnails = series(config->thumbnails_ms, duration_ms, (size_t)config->thumbnails_max,
	                         ladder_fit((int)config->thumbnail_height, width, height));
	out->columns = (int)config->sprite_columns;
	out->rows = (int)config->sprite_rows;
	out->tiles = series(
	    config->sprites_ms, duration_ms,
	    (size_t)(config->sprite_columns * config->sprite_rows * config->sprites_max),
	    ladder_fit((int)config->sprite_height, width, height));
	if (config->preview_ms == 0)
		return;
	out->preview.size = ladder_fit((int)config->preview_height, width, height);
	out->preview.length_us = (int64_t)config->preview_ms * 1000;
	out->preview.from_us = preview_from_us(config, duration_ms * 1000, out->preview.length_us);
	out->preview.step_us = AV_TIME_BASE / config->preview_rate;
}
