/* test_encoders.c - every encoder and decoder that a codec may use works inside the sandbox. */
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"
#include "worker/sandbox.h"

enum { FRAMES = 30, THREADS = 4, WORKS = 0, FAILS = 1, MISSING = 2 };

static const struct {
	const char *encoder, *decoder, *option, *value;
} pairs[] = {
    {"libx264", "h264", "preset", "veryfast"},
    {"libx265", "hevc", "preset", "ultrafast"},
    {"libsvtav1", "libdav1d", "preset", "12"},
    {"libvpx-vp9", "vp9", "deadline", "realtime"},
    {"libvpx", "vp8", "deadline", "realtime"},
    {"mpeg4", "mpeg4", NULL, NULL},
    {"mpeg2video", "mpeg2video", NULL, NULL},
    {"mjpeg", "mjpeg", NULL, NULL},
    {"prores", "prores", NULL, NULL},
    {"aac", "aac", NULL, NULL},
    {"libopus", "libopus", NULL, NULL},
    {"libmp3lame", "mp3float", NULL, NULL},
    {"libvorbis", "vorbis", NULL, NULL},
    {"ac3", "ac3", NULL, NULL},
    {"flac", "flac", NULL, NULL},
};

static void set_format(AVCodecContext *context, const AVCodec *codec)
{
	context->time_base = (AVRational){1, 48000};
	context->bit_rate = 200000;
	context->thread_count = THREADS;
	if (codec->type == AVMEDIA_TYPE_AUDIO) {
		context->sample_rate = 48000;
		context->sample_fmt = codec->sample_fmts[0];
		av_channel_layout_default(&context->ch_layout, 2);
		return;
	}
	context->time_base = (AVRational){1, 30};
	context->width = 640;
	context->height = 360;
	context->pix_fmt = codec->pix_fmts != NULL ? codec->pix_fmts[0] : AV_PIX_FMT_YUV420P;
	context->gop_size = 10;
}

static AVFrame *make_frame(const AVCodecContext *context, int64_t number)
{
	AVFrame *frame = av_frame_alloc();

	frame->width = context->width;
	frame->height = context->height;
	frame->format = context->codec_type == AVMEDIA_TYPE_VIDEO ? (int)context->pix_fmt
	                                                          : (int)context->sample_fmt;
	if (context->codec_type == AVMEDIA_TYPE_AUDIO) {
		frame->nb_samples = context->frame_size > 0 ? context->frame_size : 1024;
		frame->sample_rate = context->sample_rate;
		av_channel_layout_copy(&frame->ch_layout, &context->ch_layout);
	}
	frame->pts = number * (frame->nb_samples > 0 ? frame->nb_samples : 1);
	if (av_frame_get_buffer(frame, 0) != 0)
		return NULL;
	for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i] != NULL; i++)
		memset(frame->buf[i]->data, (int)(number * 3 + i) & 0x3F, frame->buf[i]->size);
	return frame;
}

/* How many frames come out of what has gone in; negative: an error. */
static int decode(AVCodecContext *decoder, const AVPacket *packet)
{
	AVFrame *frame = av_frame_alloc();
	int count = 0, code = avcodec_send_packet(decoder, packet);

	while (code >= 0 && (code = avcodec_receive_frame(decoder, frame)) >= 0)
		count++;
	av_frame_free(&frame);
	return code == AVERROR(EAGAIN) || code == AVERROR_EOF ? count : code;
}

/* Takes the packets that one frame makes, NULL for the end, through the decoder. */
static int pass(AVCodecContext *encoder, AVCodecContext *decoder, const AVFrame *frame)
{
	AVPacket *packet = av_packet_alloc();
	int count = 0, decoded, code = avcodec_send_frame(encoder, frame);

	while (code >= 0 && (code = avcodec_receive_packet(encoder, packet)) >= 0) {
		decoded = decode(decoder, packet);
		av_packet_unref(packet);
		if (decoded < 0)
			code = decoded;
		else
			count += decoded;
	}
	av_packet_free(&packet);
	if (code != AVERROR(EAGAIN) && code != AVERROR_EOF)
		return code;
	decoded = frame == NULL ? decode(decoder, NULL) : 0;
	return decoded < 0 ? decoded : count + decoded;
}

static AVCodecContext *open_decoder(const AVCodec *codec, const AVCodecContext *encoder)
{
	AVCodecContext *decoder = avcodec_alloc_context3(codec);
	AVCodecParameters *parameters = avcodec_parameters_alloc();

	avcodec_parameters_from_context(parameters, encoder);
	avcodec_parameters_to_context(decoder, parameters);
	avcodec_parameters_free(&parameters);
	decoder->pkt_timebase = encoder->time_base;
	decoder->thread_count = THREADS;
	return avcodec_open2(decoder, codec, NULL) == 0 ? decoder : NULL;
}

static int work(int i)
{
	const AVCodec *codec = avcodec_find_encoder_by_name(pairs[i].encoder);
	const AVCodec *back = avcodec_find_decoder_by_name(pairs[i].decoder);
	const struct sandbox sandbox = {.memory_bytes = UINT64_C(4) << 30, .cpu_ms = 60000};
	struct sandbox_walls walls;
	AVCodecContext *encoder, *decoder;
	struct vm_error error;
	int count = 0, more = 0;

	if (codec == NULL || back == NULL)
		return MISSING;
	if (sandbox_enter(&sandbox, &walls, &error) != VM_OK) {
		fprintf(stderr, "%s\n", error.message);
		return FAILS;
	}
	encoder = avcodec_alloc_context3(codec);
	set_format(encoder, codec);
	if (pairs[i].option != NULL)
		av_opt_set(encoder->priv_data, pairs[i].option, pairs[i].value, 0);
	if (avcodec_open2(encoder, codec, NULL) != 0 || (decoder = open_decoder(back, encoder)) == NULL)
		return FAILS;
	for (int64_t number = 0; number < FRAMES && more >= 0; number++) {
		AVFrame *frame = make_frame(encoder, number);

		if (frame == NULL)
			return FAILS;
		more = pass(encoder, decoder, frame);
		count += more;
		av_frame_free(&frame);
	}
	more = more >= 0 ? pass(encoder, decoder, NULL) : more;
	avcodec_free_context(&encoder);
	avcodec_free_context(&decoder);
	return more >= 0 && count + more > 0 ? WORKS : FAILS;
}

/* Keeps the beginning and drops the rest. */
static bool read_more(int file, char *words, size_t size, size_t *length)
{
	char dropped[256];
	bool room = *length < size - 1;
	ssize_t got = room ? read(file, words + *length, size - 1 - *length)
	                   : read(file, dropped, sizeof dropped);

	if (got > 0 && room)
		words[ *length += (size_t)got] = '\0';
	return got > 0;
}

START_TEST(works_locked_in)
{
	char words[4096] = "";
	int pipes[2], status;
	pid_t pid;

	/* As the worker's child: what is written to a file would pass its limit. */
	ck_assert_int_eq(pipe(pipes), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(pipes[1], STDERR_FILENO);
		_exit(work(_i));
	}
	close(pipes[1]);
	for (size_t length = 0; read_more(pipes[0], words, sizeof words, &length);)
		;
	close(pipes[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == MISSING)
		fprintf(stderr, "skipped: FFmpeg was built without %s\n", pairs[_i].encoder);
	else
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == WORKS,
		              "%s and %s: status %#x: %s", pairs[_i].encoder, pairs[_i].decoder,
		              (unsigned)status, words);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("encoders");

	av_log_set_level(AV_LOG_ERROR);
	tcase_set_timeout(tests, 100);
	tcase_add_loop_test(tests, works_locked_in, 0, (int)(sizeof pairs / sizeof pairs[0]));
	return run_tests(tests, "encoders");
}
