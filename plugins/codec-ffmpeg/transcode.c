/* transcode.c - one job: a source becomes the outputs of a stage. */
#include "transcode.h"

#include <stdlib.h>

#include "codec.h"
#include "measure.h"
#include "report.h"
#include "survey.h"
#include "trial.h"

/* [any thread] Nobody waits any longer; what FFmpeg is in the middle of ends by itself. */
static void stop(void *ctx)
{
	struct transcode *job = ctx;

	input_stop(&job->input);
	queue_abort(&job->pictures.packets);
	queue_abort(&job->subtitles.packets);
	copies_abort(&job->copies);
	for (size_t i = 0; i < job->n_sounds; i++)
		queue_abort(&job->sounds[i].packets);
	for (size_t i = 0; i < job->n_renditions; i++)
		queue_abort(&job->renditions[i].frames);
}

static void tell_progress(void *ctx)
{
	struct transcode *job = ctx;
	int64_t done = INT64_MAX;

	if (job->plan.copy.rung != NULL)
		done = atomic_load(&job->copies.pictures.done_ms);
	else if (!job->has_pictures)
		done = atomic_load(job->plan.sounds[0].copied ? &job->copies.sounds[0].done_ms
		                                              : &job->sounds[0].done_ms);
	for (size_t i = 0; i < job->n_renditions; i++)
		done = FFMIN(done, atomic_load(&job->renditions[i].done_ms));
	vm_call_progress(job->call, (uint64_t)FFMAX(done, 0), (uint64_t)job->plan.duration_ms);
}

static int open_pictures(struct transcode *job, struct vm_error *err)
{
	const struct plan *plan = &job->plan;
	int status = VM_OK;

	for (size_t i = 0; i < plan->ladder.count && status == VM_OK; i++) {
		struct rendition *rendition = &job->renditions[job->n_renditions];

		if (plan->ladder.rungs[i].copied)
			continue;
		if (job->n_renditions++ > 0)
			rendition[-1].smaller = rendition;
		status = rendition_open(rendition, plan, i, job->processors, &job->crew, err);
	}
	if (status == VM_OK && plan->watermark != NULL && job->n_renditions > 0)
		status = rendition_mark(job->renditions, plan, job->mark, &job->log, err);
	if (status != VM_OK || plan->ladder.count == 0)
		return status;
	job->has_pictures = true;
	demux_route(&job->demux, job->input.video, &job->pictures.packets);
	return pictures_open(&job->pictures, plan, &job->input,
	                     job->n_renditions > 0 ? job->renditions : NULL, &job->count,
	                     job->processors, &job->out, &job->crew, err);
}

static int open_sound(struct transcode *job, struct vm_error *err)
{
	const struct plan *plan = &job->plan;
	int status = VM_OK;

	if (plan->silent) {
		job->pictures.silence = &job->silence;
		return silence_open(&job->silence, plan, &job->crew, err);
	}
	for (size_t i = 0; i < plan->n_tracks && status == VM_OK; i++) {
		struct sound *sound = &job->sounds[job->n_sounds++];

		plan->tracks[i].stream->discard = AVDISCARD_DEFAULT;
		status = sound_open(sound, plan, i, &job->input, &job->count, !job->has_pictures && i == 0,
		                    &job->crew, err);
		if (sound->count > 0)
			demux_route(&job->demux, plan->tracks[i].stream, &sound->packets);
	}
	return status;
}

static int open_subtitles(struct transcode *job, struct vm_error *err)
{
	const struct plan *plan = &job->plan;

	if (plan->n_texts == 0)
		return VM_OK;
	for (size_t i = 0; i < plan->n_texts; i++) {
		plan->texts[i].stream->discard = AVDISCARD_DEFAULT;
		demux_route(&job->demux, plan->texts[i].stream, &job->subtitles.packets);
	}
	return subtitles_open(&job->subtitles, plan, &job->input, &job->crew, err);
}

/* Its place in plan.sounds: option by option. */
static struct track *sound_track(struct transcode *job, size_t number)
{
	const struct plan *plan = &job->plan;
	struct sound *sound;

	if (plan->silent)
		return &job->silence.encoders[number].track;
	if (plan->sounds[number].copied)
		return &job->copies.sounds[number].track;
	sound = &job->sounds[plan->sounds[number].track];
	return &sound->renditions[sound_find(sound, number)].encoder.track;
}

static int open_packages(struct transcode *job, struct vm_error *err)
{
	struct package_tracks *tracks = &job->tracks;

	const struct ladder *ladder = &job->plan.ladder;
	struct rendition *rendition = job->renditions;

	tracks->n_pictures = ladder->count;
	tracks->n_sounds = job->plan.n_sounds;
	for (size_t i = 0; i < ladder->count; i++)
		tracks->pictures[i] = ladder->rungs[i].copied ? &job->copies.pictures.track
		                                              : &rendition++->encoder.track;
	for (size_t i = 0; i < tracks->n_sounds; i++)
		tracks->sounds[i] = sound_track(job, i);
	for (size_t i = 0; i < tracks->n_pictures; i++)
		tracks->pictures[i]->witness = &job->witness->tracks[i];
	for (size_t i = 0; i < tracks->n_sounds; i++)
		tracks->sounds[i]->witness = &job->witness->tracks[tracks->n_pictures + i];
	return packages_open(&job->packages, &job->plan, tracks, &job->out, &job->log, err);
}

/* Streams that nobody wants are not even taken apart. */
static void leave_out_unused(struct transcode *job)
{
	if (!job->has_pictures && job->input.video != NULL)
		job->input.video->discard = AVDISCARD_ALL;
	if (job->n_sounds == 0 && job->input.audio != NULL)
		job->input.audio->discard = AVDISCARD_ALL;
}

static int work(struct transcode *job, struct vm_error *err)
{
	int status = crew_start(&job->crew, demux_run, &job->demux, err);

	if (status == VM_OK && job->has_pictures)
		status = crew_start(&job->crew, pictures_run, &job->pictures, err);
	for (size_t i = 0; i < job->n_sounds && status == VM_OK; i++)
		if (job->sounds[i].count > 0)
			status = crew_start(&job->crew, sound_run, &job->sounds[i], err);
	if (status == VM_OK)
		status = copies_start(&job->copies, &job->crew, err);
	if (status == VM_OK && job->subtitles.count > 0)
		status = crew_start(&job->crew, subtitles_run, &job->subtitles, err);
	for (size_t i = 0; i < job->n_renditions && status == VM_OK; i++)
		status = crew_start(&job->crew, rendition_run, &job->renditions[i], err);
	/* Those that were started are waited for in any case. */
	return crew_wait(&job->crew, job->call, tell_progress, job, err);
}

static int finish_outputs(struct transcode *job, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < job->n_renditions; i++)
		job->renditions[i].encoder.track.captioned = job->pictures.captioned;
	if (job->has_pictures)
		status = poster_write(&job->pictures.poster, &job->out, err);
	if (status == VM_OK && job->has_pictures)
		status = snaps_end(&job->pictures.snaps, report_duration_ms(job) * 1000, err);
	if (status == VM_OK)
		status = subtitles_write(&job->subtitles, report_duration_ms(job) * 1000, job->plan.hls,
		                         &job->out, err);
	if (status == VM_OK)
		status = packages_close(&job->packages, &job->subtitles, &job->out, err);
	return status == VM_OK ? report_write(job, job->job->report, err) : status;
}

static int run(struct transcode *job, const struct config *config, struct vm_error *err)
{
	int status;

	if ((status = input_open(&job->input, job->job->source, job->job->limits, &job->log, job->call,
	                         err)) != VM_OK ||
	    (status = plan_make(config, &job->input, &job->plan, err)) != VM_OK ||
	    (status = survey_pictures(&job->plan, job->job, &job->log, job->call, err)) != VM_OK ||
	    (status = trial_run(&job->plan, job->job, job->processors, &job->log, job->call, err)) !=
	        VM_OK ||
	    (status = measure_sounds(&job->plan, job->job, &job->log, job->call, err)) != VM_OK)
		return status;
	if ((job->witness = witness_create(&job->plan)) == NULL)
		return vm_fail_memory(err);
	demux_init(&job->demux, &job->input, &job->plan.part, &job->crew);
	if ((status = open_pictures(job, err)) != VM_OK || (status = open_sound(job, err)) != VM_OK ||
	    (status = copies_open(&job->copies, &job->plan, &job->input, &job->demux, &job->count,
	                          &job->crew, err)) != VM_OK ||
	    (status = open_subtitles(job, err)) != VM_OK || (status = open_packages(job, err)) != VM_OK)
		return status;
	leave_out_unused(job);
	status = work(job, err);
	return status == VM_OK ? finish_outputs(job, err) : status;
}

static void finish(struct transcode *job)
{
	packages_finish(&job->packages);
	for (size_t i = 0; i < job->n_renditions; i++)
		rendition_finish(&job->renditions[i]);
	pictures_finish(&job->pictures);
	for (size_t i = 0; i < job->n_sounds; i++)
		sound_finish(&job->sounds[i]);
	copies_finish(&job->copies);
	subtitles_finish(&job->subtitles);
	silence_finish(&job->silence);
	plan_finish(&job->plan);
	input_finish(&job->input);
	crew_finish(&job->crew);
	log_finish(&job->log);
}

int transcode_run(void *self, const struct vm_codec_job *wanted, const struct vm_call *call,
                  struct vm_error *err)
{
	struct codec *codec = self;
	struct transcode *job = calloc(1, sizeof *job);
	int status;

	if (job == NULL)
		return vm_fail_memory(err);
	job->job = wanted;
	job->call = call;
	job->mark = &codec->mark;
	job->processors = wanted->threads > 0 ? wanted->threads : 1;
	log_init(&job->log, codec->host);
	crew_init(&job->crew, &job->log, stop, job);
	out_init(&job->out, wanted);
	job->count.limits = wanted->limits;
	atomic_init(&job->count.frames, 0);
	status = run(job, codec->config, err);
	finish(job);
	witness_place_put(&codec->witness, job->witness);
	free(job);
	return status;
}
