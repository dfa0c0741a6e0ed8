/* watch.c - when a file's pictures are bright, by FFmpeg without our code. */
#include "watch.h"

#include <check.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

static float brightness(const AVFrame *frame)
{
	return frame->data[0][frame->height / 2 * frame->linesize[0] + frame->width / 2] > 128;
}

/* A picture is shown until the next one. */
static void fill_from(double time, float value, float *out, size_t count_ms)
{
	for (size_t at = time > 0 ? (size_t)(time * 1000 + 0.5) : 0; at < count_ms; at++)
		out[at] = value;
}

void watch_flashes(const char *path, float *out, size_t count_ms)
{
	AVFormatContext *format = NULL;
	AVPacket *packet = av_packet_alloc();
	AVFrame *frame = av_frame_alloc();
	AVCodecContext *context;
	int video, more = 0;

	memset(out, 0, count_ms * sizeof *out);
	ck_assert_msg(avformat_open_input(&format, path, NULL, NULL) >= 0, "open %s", path);
	ck_assert_int_ge(avformat_find_stream_info(format, NULL), 0);
	video = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
	ck_assert_int_ge(video, 0);
	context = avcodec_alloc_context3(
	    avcodec_find_decoder(format->streams[video]->codecpar->codec_id));
	ck_assert_int_ge(avcodec_parameters_to_context(context, format->streams[video]->codecpar), 0);
	ck_assert_int_ge(avcodec_open2(context, NULL, NULL), 0);
	while (more >= 0) {
		more = av_read_frame(format, packet);
		if (more >= 0 && packet->stream_index != video) {
			av_packet_unref(packet);
			continue;
		}
		ck_assert_int_ge(avcodec_send_packet(context, more >= 0 ? packet : NULL), 0);
		while (avcodec_receive_frame(context, frame) >= 0) {
			fill_from((double)frame->best_effort_timestamp *
			              av_q2d(format->streams[video]->time_base),
			          brightness(frame), out, count_ms);
			av_frame_unref(frame);
		}
		av_packet_unref(packet);
	}
	avcodec_free_context(&context);
	av_packet_free(&packet);
	av_frame_free(&frame);
	avformat_close_input(&format);
}
