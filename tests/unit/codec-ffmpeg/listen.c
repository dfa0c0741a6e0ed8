/* listen.c - one sound of a file, sample by sample, by FFmpeg without our code. */
#include "listen.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

static AVFormatContext *open_file(const char *path)
{
	AVFormatContext *format = NULL;

	ck_assert_msg(avformat_open_input(&format, path, NULL, NULL) >= 0, "open %s", path);
	ck_assert_int_ge(avformat_find_stream_info(format, NULL), 0);
	return format;
}

static AVStream *find_sound(const AVFormatContext *format, unsigned number)
{
	for (unsigned i = 0; i < format->nb_streams; i++)
		if (format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && number-- == 0)
			return format->streams[i];
	return NULL;
}

static void keep(struct heard *out, const AVFrame *frame)
{
	size_t count = out->count + (size_t)frame->nb_samples;

	ck_assert_int_eq(frame->format, AV_SAMPLE_FMT_FLTP);
	if (out->count == 0)
		out->channels = frame->ch_layout.nb_channels;
	ck_assert_int_eq(frame->ch_layout.nb_channels, out->channels);
	for (int i = 0; i < out->channels; i++) {
		out->samples[i] = realloc(out->samples[i], count * sizeof(float));
		memcpy(out->samples[i] + out->count, frame->extended_data[i],
		       (size_t)frame->nb_samples * sizeof(float));
	}
	out->count = count;
}

static void decode(AVCodecContext *context, const AVPacket *packet, AVFrame *frame,
                   struct heard *out)
{
	ck_assert_int_ge(avcodec_send_packet(context, packet), 0);
	while (avcodec_receive_frame(context, frame) >= 0) {
		ck_assert_int_eq(frame->decode_error_flags, 0);
		if (out->count == 0)
			out->start = (double)frame->best_effort_timestamp * av_q2d(context->pkt_timebase);
		keep(out, frame);
		av_frame_unref(frame);
	}
}

static void copy_tag(const AVStream *stream, const char *name, char *out, size_t size)
{
	const AVDictionaryEntry *entry = av_dict_get(stream->metadata, name, NULL, 0);

	snprintf(out, size, "%s", entry != NULL ? entry->value : "");
}

void listen_to(const char *path, unsigned number, struct heard *out)
{
	AVFormatContext *format = open_file(path);
	AVStream *stream = find_sound(format, number);
	AVPacket *packet = av_packet_alloc();
	AVFrame *frame = av_frame_alloc();
	AVCodecContext *context;

	memset(out, 0, sizeof *out);
	ck_assert_msg(stream != NULL, "%s: no sound number %u", path, number);
	copy_tag(stream, "language", out->language, sizeof out->language);
	copy_tag(stream, "handler_name", out->title, sizeof out->title);
	out->disposition = stream->disposition;
	out->rate = stream->codecpar->sample_rate;
	context = avcodec_alloc_context3(avcodec_find_decoder(stream->codecpar->codec_id));
	ck_assert_int_ge(avcodec_parameters_to_context(context, stream->codecpar), 0);
	context->pkt_timebase = stream->time_base;
	ck_assert_int_ge(avcodec_open2(context, NULL, NULL), 0);
	while (av_read_frame(format, packet) >= 0) {
		if (packet->stream_index == stream->index)
			decode(context, packet, frame, out);
		av_packet_unref(packet);
	}
	decode(context, NULL, frame, out);
	avcodec_free_context(&context);
	av_packet_free(&packet);
	av_frame_free(&frame);
	avformat_close_input(&format);
}

void heard_finish(struct heard *heard)
{
	for (int i = 0; i < HEARD_CHANNELS; i++)
		free(heard->samples[i]);
	memset(heard, 0, sizeof *heard);
}

unsigned listen_count(const char *path)
{
	AVFormatContext *format = open_file(path);
	unsigned count = 0;

	while (find_sound(format, count) != NULL)
		count++;
	avformat_close_input(&format);
	return count;
}

double heard_frequency(const struct heard *heard, int channel)
{
	const float *samples = heard->samples[channel];
	double least = heard_peak(heard, channel) / 4;
	size_t changes = 0, first = 0, last = 0;
	int sign = 0;

	/* What an encoder leaves around zero is no change of sign. */
	for (size_t i = 0; i < heard->count; i++)
		if (fabs((double)samples[i]) > least && (samples[i] < 0 ? -1 : 1) != sign) {
			sign = samples[i] < 0 ? -1 : 1;
			last = i;
			if (changes++ == 0)
				first = i;
		}
	return last > first ? (double)(changes - 1) / 2 * heard->rate / (double)(last - first) : 0;
}

double heard_peak(const struct heard *heard, int channel)
{
	double peak = 0;

	for (size_t i = 0; i < heard->count; i++)
		peak = fmax(peak, fabs((double)heard->samples[channel][i]));
	return peak;
}
