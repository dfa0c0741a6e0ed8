/* report_text.c - what a report says of the subtitles: what was decided, and what came out. */
#include "report_text.h"

#include "say.h"

void report_text_decisions(const struct transcode *job, json_t *decisions)
{
	for (size_t i = 0; i < job->subtitles.count; i++) {
		const struct subtitle *track = &job->subtitles.tracks[i];
		const char *name = track->plan->label.name;

		if (track->cues.count == 0)
			sayf(decisions, "%s: no subtitles made: there is no text in the track", name);
		if (track->cues.left_out > 0)
			sayf(decisions, "%s: %llu subtitles left out: more than a track may have", name,
			     (unsigned long long)track->cues.left_out);
		if (track->errors > 0)
			sayf(decisions, "%s: %llu subtitles could not be decoded", name,
			     (unsigned long long)track->errors);
	}
	if (job->plan.texts_left_out > 0)
		sayf(decisions, "%zu tracks of subtitles left out: they are pictures, or too many",
		     job->plan.texts_left_out);
}

json_t *report_texts(const struct transcode *job)
{
	json_t *list = json_array();

	for (size_t i = 0; i < job->subtitles.count; i++) {
		const struct subtitle *track = &job->subtitles.tracks[i];
		const struct label *label = &track->plan->label;
		json_t *object;

		if (track->cues.count == 0)
			continue;
		object = json_pack("{s:s, s:s, s:b, s:b, s:I}", "name", track->plan->name, "title",
		                   label->name, "default", label->roles & AV_DISPOSITION_DEFAULT, "forced",
		                   label->roles & AV_DISPOSITION_FORCED, "cues",
		                   (json_int_t)track->cues.count);
		if (label->language[0] != '\0')
			json_object_set_new(object, "language", json_string(label->language));
		json_array_append_new(list, object);
	}
	return list;
}
