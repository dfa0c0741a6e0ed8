/* report.c - what a job's source was, what was decided and why, and what came out. */
#include "report.h"

#include <string.h>

#include <libavutil/pixdesc.h>

#include "codec_string.h"
#include "describe.h"
#include "verify_media.h"

/* Less than two packets of sound is how files are. */
#define WORTH_TELLING_MS 40

static void say(json_t *decisions, const char *sentence)
{
	json_array_append_new(decisions, json_string(sentence));
}

__attribute__((format(printf, 2, 3))) static void sayf(json_t *decisions, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	json_array_append_new(decisions, json_vsprintf(format, arguments));
	va_end(arguments);
}

static void decide_ladder(json_t *decisions, const struct plan *plan)
{
	for (size_t i = 0; i < plan->ladder.n_dropped; i++)
		sayf(decisions, "%s left out: larger than the source, which is %dx%d",
		     plan->ladder.dropped[i]->name, plan->shape.width, plan->shape.height);
	for (size_t i = 0; i < plan->ladder.count; i++)
		if (plan->ladder.rungs[i].own_size)
			sayf(decisions, "%s made at the source's own size: nothing is scaled up",
			     plan->ladder.rungs[i].option->name);
}

static void decide_pictures(json_t *decisions, const struct transcode *job)
{
	const struct plan *plan = &job->plan;

	if (plan->shape.orientation.degrees != 0)
		sayf(decisions, "turned by %d degrees clockwise", plan->shape.orientation.degrees);
	if (plan->shape.orientation.mirrored)
		say(decisions, "mirrored, as the source says");
	if (av_cmp_q(plan->shape.pixel, (AVRational){1, 1}) != 0)
		sayf(decisions, "pixels of %d:%d made square", plan->shape.pixel.num,
		     plan->shape.pixel.den);
	if (job->pictures.upright.deinterlaced)
		say(decisions, "deinterlaced");
	if (plan->colour.tone_map)
		say(decisions, "high dynamic range mapped to BT.709");
	else if (plan->colour.guessed)
		sayf(decisions, "colours taken for %s: the source does not say",
		     av_color_space_name(plan->colour.space));
	if (job->pictures.clock.dropped > 0)
		sayf(decisions, "%lld pictures dropped: their time was not after the one before",
		     (long long)job->pictures.clock.dropped);
	if (job->pictures.poster.best != NULL)
		sayf(decisions, "poster taken at %lld ms",
		     (long long)(job->pictures.poster.best_us / 1000));
}

static void decide_track(json_t *decisions, const struct sound *sound, const char *name)
{
	if (sound->silence_ms >= WORTH_TELLING_MS)
		sayf(decisions, "%s: %lld ms of silence put where the sound has none", name,
		     (long long)sound->silence_ms);
	if (sound->skipped_ms >= WORTH_TELLING_MS)
		sayf(decisions, "%s: %lld ms of sound left out that came twice or too early", name,
		     (long long)sound->skipped_ms);
	if (sound->decode.errors > 0)
		sayf(decisions, "%s: %llu packets of sound could not be decoded", name,
		     (unsigned long long)sound->decode.errors);
	if (sound->decode.frames == 0)
		sayf(decisions, "%s: no sound made: nothing of it could be decoded", name);
}

static void decide_sound(json_t *decisions, const struct transcode *job)
{
	for (size_t i = 0; i < job->n_sounds; i++)
		decide_track(decisions, &job->sounds[i], job->plan.tracks[i].label.name);
	if (job->plan.tracks_left_out > 0)
		sayf(decisions,
		     "%zu tracks of sound left out: not asked for, too many, or of a kind that is not "
		     "accepted",
		     job->plan.tracks_left_out);
	if (job->n_sounds == 0 && job->input.audio == NULL)
		say(decisions, "no sound made: the source has none");
}

/* Where the longest track ends. */
static int64_t made_ms(const struct transcode *job)
{
	int64_t longest = 0;

	for (size_t i = 0; i < job->n_renditions; i++)
		longest = FFMAX(longest, track_duration_ms(&job->renditions[i].encoder.track));
	for (size_t i = 0; i < job->plan.n_sounds; i++)
		longest = FFMAX(longest, track_duration_ms(job->tracks.sounds[i]));
	return longest;
}

static void decide_source(json_t *decisions, const struct transcode *job)
{
	int64_t missing_ms = job->plan.duration_ms - made_ms(job);

	if (missing_ms > verify_tolerance_ms((uint64_t)job->plan.duration_ms))
		sayf(decisions, "the source ends %lld ms before it says", (long long)missing_ms);

	if (job->demux.jump.jumps > 0)
		sayf(decisions, "%lld jumps of the clock taken out", (long long)job->demux.jump.jumps);
	if (job->demux.broke_off)
		sayf(decisions, "the source breaks off: %s", job->demux.reason);
	if (job->has_pictures && job->pictures.decode.errors + job->pictures.damaged > 0)
		sayf(decisions, "%llu packets could not be decoded, %llu pictures are damaged",
		     (unsigned long long)job->pictures.decode.errors,
		     (unsigned long long)job->pictures.damaged);
	if (!job->has_pictures && job->input.video == NULL)
		say(decisions, "no pictures made: the source has none");
}

/* What is the same of both kinds of track. */
static json_t *describe_track(const char *name, const struct track *track)
{
	json_t *object = json_object();
	char codec[CODEC_STRING_MAX];

	codec_string(track->parameters, codec);
	json_object_set_new(object, "name", json_string(name));
	json_object_set_new(object, "codec", json_string(codec));
	json_object_set_new(object, "duration_ms", json_integer(track_duration_ms(track)));
	json_object_set_new(object, "bytes", json_integer((json_int_t)track->bytes));
	if (track_duration_ms(track) > 0)
		json_object_set_new(
		    object, "bit_rate",
		    json_integer((json_int_t)track->bytes * 8000 / track_duration_ms(track)));
	return object;
}

static json_t *describe_pictures(const struct transcode *job)
{
	json_t *list = json_array();

	for (size_t i = 0; i < job->n_renditions; i++) {
		const struct rung *rung = job->renditions[i].rung;
		const struct track *track = &job->renditions[i].encoder.track;
		json_t *object = describe_track(rung->option->name, track);

		json_object_set_new(object, "width", json_integer(rung->width));
		json_object_set_new(object, "height", json_integer(rung->height));
		json_object_set_new(object, "frames", json_integer((json_int_t)track->packets));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *describe_sound(const struct transcode *job)
{
	json_t *list = json_array();

	for (size_t i = 0; i < job->plan.n_sounds; i++) {
		const struct plan_sound *plan = &job->plan.sounds[i];
		const struct label *label = &job->plan.tracks[plan->track].label;
		json_t *object = describe_track(plan->name, job->tracks.sounds[i]);

		json_object_set_new(object, "title", json_string(label->name));
		if (label->language[0] != '\0')
			json_object_set_new(object, "language", json_string(label->language));
		json_object_set_new(object, "default", json_boolean(label->roles & AV_DISPOSITION_DEFAULT));
		json_object_set_new(object, "channels", json_integer(plan->channels));
		json_object_set_new(object, "sample_rate", json_integer(plan->rate));
		json_array_append_new(list, object);
	}
	return list;
}

int report_write(const struct transcode *job, struct vm_sink *sink, struct vm_error *err)
{
	json_t *report = json_object(), *decisions = json_array();

	if (job->has_pictures) {
		decide_ladder(decisions, &job->plan);
		decide_pictures(decisions, job);
	}
	decide_sound(decisions, job);
	decide_source(decisions, job);
	json_object_set_new(report, "duration_ms", json_integer(made_ms(job)));
	json_object_set_new(report, "source", describe_source(&job->input));
	json_object_set_new(report, "decisions", decisions);
	json_object_set_new(report, "video", describe_pictures(job));
	json_object_set_new(report, "audio", describe_sound(job));
	return describe_write(report, sink, err);
}
