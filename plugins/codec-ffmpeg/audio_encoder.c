/* audio_encoder.c - sound of any frame length into packets. */
#include "audio_encoder.h"

#include "error.h"
#include "layout.h"
#include "witness.h"

/* The shortest sound is this part of a second. */
#define SHORTEST_PART 100

/* Of a channel, as libopus has it; FFmpeg's AAC lowers what is too much by itself. */
#define OPUS_RATE_MAX INT64_C(256000)

static const char what[] = "encode sound";

static int open_codec(struct audio_encoder *encoder, const struct audio_want *want)
{
	/* Not FFmpeg's own encoder of Opus, which is an experiment. */
	const AVCodec *codec = want->option->codec == AUDIO_OPUS
	                           ? avcodec_find_encoder_by_name("libopus")
	                           : avcodec_find_encoder(AV_CODEC_ID_AAC);
	AVCodecContext *context;

	if (codec == NULL)
		return AVERROR_ENCODER_NOT_FOUND;
	if ((context = encoder->context = avcodec_alloc_context3(codec)) == NULL)
		return AVERROR(ENOMEM);
	context->opaque = encoder->log;
	context->sample_fmt = want->option->codec == AUDIO_OPUS ? AV_SAMPLE_FMT_FLT
	                                                        : AV_SAMPLE_FMT_FLTP;
	context->sample_rate = want->rate;
	context->time_base = (AVRational){1, want->rate};
	context->bit_rate = (int64_t)want->option->bitrate;
	/* One track of several may have fewer channels than the option was written for. */
	if (want->option->codec == AUDIO_OPUS)
		context->bit_rate = FFMIN(context->bit_rate, OPUS_RATE_MAX * want->channels);
	context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
	context->ch_layout = layout_of(want->option->codec, want->channels);
	return avcodec_open2(context, codec, NULL);
}

int audio_encoder_open(struct audio_encoder *encoder, const struct audio_want *want,
                       struct log *log, struct vm_error *err)
{
	int code;

	*encoder = (struct audio_encoder){.log = log};
	if ((code = open_codec(encoder, want)) < 0)
		return error_of_ours(err, code, what, log);
	encoder->fifo = av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, want->channels, want->rate / 10);
	if (encoder->fifo == NULL || (encoder->planes = av_frame_alloc()) == NULL ||
	    (encoder->frame = av_frame_alloc()) == NULL ||
	    (encoder->packet = av_packet_alloc()) == NULL)
		return vm_fail_memory(err);
	return track_init(&encoder->track, encoder->context, err);
}

static int drain(struct audio_encoder *encoder, struct vm_error *err)
{
	int status = VM_OK, code;

	while (status == VM_OK &&
	       (code = avcodec_receive_packet(encoder->context, encoder->packet)) >= 0) {
		/* Behind the last sample the encoder may have a packet of its own delay. */
		if (encoder->packet->duration > 0)
			status = track_packet(&encoder->track, encoder->packet, err);
		av_packet_unref(encoder->packet);
	}
	if (status == VM_OK && code != AVERROR(EAGAIN) && code != AVERROR_EOF)
		return error_of_ours(err, code, what, encoder->log);
	return status;
}

/* One frame of `samples` samples, silent as yet. */
static int get_frame(AVFrame *frame, const AVCodecContext *context, enum AVSampleFormat format,
                     int samples)
{
	int code;

	frame->nb_samples = samples;
	frame->format = format;
	frame->sample_rate = context->sample_rate;
	if ((code = av_channel_layout_copy(&frame->ch_layout, &context->ch_layout)) < 0 ||
	    (code = av_frame_get_buffer(frame, 0)) < 0)
		return code;
	return av_samples_set_silence(frame->extended_data, 0, samples, frame->ch_layout.nb_channels,
	                              format);
}

static void interleave(const AVFrame *from, AVFrame *to)
{
	int channels = from->ch_layout.nb_channels;

	for (int channel = 0; channel < channels; channel++) {
		const float *source = (const float *)(const void *)from->extended_data[channel];
		float *target = (float *)(void *)to->data[0] + channel;

		for (int i = 0; i < from->nb_samples; i++)
			target[(ptrdiff_t)i * channels] = source[i];
	}
}

/* The next samples of the fifo, as the encoder wants them. */
static int take_samples(struct audio_encoder *encoder, int samples)
{
	const AVCodecContext *context = encoder->context;
	AVFrame *planes = encoder->planes;
	int code;

	if ((code = get_frame(planes, context, AV_SAMPLE_FMT_FLTP, samples)) < 0 ||
	    (code = av_audio_fifo_read(encoder->fifo, (void **)planes->extended_data, samples)) < 0)
		return code;
	if (context->sample_fmt == AV_SAMPLE_FMT_FLTP)
		return av_frame_ref(encoder->frame, planes);
	if ((code = get_frame(encoder->frame, context, context->sample_fmt, samples)) >= 0)
		interleave(planes, encoder->frame);
	return code;
}

static int encode(struct audio_encoder *encoder, int samples, struct vm_error *err)
{
	int code = take_samples(encoder, samples);

	encoder->frame->pts = encoder->samples;
	if (code >= 0)
		code = avcodec_send_frame(encoder->context, encoder->frame);
	av_frame_unref(encoder->frame);
	av_frame_unref(encoder->planes);
	if (code < 0)
		return error_of_ours(err, code, what, encoder->log);
	encoder->samples += samples;
	return drain(encoder, err);
}

int64_t audio_encoder_pushed(const struct audio_encoder *encoder)
{
	return encoder->samples + av_audio_fifo_size(encoder->fifo);
}

int audio_encoder_push(struct audio_encoder *encoder, const AVFrame *frame, struct vm_error *err)
{
	int length = encoder->context->frame_size, status = VM_OK;

	if (encoder->track.witness != NULL &&
	    (status = witness_hear(encoder->track.witness, frame, audio_encoder_pushed(encoder),
	                           err)) != VM_OK)
		return status;

	if (av_audio_fifo_write(encoder->fifo, (void **)frame->extended_data, frame->nb_samples) < 0)
		return vm_fail_memory(err);
	while (status == VM_OK && av_audio_fifo_size(encoder->fifo) >= length)
		status = encode(encoder, length, err);
	return status;
}

int audio_encoder_end(struct audio_encoder *encoder, struct vm_error *err)
{
	int rest = av_audio_fifo_size(encoder->fifo), status = VM_OK, code;

	/* Of one sample alone no player makes a sound: silence comes behind it. */
	if (encoder->samples == 0 && rest > 0)
		rest = FFMAX(rest, encoder->context->sample_rate / SHORTEST_PART);
	if (rest > 0 && (status = encode(encoder, rest, err)) != VM_OK)
		return status;
	if ((code = avcodec_send_frame(encoder->context, NULL)) < 0)
		return error_of_ours(err, code, what, encoder->log);
	if ((status = drain(encoder, err)) != VM_OK)
		return status;
	return track_end(&encoder->track, encoder->samples, err);
}

void audio_encoder_finish(struct audio_encoder *encoder)
{
	avcodec_free_context(&encoder->context);
	if (encoder->fifo != NULL)
		av_audio_fifo_free(encoder->fifo);
	encoder->fifo = NULL;
	av_frame_free(&encoder->planes);
	av_frame_free(&encoder->frame);
	av_packet_free(&encoder->packet);
	track_finish(&encoder->track);
}
