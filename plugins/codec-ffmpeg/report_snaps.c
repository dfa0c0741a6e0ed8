/* report_snaps.c - what a report says of the small pictures. */
#include "report_snaps.h"

#include "say.h"

void report_snaps_decisions(const struct transcode *job, json_t *decisions)
{
	const struct snaps *snaps = &job->pictures.snaps;

	if (snaps->thumbnails.count == 0)
		return;
	if (snaps->thumbnails.want->stretched)
		sayf(decisions, "thumbnails %.1f s apart: there may be %zu of them",
		     (double)snaps->thumbnails.want->every_ms / 1000, snaps->thumbnails.want->most);
	if (job->pictures.decode.wants != NULL)
		say(decisions, "thumbnails made of keyframes: pictures that are copied are not decoded");
}

static json_t *describe_thumbnails(const struct thumbnails *thumbnails)
{
	json_t *times = json_array();

	for (size_t i = 0; i < thumbnails->count; i++)
		json_array_append_new(times, json_integer(thumbnails->times_us[i] / 1000));
	return json_pack("{s:i, s:i, s:o}", "width", thumbnails->want->size.width, "height",
	                 thumbnails->want->size.height, "times_ms", times);
}

json_t *report_snaps(const struct transcode *job)
{
	const struct snaps *snaps = &job->pictures.snaps;
	json_t *object = json_object();

	if (snaps->thumbnails.count > 0)
		json_object_set_new(object, "thumbnails", describe_thumbnails(&snaps->thumbnails));
	return object;
}
