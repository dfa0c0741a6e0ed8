/* measure.c - how loud each sound is, found out before it is made: the source is read for it. */
#include "measure.h"

#include <stdlib.h>

#include "demux.h"
#include "sound.h"

/* One pass over the source that makes nothing. */
struct pass {
	struct input input;
	struct crew crew;
	struct demux demux;
	struct frame_count count;
	struct sound sounds[SOUND_STREAMS_MAX];
	size_t n_sounds;
	const struct vm_call *call;
	int64_t duration_ms;
};

static void stop(void *ctx)
{
	struct pass *pass = ctx;

	input_stop(&pass->input);
	for (size_t i = 0; i < pass->n_sounds; i++)
		queue_abort(&pass->sounds[i].packets);
}

/* It makes no progress of the outputs, but it is alive. */
static void tell_alive(void *ctx)
{
	const struct pass *pass = ctx;

	vm_call_progress(pass->call, 0, (uint64_t)pass->duration_ms);
}

static int open_pass(struct pass *pass, const struct plan *plan, const struct vm_codec_job *job,
                     struct log *log, struct vm_error *err)
{
	int status = input_open(&pass->input, job->source, job->limits, log, pass->call, err);

	if (status != VM_OK)
		return status;
	demux_init(&pass->demux, &pass->input, &plan->part, &pass->crew);
	if (pass->input.video != NULL)
		pass->input.video->discard = AVDISCARD_ALL;
	for (size_t i = 0; i < plan->n_tracks && status == VM_OK; i++) {
		struct sound *sound = &pass->sounds[pass->n_sounds++];

		status = sound_open_to_measure(sound, plan, i, &pass->input, &pass->count, &pass->crew,
		                               err);
		if (status == VM_OK && sound->count > 0)
			demux_route(&pass->demux, sound->decode.stream, &sound->packets);
	}
	return status;
}

static int run_pass(struct pass *pass, struct vm_error *err)
{
	int status = crew_start(&pass->crew, demux_run, &pass->demux, err);

	for (size_t i = 0; i < pass->n_sounds && status == VM_OK; i++)
		if (pass->sounds[i].count > 0)
			status = crew_start(&pass->crew, sound_run, &pass->sounds[i], err);
	return crew_wait(&pass->crew, pass->call, tell_alive, pass, err);
}

/* What a pass has found out of one sound. */
static void settle(struct level *level, const struct sound_rendition *rendition)
{
	double reached[GAIN_CANDIDATES];

	switch (level->step) {
	case LEVEL_MEASURE:
		level_measured(level, meter_read(&rendition->meters[0]));
		break;
	case LEVEL_TRY:
		for (size_t i = 0; i < GAIN_CANDIDATES; i++)
			reached[i] = meter_read(&rendition->meters[i]).integrated;
		level_tried(level, reached);
		break;
	case LEVEL_ENCODE:
		level_encoded(level, meter_read(&rendition->audition.meter));
		break;
	case LEVEL_DONE:
		break;
	}
}

static int make_pass(struct plan *plan, const struct vm_codec_job *job, struct log *log,
                     const struct vm_call *call, struct vm_error *err)
{
	struct pass *pass = calloc(1, sizeof *pass);
	int status;

	if (pass == NULL)
		return vm_fail_memory(err);
	pass->call = call;
	pass->duration_ms = plan->duration_ms;
	pass->count.limits = job->limits;
	atomic_init(&pass->count.frames, 0);
	crew_init(&pass->crew, log, stop, pass);
	if ((status = open_pass(pass, plan, job, log, err)) == VM_OK)
		status = run_pass(pass, err);
	for (size_t i = 0; i < pass->n_sounds; i++) {
		for (size_t j = 0; j < pass->sounds[i].count && status == VM_OK; j++)
			settle(&plan->sounds[pass->sounds[i].renditions[j].number].level,
			       &pass->sounds[i].renditions[j]);
		sound_finish(&pass->sounds[i]);
	}
	input_finish(&pass->input);
	crew_finish(&pass->crew);
	free(pass);
	return status;
}

static bool done(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_sounds; i++)
		if (plan->sounds[i].level.step != LEVEL_DONE)
			return false;
	return true;
}

int measure_sounds(struct plan *plan, const struct vm_codec_job *job, struct log *log,
                   const struct vm_call *call, struct vm_error *err)
{
	int status = VM_OK;

	for (int i = 0; i < LEVEL_STEPS_MAX && status == VM_OK && !done(plan); i++)
		status = make_pass(plan, job, log, call, err);
	return status;
}
