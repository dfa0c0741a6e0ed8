/* report_sound.c - what a report says of the sound: what was decided, and what came out. */
#include "report_sound.h"

#include <math.h>

#include "report_track.h"
#include "say.h"

/* Less than two packets of sound is how files are. */
#define WORTH_TELLING_MS 40

/* What came out, by the ear that listened to the encoder. */
static struct loudness heard(const struct transcode *job, size_t number)
{
	const struct sound *sound = &job->sounds[job->plan.sounds[number].track];

	return meter_read(&sound->renditions[sound_find(sound, number)].audition.meter);
}

static void decide_loudness(json_t *decisions, const struct transcode *job, size_t number)
{
	const struct plan_sound *sound = &job->plan.sounds[number];
	double target = sound->level.target, true_peak = sound->level.true_peak;
	struct loudness made = heard(job, number);

	if (sound->level.gain.db == 0)
		sayf(decisions, "%s: left as loud as it is, %.1f LUFS", sound->name,
		     sound->level.measured.integrated);
	else
		sayf(decisions, "%s: from %.1f to %.1f LUFS by one gain of %.1f dB%s", sound->name,
		     sound->level.measured.integrated, made.integrated, sound->level.gain.db,
		     sound->level.gain.limited ? ", with a limiter for its peaks" : "");
	if (sound->level.gain.limited && gain_miss(&made, target, true_peak) > 0)
		sayf(decisions, "%s: its peaks do not let it come nearer to %.1f LUFS and %.1f dBTP",
		     sound->name, target, true_peak);
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

static void decide_copy(json_t *decisions, const struct plan_sound *sound)
{
	if (sound->copied)
		sayf(decisions, "%s copied: the source's sound is what it would become", sound->name);
	else if (sound->why_not[0] != '\0')
		sayf(decisions, "%s encoded: %s", sound->name, sound->why_not);
}

void report_sound_decisions(const struct transcode *job, json_t *decisions)
{
	for (size_t i = 0; i < job->plan.n_sounds; i++)
		decide_copy(decisions, &job->plan.sounds[i]);
	for (size_t i = 0; i < job->n_sounds; i++)
		if (job->sounds[i].count > 0)
			decide_track(decisions, &job->sounds[i], job->plan.tracks[i].label.name);
	for (size_t i = 0; i < job->plan.n_sounds; i++)
		if (job->plan.sounds[i].level.wanted)
			decide_loudness(decisions, job, i);
	if (job->plan.tracks_left_out > 0)
		sayf(decisions,
		     "%zu tracks of sound left out: not asked for, too many, or of a kind that is not "
		     "accepted",
		     job->plan.tracks_left_out);
	if (job->plan.silent)
		say(decisions, "silence made: the source has no sound");
	else if (job->input.audio == NULL)
		say(decisions, "no sound made: the source has none");
}

/* Infinity has no place in JSON, and no meaning in a report. */
static json_t *tenths(double value)
{
	return json_real(round(value * 10) / 10);
}

static json_t *describe_measured(struct loudness loudness)
{
	return json_pack("{s:o, s:o, s:o}", "integrated_lufs", tenths(loudness.integrated), "range_lu",
	                 tenths(loudness.range), "true_peak_dbtp", tenths(loudness.true_peak));
}

static void describe_loudness(json_t *object, const struct transcode *job, size_t number)
{
	const struct plan_sound *sound = &job->plan.sounds[number];

	json_object_set_new(
	    object, "loudness",
	    json_pack("{s:o, s:o, s:b, s:o}", "source", describe_measured(sound->level.measured),
	              "gain_db", tenths(sound->level.gain.db), "limited", sound->level.gain.limited,
	              "output", describe_measured(heard(job, number))));
}

json_t *report_sounds(const struct transcode *job)
{
	json_t *list = json_array();

	for (size_t i = 0; i < job->plan.n_sounds; i++) {
		const struct plan_sound *plan = &job->plan.sounds[i];
		const struct label *label = &job->plan.tracks[plan->track].label;
		json_t *object = report_track(plan->name, job->tracks.sounds[i]);

		json_object_set_new(object, "title", json_string(label->name));
		if (label->language[0] != '\0')
			json_object_set_new(object, "language", json_string(label->language));
		json_object_set_new(object, "default", json_boolean(label->roles & AV_DISPOSITION_DEFAULT));
		json_object_set_new(object, "copied", json_boolean(plan->copied));
		json_object_set_new(object, "channels", json_integer(plan->channels));
		json_object_set_new(object, "sample_rate", json_integer(plan->rate));
		if (plan->level.wanted)
			describe_loudness(object, job, i);
		json_array_append_new(list, object);
	}
	return list;
}
