/* input.c - an opened source: the demuxer behind all its guards, and the streams that are used. */
#include "input.h"

#include <limits.h>
#include <string.h>

#include "codecs.h"
#include "error.h"
#include "job_limits.h"
#include "sniff.h"

/* How much may be read to find out what the streams are. */
#define PROBE_BYTES (5 << 20)
/* Less than any stream of sound or pictures takes. */
#define BIT_RATE_MIN 2000

static int refuse_open(AVFormatContext *format, AVIOContext **avio, const char *url, int flags,
                       AVDictionary **options)
{
	(void)format, (void)avio, (void)url, (void)flags, (void)options;
	return AVERROR(EPERM);
}

static int interrupted(void *opaque)
{
	const struct input *input = opaque;

	return atomic_load(&input->stopped) || vm_call_check(input->call, "", NULL) != VM_OK;
}

void input_stop(struct input *input)
{
	atomic_store(&input->stopped, true);
}

int input_fail(struct input *input, int code, const char *what, struct vm_error *err)
{
	int status;

	if (input->io.failure.status != VM_OK) {
		if (err != NULL)
			*err = input->io.failure;
		return input->io.failure.status;
	}
	if ((status = vm_call_check(input->call, what, err)) != VM_OK)
		return status;
	if ((status = input_refused(input, err)) != VM_OK)
		return status;
	return error_of_source(err, code, what, input->log);
}

int input_refused(struct input *input, struct vm_error *err)
{
	struct log_refused refused = log_refused(input->log);

	if (refused.streams)
		return limits_streams_passed(input->limits, err);
	return limits_picture(input->limits, refused.width, refused.height, err);
}

/* The first bytes behind an ID3 tag say what the file is. */
static int find_format(struct input *input, const AVInputFormat **out, struct vm_error *err)
{
	struct vm_source *source = input->io.source;
	uint8_t bytes[SNIFF_BYTES];
	const char *name;
	size_t got = 0;
	int status = source->read_at(source, 0, bytes, sizeof bytes, &got, input->call, err);

	if (status == VM_OK && sniff_tag_bytes(bytes, got) > 0)
		status = source->read_at(source, sniff_tag_bytes(bytes, got), bytes, sizeof bytes, &got,
		                         input->call, err);
	if (status != VM_OK)
		return status;
	if (got == 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "open source: it is empty");
	if ((name = sniff(bytes, got)) == NULL || (*out = av_find_input_format(name)) == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "open source: not a media file of a kind that is accepted (%s)",
		               sniff_formats);
	return VM_OK;
}

static int alloc_format(struct input *input)
{
	AVFormatContext *format = avformat_alloc_context();

	if ((input->format = format) == NULL)
		return AVERROR(ENOMEM);
	format->pb = input->io.avio;
	format->io_open = refuse_open;
	format->interrupt_callback = (AVIOInterruptCB){interrupted, input};
	format->probesize = PROBE_BYTES;
	if (input->limits->streams != 0 && input->limits->streams < INT_MAX)
		format->max_streams = (int)input->limits->streams;
	format->format_whitelist = av_strdup(sniff_formats);
	format->codec_whitelist = av_strdup(codecs_allowed);
	format->protocol_whitelist = av_strdup("");
	if (format->format_whitelist == NULL || format->codec_whitelist == NULL ||
	    format->protocol_whitelist == NULL)
		return AVERROR(ENOMEM);
	return 0;
}

/* FFmpeg forgets a size that no decoder takes, and the stream looks as if it had no pictures. */
static void note_told_size(struct input *input)
{
	const AVFormatContext *format = input->format;

	for (unsigned i = 0; i < format->nb_streams; i++) {
		const AVCodecParameters *par = format->streams[i]->codecpar;

		if ((int64_t)par->width * par->height > (int64_t)input->told_width * input->told_height) {
			input->told_width = par->width;
			input->told_height = par->height;
		}
	}
}

/* Decodes as much as tells sizes and formats, one thread and within the limit of pixels. */
static int find_streams(struct input *input)
{
	unsigned count = input->format->nb_streams;
	AVDictionary **options = NULL;
	int code = 0;

	if (count > 0 && (options = av_calloc(count, sizeof *options)) == NULL)
		return AVERROR(ENOMEM);
	for (unsigned i = 0; i < count && code >= 0; i++)
		if ((code = av_dict_set(&options[i], "threads", "1", 0)) >= 0)
			code = av_dict_set_int(&options[i], "max_pixels", limits_pixels_max(input->limits), 0);
	if (code >= 0)
		code = avformat_find_stream_info(input->format, options);
	for (unsigned i = 0; i < count; i++)
		av_dict_free(&options[i]);
	av_free(options);
	return code;
}

/* Streams that are not asked for later are not even taken apart. */
static void choose_streams(struct input *input)
{
	streams_choose(input->format, &input->streams);
	input->video = input->streams.video;
	input->audio = input->streams.sounds[0];
	for (unsigned i = 0; i < input->format->nb_streams; i++)
		input->format->streams[i]->discard = AVDISCARD_ALL;
	if (input->video != NULL)
		input->video->discard = AVDISCARD_DEFAULT;
	if (input->audio != NULL)
		input->audio->discard = AVDISCARD_DEFAULT;
}

static int check_streams(struct input *input, struct vm_error *err)
{
	const AVFormatContext *format = input->format;
	int status = limits_streams(input->limits, format->nb_streams, err);

	if (status == VM_OK)
		status = limits_duration(input->limits, input_duration_ms(input), err);
	for (unsigned i = 0; i < format->nb_streams && status == VM_OK; i++)
		status = limits_picture(input->limits, format->streams[i]->codecpar->width,
		                        format->streams[i]->codecpar->height, err);
	if (status == VM_OK)
		status = input_refused(input, err);
	if (status == VM_OK && input->video == NULL)
		status = limits_picture(input->limits, input->told_width, input->told_height, err);
	if (status == VM_OK && input->video == NULL && input->audio == NULL)
		status = input_fail(input, AVERROR_STREAM_NOT_FOUND, "no video or audio in the source",
		                    err);
	return status;
}

int input_open(struct input *input, struct vm_source *source, const struct vm_limits *limits,
               struct log *log, const struct vm_call *call, struct vm_error *err)
{
	const AVInputFormat *demuxer;
	int status, code;

	memset(input, 0, sizeof *input);
	input->limits = limits;
	input->call = call;
	input->log = log;
	atomic_init(&input->stopped, false);
	if ((status = source_io_init(&input->io, source, call, err)) != VM_OK ||
	    (status = find_format(input, &demuxer, err)) != VM_OK)
		return status;
	if ((code = alloc_format(input)) < 0)
		return input_fail(input, code, "open source", err);
	if ((code = avformat_open_input(&input->format, NULL, demuxer, NULL)) < 0)
		return input_fail(input, code, "open source", err);
	note_told_size(input);
	if ((code = find_streams(input)) < 0)
		return input_fail(input, code, "open source", err);
	if (input->io.failure.status != VM_OK || interrupted(input))
		return input_fail(input, AVERROR_EXIT, "open source", err);
	choose_streams(input);
	return check_streams(input, err);
}

void input_finish(struct input *input)
{
	avformat_close_input(&input->format);
	source_io_finish(&input->io);
}

/* The first and last time of a recording whose clock jumped say nothing about its duration. */
static bool spans_a_jump(const struct input *input)
{
	const AVFormatContext *format = input->format;
	double seconds = (double)format->duration / AV_TIME_BASE;

	return (format->iformat->flags & AVFMT_TS_DISCONT) != 0 &&
	       (double)input->io.source->bytes * 8 / seconds < BIT_RATE_MIN;
}

int64_t input_duration_ms(const struct input *input)
{
	const AVFormatContext *format = input->format;

	/* A duration guessed from a bit rate is no statement of the container. */
	if (format->duration == AV_NOPTS_VALUE || format->duration <= 0 ||
	    format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE || spans_a_jump(input))
		return 0;

	return format->duration / (AV_TIME_BASE / 1000);
}

int64_t input_start(const struct input *input, AVRational time_base)
{
	if (input->format->start_time == AV_NOPTS_VALUE)
		return 0;
	return av_rescale_q(input->format->start_time, AV_TIME_BASE_Q, time_base);
}

int input_decoder(struct input *input, const AVStream *stream, int threads, AVCodecContext **out,
                  struct vm_error *err)
{
	enum AVCodecID id = stream->codecpar->codec_id;
	const char *name = id == AV_CODEC_ID_NONE ? "an unknown codec" : avcodec_get_name(id);
	const AVCodec *codec = codecs_find_decoder(id);
	AVCodecContext *context;
	int code;

	if (codec == NULL)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "decode %s: not a codec that is accepted", name);
	if ((context = avcodec_alloc_context3(codec)) == NULL)
		return vm_fail_memory(err);
	context->opaque = input->log;
	context->pkt_timebase = stream->time_base;
	context->thread_count = threads;
	context->max_pixels = limits_pixels_max(input->limits);
	if ((code = avcodec_parameters_to_context(context, stream->codecpar)) < 0 ||
	    (code = avcodec_open2(context, codec, NULL)) < 0) {
		avcodec_free_context(&context);
		return input_fail(input, code, name, err);
	}
	*out = context;
	return VM_OK;
}
