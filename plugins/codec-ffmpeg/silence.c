/* silence.c - sound for pictures that have none: silence, as long as they are. */
#include "silence.h"

#include <libavutil/samplefmt.h>

#define PIECE_SAMPLES 1024

int silence_open(struct silence *silence, const struct plan *plan, struct crew *crew,
                 struct vm_error *err)
{
	int status = VM_OK;

	silence->crew = crew;
	for (size_t i = 0; i < plan->n_sounds && status == VM_OK; i++) {
		const struct plan_sound *sound = &plan->sounds[i];
		struct audio_encoder *encoder = &silence->encoders[silence->count++];
		struct audio_want want = {sound->option, sound->rate, sound->channels};

		status = audio_encoder_open(encoder, &want, crew->log, err);
		encoder->track.label = &plan->tracks[sound->track].label;
		encoder->track.group = sound->option->name;
	}
	return status;
}

static AVFrame *make_frame(const AVCodecContext *context)
{
	AVFrame *frame = av_frame_alloc();

	if (frame == NULL)
		return NULL;
	frame->format = context->sample_fmt;
	frame->sample_rate = context->sample_rate;
	frame->nb_samples = PIECE_SAMPLES;
	if (av_channel_layout_copy(&frame->ch_layout, &context->ch_layout) >= 0 &&
	    av_frame_get_buffer(frame, 0) >= 0 &&
	    av_samples_set_silence(frame->extended_data, 0, PIECE_SAMPLES,
	                           context->ch_layout.nb_channels, context->sample_fmt) >= 0)
		return frame;
	av_frame_free(&frame);
	return NULL;
}

static int extend(struct silence *silence, struct audio_encoder *encoder, int64_t samples,
                  struct vm_error *err)
{
	AVFrame *frame = make_frame(encoder->context);
	int status = frame != NULL ? VM_OK : vm_fail_memory(err);
	int64_t left = samples - audio_encoder_pushed(encoder);

	for (; left > 0 && status == VM_OK && !crew_stopping(silence->crew); left -= PIECE_SAMPLES) {
		frame->nb_samples = (int)FFMIN(left, PIECE_SAMPLES);
		status = audio_encoder_push(encoder, frame, err);
	}
	av_frame_free(&frame);
	return status;
}

int silence_until(struct silence *silence, int64_t time, AVRational time_base, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < silence->count && status == VM_OK; i++) {
		struct audio_encoder *encoder = &silence->encoders[i];

		status = extend(silence, encoder,
		                av_rescale_q(time, time_base, encoder->context->time_base), err);
	}
	return status;
}

int silence_end(struct silence *silence, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < silence->count && status == VM_OK; i++)
		status = audio_encoder_end(&silence->encoders[i], err);
	return status;
}

void silence_finish(struct silence *silence)
{
	for (size_t i = 0; i < silence->count; i++)
		audio_encoder_finish(&silence->encoders[i]);
}
