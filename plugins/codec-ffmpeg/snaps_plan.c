/* snaps_plan.c - how many small pictures are taken of a source, how large, and when. */
#include "snaps_plan.h"

#include <string.h>

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
}
