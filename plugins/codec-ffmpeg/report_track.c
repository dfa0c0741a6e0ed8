/* report_track.c - what a report says of any encoded track. */
#include "report_track.h"

#include "codec_string.h"

json_t *report_track(const char *name, const struct track *track)
{
	json_t *object = json_object();
	char codec[CODEC_STRING_MAX];

	codec_string(track, codec);
	json_object_set_new(object, "name", json_string(name));
	json_object_set_new(object, "codec", json_string(codec));
	json_object_set_new(object, "duration_ms", json_integer(track_duration_ms(track)));
	json_object_set_new(object, "bytes", json_integer((json_int_t)track->bytes));
	if (track_duration_ms(track) > 0)
		json_object_set_new(
		    object, "bit_rate",
		    json_integer((json_int_t)track->bytes * 8000 / track_duration_ms(track)));
	return object;
}
