/* measure.c - what is really in a file: every frame of it decoded, by FFmpeg without our code. */
#include "measure.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

static AVCodecContext *decoder_for(const AVStream *stream)
{
	const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
	AVCodecContext *context = avcodec_alloc_context3(codec);

	ck_assert_ptr_nonnull(context);
	ck_assert_int_ge(avcodec_parameters_to_context(context, stream->codecpar), 0);
	context->pkt_timebase = stream->time_base;
	ck_assert_int_ge(avcodec_open2(context, codec, NULL), 0);
	return context;
}

/* The mean of one plane's quarter. */
static uint8_t quarter(const AVFrame *frame, int plane, int index)
{
	int shift = plane == 0 ? 0 : 1;
	int width = (frame->width >> shift) / 2, height = (frame->height >> shift) / 2;
	int64_t sum = 0;

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			sum += frame->data[plane][(y + index / 2 * height) * frame->linesize[plane] + x +
			                          index % 2 * width];
	return (uint8_t)(width * height > 0 ? sum / (width * height) : 0);
}

static void add_picture(struct measured *out, const AVFrame *frame, double time, double duration)
{
	if (out->frames == 0) {
		ck_assert_int_eq(frame->format, AV_PIX_FMT_YUV420P);
		out->width = frame->width;
		out->height = frame->height;
		out->color_space = (int)frame->colorspace;
		for (int i = 0; i < 4; i++) {
			out->luma[i] = quarter(frame, 0, i);
			out->blue[i] = quarter(frame, 1, i);
			out->red[i] = quarter(frame, 2, i);
		}
	}
	if (out->frames < MEASURE_TIMES)
		out->times[out->frames] = time;
	if (frame->key_frame && out->n_keys < MEASURE_TIMES)
		out->keys[out->n_keys++] = time;
	out->frames++;
	out->end = time + duration;
}

static void add_sound(struct measured *out, const AVFrame *frame, double time)
{
	out->channels = frame->ch_layout.nb_channels;
	out->rate = frame->sample_rate;
	ck_assert_int_eq(frame->format, AV_SAMPLE_FMT_FLTP);
	for (int i = 0; i < frame->nb_samples; i++) {
		double now = time + (double)i / frame->sample_rate;
		float sample = ((const float *)(const void *)frame->extended_data[0])[i];

		if (now >= 0 && now < MEASURE_SECONDS)
			out->loudness[(int)(now * 10)] += (double)sample * (double)sample;
	}
	out->sound_end = time + (double)frame->nb_samples / frame->sample_rate;
}

static void decode(AVCodecContext *context, const AVPacket *packet, AVFrame *frame,
                   struct measured *out)
{
	double unit = av_q2d(context->pkt_timebase);

	ck_assert_int_ge(avcodec_send_packet(context, packet), 0);
	while (avcodec_receive_frame(context, frame) >= 0) {
		double time = (double)frame->best_effort_timestamp * unit;

		ck_assert_int_eq(frame->decode_error_flags, 0);
		if (context->codec_type == AVMEDIA_TYPE_VIDEO)
			add_picture(out, frame, time, (double)frame->pkt_duration * unit);
		else
			add_sound(out, frame, time);
		av_frame_unref(frame);
	}
}

void measure(const char *path, struct measured *out)
{
	AVFormatContext *format = NULL;
	AVCodecContext *decoders[2] = {NULL, NULL};
	AVPacket *packet = av_packet_alloc();
	AVFrame *frame = av_frame_alloc();

	memset(out, 0, sizeof *out);
	ck_assert_msg(avformat_open_input(&format, path, NULL, NULL) >= 0, "open %s", path);
	ck_assert_int_ge(avformat_find_stream_info(format, NULL), 0);
	ck_assert_uint_le(format->nb_streams, 2);
	for (unsigned i = 0; i < format->nb_streams; i++)
		decoders[i] = decoder_for(format->streams[i]);
	while (av_read_frame(format, packet) >= 0) {
		decode(decoders[packet->stream_index], packet, frame, out);
		av_packet_unref(packet);
	}
	for (unsigned i = 0; i < format->nb_streams; i++) {
		decode(decoders[i], NULL, frame, out);
		avcodec_free_context(&decoders[i]);
	}
	for (int i = 0; out->rate > 0 && i < MEASURE_SECONDS * 10; i++)
		out->loudness[i] = sqrt(out->loudness[i] / (out->rate / 10.0));
	av_packet_free(&packet);
	av_frame_free(&frame);
	avformat_close_input(&format);
}
