/* sound_rendition.c - one sound of one track: brought into its form, then encoded or measured. */
#include "sound_rendition.h"

static int encode(void *ctx, const AVFrame *frame, struct vm_error *err)
{
	return audio_encoder_push(ctx, frame, err);
}

static int measure(void *ctx, const AVFrame *frame, struct vm_error *err)
{
	struct sound_rendition *rendition = ctx;
	int status = VM_OK;

	for (size_t i = 0; i < rendition->n_meters && status == VM_OK; i++)
		status = meter_push(&rendition->meters[i], frame, err);
	return status;
}

static struct sound_filter filter_of(const struct plan_sound *sound, const struct gain *gain,
                                     struct log *log, sound_emit_fn *emit, void *emit_ctx)
{
	return (struct sound_filter){.rate = sound->rate,
	                             .channels = sound->channels,
	                             .codec = sound->option->codec,
	                             .gain = gain,
	                             .log = log,
	                             .emit = emit,
	                             .emit_ctx = emit_ctx};
}

int sound_rendition_encode(struct sound_rendition *rendition, const struct plan *plan,
                           size_t number, struct log *log, struct vm_error *err)
{
	const struct plan_sound *sound = &plan->sounds[number];
	struct audio_want want = {sound->option, sound->rate, sound->channels};
	struct track *track = &rendition->encoder.track;
	int status;

	rendition->number = number;
	rendition->filter = filter_of(sound, sound->level.wanted ? &sound->level.gain : NULL, log,
	                              encode, &rendition->encoder);
	if ((status = audio_encoder_open(&rendition->encoder, &want, log, err)) != VM_OK)
		return status;
	track->label = &plan->tracks[sound->track].label;
	track->group = sound->option->name;
	return sound->level.wanted ? audition_open(&rendition->audition, track, log, err) : VM_OK;
}

void sound_rendition_measure(struct sound_rendition *rendition, const struct plan *plan,
                             size_t number, struct log *log)
{
	const struct plan_sound *sound = &plan->sounds[number];

	rendition->number = number;
	rendition->filter = filter_of(sound, NULL, log, measure, rendition);
	if (sound->level.step == LEVEL_MEASURE) {
		rendition->n_meters = 1;
		rendition->meters[0] = (struct meter){.log = log, .peaks = true};
		return;
	}
	rendition->n_meters = GAIN_CANDIDATES;
	for (size_t i = 0; i < GAIN_CANDIDATES; i++) {
		rendition->gains[i] = gain_candidate(&sound->level.gain, i);
		rendition->meters[i] = (struct meter){.log = log, .gain = &rendition->gains[i]};
	}
}

int sound_rendition_end(struct sound_rendition *rendition, struct vm_error *err)
{
	int status = sound_filter_push(&rendition->filter, NULL, err);

	if (status == VM_OK && rendition->n_meters == 0)
		status = audio_encoder_end(&rendition->encoder, err);
	return status;
}

void sound_rendition_finish(struct sound_rendition *rendition)
{
	sound_filter_finish(&rendition->filter);
	audio_encoder_finish(&rendition->encoder);
	audition_finish(&rendition->audition);
	for (size_t i = 0; i < rendition->n_meters; i++)
		meter_finish(&rendition->meters[i]);
}
