/* report.c - what a job's source was, what was decided and why, and what came out. */
#include "report.h"

#include <math.h>
#include <string.h>

#include <libavutil/pixdesc.h>

#include "describe.h"
#include "report_snaps.h"
#include "report_sound.h"
#include "report_text.h"
#include "report_track.h"
#include "say.h"
#include "verify_media.h"

static void decide_ladder(json_t *decisions, const struct plan *plan)
{
	for (size_t i = 0; i < plan->ladder.n_dropped; i++)
		sayf(decisions, "%s left out: larger than the source, which is %dx%d",
		     plan->ladder.dropped[i]->name, plan->shape.width, plan->shape.height);
	for (size_t i = 0; i < plan->ladder.n_tiny; i++)
		sayf(decisions, "%s left out: it would be smaller than the encoder of its codec takes",
		     plan->ladder.tiny[i]->name);
	for (size_t i = 0; i < plan->ladder.count; i++)
		if (plan->ladder.rungs[i].own_size)
			sayf(decisions, "%s made at the source's own size: nothing is scaled up",
			     plan->ladder.rungs[i].option->name);
	for (size_t i = 0; i < plan->ladder.n_thinned; i++)
		sayf(decisions, "%s left out: the next larger one takes hardly more bits",
		     plan->ladder.thinned[i]->name);
	for (size_t i = 0; i < plan->ladder.count; i++)
		if (plan->ladder.rungs[i].takes > 0)
			sayf(decisions,
			     "%s: %lld ms of the source take %lld kbit/s at quality %lld; the cap is %lld",
			     plan->ladder.rungs[i].option->name, (long long)plan->tried_ms,
			     (long long)plan->ladder.rungs[i].takes / 1000,
			     (long long)plan->ladder.rungs[i].option->quality,
			     (long long)plan->ladder.rungs[i].bitrate / 1000);
	if (plan->watermark != NULL)
		sayf(decisions, "watermark laid over the pictures: %s", plan->watermark->image);
	if (plan->copy.rung != NULL)
		sayf(decisions, "%s copied: the source's pictures are what it would become",
		     plan->copy.rung->option->name);
	else if (plan->copy.why_not[0] != '\0')
		sayf(decisions, "pictures encoded: %s", plan->copy.why_not);
}

static void decide_pictures(json_t *decisions, const struct transcode *job)
{
	const struct poster_candidate *poster = poster_choose(&job->pictures.poster);
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
	if (job->pictures.interlace.unsaid > 0)
		sayf(decisions, "%llu pictures are interlaced, and do not say so",
		     (unsigned long long)job->pictures.interlace.unsaid);
	if (job->pictures.interlace.untrue > 0)
		sayf(decisions, "%llu pictures say they are interlaced, and are not",
		     (unsigned long long)job->pictures.interlace.untrue);
	if (plan->colour.tone_map)
		say(decisions, "high dynamic range mapped to BT.709");
	else if (plan->colour.guessed)
		sayf(decisions, "colours taken for %s: the source does not say",
		     av_color_space_name(plan->colour.space));
	if (job->pictures.clock.dropped > 0)
		sayf(decisions, "%lld pictures dropped: their time was not after the one before",
		     (long long)job->pictures.clock.dropped);
	if (plan->cadence > 0)
		sayf(decisions, "a constant %.3f pictures in a second: %llu repeated, %llu left out",
		     av_q2d(plan->frame_rate), (unsigned long long)job->pictures.cadence.repeated,
		     (unsigned long long)job->pictures.cadence.left_out);
	if (poster != NULL)
		sayf(decisions, "poster taken at %lld ms", (long long)(poster->time_us / 1000));
}

int64_t report_duration_ms(const struct transcode *job)
{
	int64_t longest = 0;

	for (size_t i = 0; i < job->tracks.n_pictures; i++)
		longest = FFMAX(longest, track_duration_ms(job->tracks.pictures[i]));
	for (size_t i = 0; i < job->plan.n_sounds; i++)
		longest = FFMAX(longest, track_duration_ms(job->tracks.sounds[i]));
	return longest;
}

static void decide_part(json_t *decisions, const struct transcode *job)
{
	const struct part *part = &job->plan.part;

	if (part->to_us == INT64_MAX)
		sayf(decisions, "a clip from %lld ms on", (long long)part->from_us / 1000);
	else
		sayf(decisions, "a clip from %lld to %lld ms", (long long)part->from_us / 1000,
		     (long long)part->to_us / 1000);
}

static void decide_source(json_t *decisions, const struct transcode *job)
{
	int64_t missing_ms = job->plan.duration_ms - report_duration_ms(job);

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

/* SSIM is 1 and PSNR is high for what is the same. */
static void describe_score(json_t *object, const struct score *score)
{
	double ssim, psnr_db;

	if (score_read(score, &ssim, &psnr_db))
		json_object_set_new(object, "score",
		                    json_pack("{s:f, s:f, s:I}", "ssim", round(ssim * 1e4) / 1e4, "psnr_db",
		                              round(psnr_db * 10) / 10, "pictures",
		                              (json_int_t)score->samples));
}

static json_t *describe_pictures(const struct transcode *job)
{
	const struct rendition *rendition = job->renditions;
	json_t *list = json_array();

	for (size_t i = 0; i < job->tracks.n_pictures; i++) {
		const struct rung *rung = &job->plan.ladder.rungs[i];
		const struct track *track = job->tracks.pictures[i];
		json_t *object = report_track(rung->option->name, track);

		json_object_set_new(object, "width", json_integer(rung->width));
		json_object_set_new(object, "height", json_integer(rung->height));
		json_object_set_new(object, "copied", json_boolean(rung->copied));
		json_object_set_new(object, "frames", json_integer((json_int_t)track->packets));
		if (!rung->copied)
			describe_score(object, &rendition++->score);
		json_array_append_new(list, object);
	}
	return list;
}

int report_write(const struct transcode *job, struct vm_sink *sink, struct vm_error *err)
{
	json_t *report = json_object(), *decisions = json_array();

	if (job->plan.part.wanted)
		decide_part(decisions, job);
	if (job->has_pictures) {
		decide_ladder(decisions, &job->plan);
		decide_pictures(decisions, job);
		report_snaps_decisions(job, decisions);
	}
	report_sound_decisions(job, decisions);
	report_text_decisions(job, decisions);
	decide_source(decisions, job);
	json_object_set_new(report, "duration_ms", json_integer(report_duration_ms(job)));
	json_object_set_new(report, "source", describe_source(&job->input));
	json_object_set_new(report, "decisions", decisions);
	json_object_set_new(report, "video", describe_pictures(job));
	json_object_set_new(report, "pictures", report_snaps(job));
	json_object_set_new(report, "audio", report_sounds(job));
	json_object_set_new(report, "subtitles", report_texts(job));
	return describe_write(report, sink, err);
}
