/* verify_snaps.c - small pictures, opened again. */
#include "verify_snaps.h"

#include <stdlib.h>

#include "sprites_read.h"

/* In the box of 16:9 of that height, lying or upright; a side is rounded to an even number. */
static bool fits(int width, int height, int64_t box)
{
	int64_t longer = width > height ? width : height, shorter = width > height ? height : width;

	return shorter <= box + 1 && longer <= (box * 16 + 8) / 9 + 1;
}

int verify_box(int width, int height, int64_t box, struct vm_error *err)
{
	if (fits(width, height, box))
		return VM_OK;
	return vm_fail(err, VM_ERR_BAD_DATA, "%dx%d, where a height of %lld was asked for", width,
	               height, (long long)box);
}

static int side(const json_t *facts, const char *name)
{
	return (int)json_integer_value(json_object_get(facts, name));
}

int verify_thumbnail(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	int status = verify_picture(job, facts, err);

	return status == VM_OK ? verify_box(side(facts, "width"), side(facts, "height"),
	                                    job->config->thumbnail_height, err)
	                       : status;
}

int verify_sheet(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	const struct config *config = job->config;
	int64_t longer = (config->sprite_height * 16 + 8) / 9 + 1;
	int status = verify_picture(job, facts, err);

	if (status != VM_OK || (side(facts, "width") <= longer * config->sprite_columns &&
	                        side(facts, "height") <= longer * config->sprite_rows))
		return status;
	return vm_fail(err, VM_ERR_BAD_DATA, "%dx%d, where %lldx%lld tiles were asked for",
	               side(facts, "width"), side(facts, "height"), (long long)config->sprite_columns,
	               (long long)config->sprite_rows);
}

int verify_tiles(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	const struct config *config = job->config;
	struct tile_facts tiles;
	char *text = NULL;
	int status = verify_read_whole(job, VERIFY_TEXT_MAX, &text, err);

	if (status == VM_OK)
		status = sprites_read(text, (size_t)job->output->bytes, (size_t)config->sprite_columns,
		                      (size_t)config->sprite_rows, &tiles, err);
	free(text);
	if (status != VM_OK ||
	    (status = verify_box(tiles.width, tiles.height, config->sprite_height, err)) != VM_OK)
		return status;
	json_object_set_new(facts, "cues", json_integer((json_int_t)tiles.cues));
	json_object_set_new(facts, "duration_ms", json_integer(tiles.end_ms));
	if (job->source_ms > 0 &&
	    tiles.end_ms > (int64_t)job->source_ms + verify_tolerance_ms(job->source_ms))
		return vm_fail(err, VM_ERR_BAD_DATA, "%lld ms long, the source %llu ms",
		               (long long)tiles.end_ms, (unsigned long long)job->source_ms);
	return VM_OK;
}
