/* describe.c - a source in JSON: what probe says, and what a report begins with. */
#include "describe.h"

#include <stdlib.h>
#include <string.h>

#include <libavutil/pixdesc.h>

#include "shape.h"

/* Bytes that are not UTF-8 are left out: a title must not make a whole file unreadable. */
static void set_text(json_t *object, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(object, name, json_string(text));
}

json_t *describe_rational(AVRational value)
{
	if (value.num <= 0 || value.den <= 0)
		return json_null();
	return json_pack("{s:i, s:i}", "num", value.num, "den", value.den);
}

static const char *tag(const AVStream *stream, const char *name)
{
	const AVDictionaryEntry *entry = av_dict_get(stream->metadata, name, NULL, 0);

	return entry != NULL ? entry->value : NULL;
}

/* What is not said, or said to be unknown, is left out. */
static void set_colour(json_t *object, const char *name, const char *value)
{
	if (value != NULL && strcmp(value, "unknown") != 0)
		set_text(object, name, value);
}

static void describe_video(json_t *object, const struct input *input, AVStream *stream)
{
	const AVCodecParameters *par = stream->codecpar;
	const AVPixFmtDescriptor *pixel = av_pix_fmt_desc_get((enum AVPixelFormat)par->format);
	struct shape shape = shape_of(input->format, stream);

	json_object_set_new(object, "width", json_integer(par->width));
	json_object_set_new(object, "height", json_integer(par->height));
	json_object_set_new(object, "display_width", json_integer(shape.width));
	json_object_set_new(object, "display_height", json_integer(shape.height));
	json_object_set_new(object, "rotation", json_integer(shape.orientation.degrees));
	json_object_set_new(object, "mirrored", json_boolean(shape.orientation.mirrored));
	json_object_set_new(object, "pixel_aspect", describe_rational(shape.pixel));
	json_object_set_new(object, "frame_rate", describe_rational(stream->r_frame_rate));
	json_object_set_new(object, "average_frame_rate", describe_rational(stream->avg_frame_rate));
	json_object_set_new(object, "interlaced",
	                    json_boolean(par->field_order > AV_FIELD_PROGRESSIVE));
	if (pixel != NULL) {
		set_text(object, "pixel_format", pixel->name);
		json_object_set_new(object, "bit_depth", json_integer(pixel->comp[0].depth));
	}
	set_colour(object, "color_range", av_color_range_name(par->color_range));
	set_colour(object, "color_space", av_color_space_name(par->color_space));
	set_colour(object, "color_primaries", av_color_primaries_name(par->color_primaries));
	set_colour(object, "color_transfer", av_color_transfer_name(par->color_trc));
}

static void describe_audio(json_t *object, const AVCodecParameters *par)
{
	char layout[64];

	json_object_set_new(object, "channels", json_integer(par->ch_layout.nb_channels));
	json_object_set_new(object, "sample_rate", json_integer(par->sample_rate));
	if (av_channel_layout_describe(&par->ch_layout, layout, sizeof layout) > 0)
		set_text(object, "channel_layout", layout);
}

static json_t *describe_stream(const struct input *input, AVStream *stream)
{
	const AVCodecParameters *par = stream->codecpar;
	const char *type = av_get_media_type_string(par->codec_type);
	json_t *object = json_object();

	set_text(object, "type", type != NULL ? type : "unknown");
	set_text(object, "codec", avcodec_get_name(par->codec_id));
	set_text(object, "profile", avcodec_profile_name(par->codec_id, par->profile));
	if (par->bit_rate > 0)
		json_object_set_new(object, "bit_rate", json_integer(par->bit_rate));
	if (par->codec_type == AVMEDIA_TYPE_VIDEO)
		describe_video(object, input, stream);
	if (par->codec_type == AVMEDIA_TYPE_AUDIO)
		describe_audio(object, par);
	set_text(object, "language", tag(stream, "language"));
	set_text(object, "title", tag(stream, "title"));
	json_object_set_new(object, "default",
	                    json_boolean(stream->disposition & AV_DISPOSITION_DEFAULT));
	json_object_set_new(object, "forced",
	                    json_boolean(stream->disposition & AV_DISPOSITION_FORCED));
	json_object_set_new(object, "hearing_impaired",
	                    json_boolean(stream->disposition & AV_DISPOSITION_HEARING_IMPAIRED));
	json_object_set_new(object, "commentary",
	                    json_boolean(stream->disposition & AV_DISPOSITION_COMMENT));
	json_object_set_new(object, "cover",
	                    json_boolean(stream->disposition & AV_DISPOSITION_ATTACHED_PIC));
	json_object_set_new(object, "used", json_boolean(stream->discard < AVDISCARD_ALL));
	return object;
}

json_t *describe_source(const struct input *input)
{
	int64_t duration_ms = input_duration_ms(input);
	json_t *object = json_object(), *streams = json_array();

	json_object_set_new(object, "container", json_string(input->format->iformat->name));
	if (duration_ms > 0)
		json_object_set_new(object, "duration_ms", json_integer(duration_ms));
	json_object_set_new(object, "bytes", json_integer((json_int_t)input->io.source->bytes));
	for (unsigned i = 0; i < input->format->nb_streams; i++)
		json_array_append_new(streams, describe_stream(input, input->format->streams[i]));
	json_object_set_new(object, "streams", streams);
	return object;
}

int describe_write(json_t *json, struct vm_sink *sink, struct vm_error *err)
{
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
	int status;

	json_decref(json);
	if (text == NULL)
		return vm_fail_memory(err);
	status = sink->write(sink, text, strlen(text), err);
	free(text);
	return status;
}
