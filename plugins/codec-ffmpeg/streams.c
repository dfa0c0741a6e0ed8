/* streams.c - which streams of a source are used. */
#include "streams.h"

#include <stdbool.h>
#include <string.h>

#include "codecs.h"

static bool decodable(const AVStream *stream)
{
	return codecs_find_decoder(stream->codecpar->codec_id) != NULL;
}

static int rank(const AVStream *stream)
{
	return (decodable(stream) ? 2 : 0) + (stream->disposition & AV_DISPOSITION_DEFAULT ? 1 : 0);
}

static bool better(const AVStream *stream, const AVStream *than)
{
	return than == NULL || rank(stream) > rank(than);
}

static bool is_picture(const AVStream *stream)
{
	return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
	       !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC) && stream->codecpar->width > 0;
}

static bool is_sound(const AVStream *stream)
{
	return stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && stream->codecpar->sample_rate > 0;
}

static bool is_text(const AVStream *stream)
{
	const AVCodecDescriptor *codec = avcodec_descriptor_get(stream->codecpar->codec_id);

	return codec != NULL && (codec->props & AV_CODEC_PROP_TEXT_SUB) != 0 && decodable(stream);
}

static void choose_texts(AVFormatContext *format, struct streams *out)
{
	for (unsigned i = 0; i < format->nb_streams; i++) {
		AVStream *stream = format->streams[i];

		if (stream->codecpar->codec_type != AVMEDIA_TYPE_SUBTITLE)
			continue;
		if (is_text(stream) && out->n_texts < TEXT_STREAMS_MAX)
			out->texts[out->n_texts++] = stream;
		else
			out->texts_left_out++;
	}
}

void streams_choose(AVFormatContext *format, struct streams *out)
{
	AVStream *sound = NULL;

	memset(out, 0, sizeof *out);
	for (unsigned i = 0; i < format->nb_streams; i++) {
		AVStream *stream = format->streams[i];

		if (is_picture(stream) && better(stream, out->video))
			out->video = stream;
		if (is_sound(stream) && better(stream, sound))
			sound = stream;
	}
	if (sound != NULL)
		out->sounds[out->n_sounds++] = sound;
	for (unsigned i = 0; i < format->nb_streams; i++) {
		AVStream *stream = format->streams[i];

		if (!is_sound(stream) || stream == sound)
			continue;
		if (decodable(stream) && out->n_sounds < SOUND_STREAMS_MAX)
			out->sounds[out->n_sounds++] = stream;
		else
			out->sounds_left_out++;
	}
	choose_texts(format, out);
}
