/* plan.c - everything that is decided before the first picture is decoded. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

/* MP4 counts how long a picture lasts in 31 bits: finer, and they are over within minutes. */
#define TIME_BASE_MAX 120000
#define TIME_BASE_MIN 10000

/* A rate that no camera has is a broken header's. */
static bool plausible(AVRational rate)
{
	return rate.num > 0 && rate.den > 0 && rate.num / rate.den < 1000;
}

/* The average of a short clip is a little off, and may put it beyond a level of H.264. */
static bool near(AVRational average, AVRational base)
{
	double ratio = av_q2d(average) / av_q2d(base);

	return ratio > 0.98 && ratio < 1.02;
}

/* A constant rate has a time base of its own, in which the distance is a whole number. */
static void plan_cadence(struct vm_rational wish, struct plan *plan)
{
	AVRational rate;
	int finer;

	if (wish.den == 0)
		return;
	av_reduce(&rate.num, &rate.den, wish.num, wish.den, TIME_BASE_MAX);
	if (plan->even_rate && av_cmp_q(plan->frame_rate, rate) < 0)
		av_reduce(&rate.num, &rate.den, plan->frame_rate.num, plan->frame_rate.den, TIME_BASE_MAX);
	/* One picture in days is none when it is rounded. */
	rate.num = FFMAX(rate.num, 1);
	finer = (TIME_BASE_MIN + rate.num - 1) / rate.num;
	plan->time_base = (AVRational){1, rate.num * finer};
	plan->cadence = (int64_t)rate.den * finer;
	plan->frame_rate = rate;
	plan->even_rate = true;
}

static void plan_times(const struct config *config, const AVStream *video, struct plan *plan)
{
	AVRational average = video->avg_frame_rate, base = video->r_frame_rate, rate;

	plan->time_base = video->time_base;
	if (plan->time_base.num <= 0 || plan->time_base.den <= 0 ||
	    plan->time_base.den > TIME_BASE_MAX || plan->time_base.num > plan->time_base.den)
		plan->time_base = (AVRational){1, 90000};
	plan->even_rate = plausible(average) && plausible(base) && near(average, base);
	if (plan->even_rate || !plausible(average))
		plan->frame_rate = plausible(base) ? base : (AVRational){25, 1};
	else
		plan->frame_rate = average;
	rate = plan->frame_rate;
	plan_cadence(config->frame_rate, plan);
	plan->step = FFMAX(1, av_rescale_q(1, av_inv_q(rate), plan->time_base));
}

static void plan_pictures(const struct config *config, const struct input *input, struct plan *plan)
{
	if (input->video == NULL || config->video.count == 0)
		return;
	plan->shape = shape_of(input->format, input->video);
	plan->colour = colour_of(input->video->codecpar);
	plan_times(config, input->video, plan);
	ladder_plan(config->video.items, config->video.count, plan->shape.width, plan->shape.height,
	            &plan->ladder);
	plan->poster_us = av_rescale(plan->duration_ms * 1000, config->poster.num, config->poster.den);
	snaps_plan(config, plan->duration_ms, plan->shape.width, plan->shape.height, &plan->snaps);
	plan->watermark = config->watermark.count > 0 ? config->watermark.items : NULL;
	plan->preset = config->preset;
	plan->rate = config->rate;
	plan->score = config->score;
	av_reduce(&plan->peak.num, &plan->peak.den, config->peak.num, config->peak.den, INT32_MAX);
}

int plan_make(const struct config *config, const struct input *input, struct plan *out,
              struct vm_error *err)
{
	memset(out, 0, sizeof *out);
	out->hls = config_wants(config, "hls");
	out->dash = config_wants(config, "dash");
	out->mp4 = config_wants(config, "mp4");
	out->webm = config_wants(config, "webm");
	out->segment_ms = config->segment_ms;
	out->part = part_of(config, input);
	out->duration_ms = input_duration_ms(input);
	if (out->part.wanted && out->duration_ms > 0 &&
	    (out->duration_ms = part_ms(&out->part, out->duration_ms)) == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED,
		               "clip: the source is over at %lld ms, before it begins",
		               (long long)input_duration_ms(input));
	plan_pictures(config, input, out);
	plan_sounds(config, input, out);
	plan_texts(config, input, out);
	fit_plan(config, input, out);
	/* A video is more than its sound. */
	if (out->ladder.count == 0 && out->ladder.n_tiny > 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED,
		               "the source is %dx%d, smaller than the encoder of any rendition takes",
		               out->shape.width, out->shape.height);
	if (out->ladder.count == 0 && out->n_sounds == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED,
		               "the source has no %s, and the stage makes nothing else",
		               input->video == NULL ? "pictures" : "sound");
	return VM_OK;
}

void plan_finish(struct plan *plan)
{
	free(plan->copy.cuts);
	plan->copy.cuts = NULL;
}

int64_t plan_cap(const struct plan *plan, const struct rung *rung)
{
	return plan->rate == RATE_BITRATE ? av_rescale(rung->bitrate, plan->peak.num, plan->peak.den)
	                                  : rung->bitrate;
}

int plan_encoder_threads(const struct ladder *ladder, size_t rung, uint32_t processors)
{
	int64_t all = 0, threads;

	for (size_t i = 0; i < ladder->count; i++)
		all += ladder->rungs[i].copied ? 0
		                               : (int64_t)ladder->rungs[i].width * ladder->rungs[i].height;
	/* By its share of the work, rounded up; a second thread pays even where there is no share. */
	threads = ((int64_t)ladder->rungs[rung].width * ladder->rungs[rung].height * processors + all -
	           1) /
	          all;
	return threads < 2 ? 2 : threads > 16 ? 16 : (int)threads;
}

int plan_decoder_threads(uint32_t processors)
{
	return processors < 8 ? 1 : processors < 64 ? (int)(processors / 4) : 16;
}
