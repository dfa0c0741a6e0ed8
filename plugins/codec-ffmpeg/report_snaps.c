/* report_snaps.c - what a report says of the small pictures. */
#include "report_snaps.h"

#include "say.h"

static void decide_series(json_t *decisions, const char *name, const struct snap_series *series,
                          bool copied)
{
	if (series->stretched)
		sayf(decisions, "%s %llu ms apart: there may be %zu of them", name,
		     (unsigned long long)series->every_ms, series->most);
	if (copied)
		sayf(decisions, "%s made of keyframes: pictures that are copied are not decoded", name);
}

void report_snaps_decisions(const struct transcode *job, json_t *decisions)
{
	const struct snaps *snaps = &job->pictures.snaps;

	if (snaps->thumbnails.count > 0)
		decide_series(decisions, "thumbnails", snaps->thumbnails.want,
		              job->pictures.decode.wants != NULL);
	if (snaps->sprites.count > 0)
		decide_series(decisions, "sprites", &snaps->sprites.want->tiles,
		              job->pictures.decode.wants != NULL);
	if (job->plan.snaps.preview.length_us > 0 && snaps->preview.count == 0)
		sayf(decisions, "no preview made: the pictures are over before %lld ms",
		     (long long)(job->plan.snaps.preview.from_us / 1000));
}

static json_t *describe_thumbnails(const struct thumbnails *thumbnails)
{
	json_t *times = json_array();

	for (size_t i = 0; i < thumbnails->count; i++)
		json_array_append_new(times, json_integer(thumbnails->times_us[i] / 1000));
	return json_pack("{s:i, s:i, s:o}", "width", thumbnails->want->size.width, "height",
	                 thumbnails->want->size.height, "times_ms", times);
}

static json_t *describe_sprites(const struct sprites *sprites)
{
	const struct rung *tile = &sprites->want->tiles.size;

	return json_pack("{s:i, s:i, s:I, s:I, s:I}", "width", tile->width, "height", tile->height,
	                 "every_ms", (json_int_t)sprites->want->tiles.every_ms, "tiles",
	                 (json_int_t)sprites->count, "sheets", (json_int_t)sprites_sheets(sprites));
}

static json_t *describe_preview(const struct preview *preview)
{
	const struct rung *size = &preview->want->preview.size;

	return json_pack("{s:i, s:i, s:I, s:I}", "width", size->width, "height", size->height,
	                 "from_ms", (json_int_t)(preview->first_us / 1000), "pictures",
	                 (json_int_t)preview->count);
}

json_t *report_snaps(const struct transcode *job)
{
	const struct snaps *snaps = &job->pictures.snaps;
	json_t *object = json_object();

	if (snaps->thumbnails.count > 0)
		json_object_set_new(object, "thumbnails", describe_thumbnails(&snaps->thumbnails));
	if (snaps->sprites.count > 0)
		json_object_set_new(object, "sprites", describe_sprites(&snaps->sprites));
	if (snaps->preview.count > 0)
		json_object_set_new(object, "preview", describe_preview(&snaps->preview));
	return object;
}
