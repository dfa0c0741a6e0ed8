/* survey.c - pictures that seem to fit are read once, packet by packet, before they are copied. */
#include "survey.h"

#include <stdlib.h>

#include "glance.h"
#include "grid.h"
#include "nal.h"

/* How often somebody is told that this is alive. */
#define TELL_EVERY 256
/* Pictures that H.264 can put off. */
#define UNTIMED_MAX 16

struct survey {
	struct input input;
	struct plan *plan;
	const struct rung *rung;
	const AVStream *stream;
	struct grid grid;
	struct glance glance;
	size_t capacity; /* of the plan's cuts */
	bool begun, timed;
	int64_t decoded, key, highest; /* times of the last packet, the last keyframe, the last shown */
	int64_t end;
	double fill; /* of the buffer that a bit rate's cap stands for, in bits */
};

static double seconds(const struct survey *survey, int64_t time)
{
	return (double)time * av_q2d(survey->stream->time_base);
}

static int add_cut(struct survey *survey, int64_t time, struct vm_error *err)
{
	struct plan_copy *copy = &survey->plan->copy;

	if (copy->n_cuts == survey->capacity) {
		size_t capacity = survey->capacity == 0 ? 64 : survey->capacity * 2;
		int64_t *cuts = realloc(copy->cuts, capacity * sizeof *cuts);

		if (cuts == NULL)
			return vm_fail_memory(err);
		copy->cuts = cuts;
		survey->capacity = capacity;
	}
	copy->cuts[copy->n_cuts++] = time;
	return VM_OK;
}

/* The first picture is where the outputs begin. */
static bool begins_well(struct survey *survey, const AVPacket *packet)
{
	struct plan *plan = survey->plan;

	plan->copy.start = input_start(&survey->input, plan->time_base);
	if (plan->n_tracks == 0 || plan->silent)
		plan->copy.start = packet->pts;
	if ((packet->flags & AV_PKT_FLAG_KEY) == 0)
		return fit_not(plan->copy.why_not, "the pictures do not begin with a keyframe");
	if (packet->pts != plan->copy.start)
		return fit_not(plan->copy.why_not, "the pictures begin later than the sound");
	return true;
}

/* Once one says when it is decoded, all others do. */
static bool fits_decoding(struct survey *survey, const AVPacket *packet)
{
	struct plan_copy *copy = &survey->plan->copy;

	if (packet->dts == AV_NOPTS_VALUE)
		return !survey->timed && ++copy->untimed <= UNTIMED_MAX;
	if (packet->dts > packet->pts || (survey->timed && packet->dts <= survey->decoded))
		return false;
	if (!survey->timed)
		copy->first_timed = packet->dts;
	return true;
}

static bool fits_order(struct survey *survey, const AVPacket *packet)
{
	char *why = survey->plan->copy.why_not;

	if (packet->pts == AV_NOPTS_VALUE || !fits_decoding(survey, packet))
		return fit_not(why, "the times of the pictures are not in order");
	if (packet->flags & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT))
		return fit_not(why, "some of the pictures are damaged, or not to be shown");
	return survey->begun || begins_well(survey, packet);
}

static bool fits_distance(struct survey *survey, int64_t time)
{
	double apart = seconds(survey, time - survey->key);
	double most = (double)survey->plan->segment_ms / 1000;

	/* A segment of four seconds holds one picture more at 29.97 of them in a second. */
	if (apart > most + 1 / av_q2d(survey->plan->frame_rate))
		return fit_not(survey->plan->copy.why_not,
		               "keyframes are %.1f s apart, and a segment lasts %.1f s", apart, most);
	return true;
}

static bool fits_keyframe(struct survey *survey, const AVPacket *packet, bool idr)
{
	if ((packet->flags & AV_PKT_FLAG_KEY) == 0) {
		if (packet->pts > survey->key)
			return true;
	} else if (idr && (!survey->begun || packet->pts > survey->highest))
		return !survey->begun || fits_distance(survey, packet->pts);
	return fit_not(survey->plan->copy.why_not,
	               "not every keyframe is one that playing can begin with");
}

/* As the encoder is held to it: a buffer of one and a half seconds that never overflows. */
static bool fits_cap(struct survey *survey, const AVPacket *packet)
{
	double cap = (double)plan_cap(survey->plan, survey->rung);

	if (survey->timed)
		survey->fill = FFMAX(0,
		                     survey->fill - cap * seconds(survey, packet->dts - survey->decoded));
	survey->fill += (double)packet->size * 8;
	if (survey->fill > cap * 1.5)
		return fit_not(survey->plan->copy.why_not,
		               "the pictures take more than %.0f kbit/s around %.1f s", cap / 1000,
		               seconds(survey, packet->pts));
	return true;
}

static bool fits(struct survey *survey, const AVPacket *packet)
{
	const AVCodecParameters *source = survey->stream->codecpar;
	struct plan_copy *copy = &survey->plan->copy;
	struct nal_facts facts;

	if (!nal_read(packet->data, (size_t)packet->size, source->extradata,
	              (size_t)source->extradata_size, &facts))
		return fit_not(copy->why_not, "some of the pictures are broken");
	if (facts.changes || av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, NULL) != NULL)
		return fit_not(copy->why_not, "the pictures change in the middle");
	copy->captioned = copy->captioned || facts.captioned;
	return fits_order(survey, packet) && fits_keyframe(survey, packet, facts.idr) &&
	       fits_cap(survey, packet);
}

static int note_keyframe(struct survey *survey, const AVPacket *packet, struct vm_error *err)
{
	struct plan *plan = survey->plan;
	int64_t time = packet->pts - plan->copy.start;

	survey->key = packet->pts;
	if (av_rescale_q(time, plan->time_base, AV_TIME_BASE_Q) <= plan->poster_us)
		plan->copy.poster_from = time;
	if (av_rescale_q(time, plan->time_base, AV_TIME_BASE_Q) <= plan->snaps.preview.from_us)
		plan->copy.preview_from = time;
	return grid_crosses(&survey->grid, time, plan->time_base) ? add_cut(survey, time, err) : VM_OK;
}

static int take(struct survey *survey, const AVPacket *packet, struct vm_error *err)
{
	bool interlaced = false;
	int status;

	if (packet->stream_index != survey->stream->index)
		return VM_OK;
	if ((status = glance_packet(&survey->glance, packet, &interlaced, err)) != VM_OK)
		return status;
	if (interlaced)
		fit_not(survey->plan->copy.why_not, "the pictures are interlaced, and do not say so");
	if (interlaced || !fits(survey, packet)) {
		survey->plan->copy.rung = NULL;
		return VM_OK;
	}
	if (packet->flags & AV_PKT_FLAG_KEY)
		status = note_keyframe(survey, packet, err);
	survey->highest = survey->begun ? FFMAX(survey->highest, packet->pts) : packet->pts;
	survey->end = FFMAX(survey->end, packet->pts + FFMAX(packet->duration, 0));
	if (packet->dts != AV_NOPTS_VALUE) {
		survey->decoded = packet->dts;
		survey->timed = true;
	}
	survey->begun = true;
	return status;
}

/* A source that cannot be read is an error; one that breaks off is only not copied. */
static int judge_end(struct survey *survey, int code, struct vm_error *err)
{
	struct plan_copy *copy = &survey->plan->copy;
	int status = vm_call_check(survey->input.call, "read source", err);

	if (status == VM_OK && survey->input.io.failure.status != VM_OK)
		status = input_fail(&survey->input, code, "read source", err);
	if (status != VM_OK || copy->rung == NULL)
		return status;
	if (code != AVERROR_EOF || !survey->begun)
		fit_not(copy->why_not, "the source breaks off");
	else if (fits_distance(survey, survey->end)) {
		copy->rung->copied = true;
		return VM_OK;
	}
	copy->rung = NULL;
	return VM_OK;
}

static int read_packets(struct survey *survey, struct vm_error *err)
{
	AVPacket *packet = av_packet_alloc();
	int status = VM_OK, code = 0;

	if (packet == NULL)
		return vm_fail_memory(err);
	for (uint64_t i = 0; status == VM_OK && survey->plan->copy.rung != NULL; i++) {
		if ((code = av_read_frame(survey->input.format, packet)) < 0 && code != AVERROR(EAGAIN))
			break;
		if (code >= 0)
			status = take(survey, packet, err);
		av_packet_unref(packet);
		if (i % TELL_EVERY == 0)
			vm_call_progress(survey->input.call, 0, (uint64_t)survey->plan->duration_ms);
	}
	av_packet_free(&packet);
	return status == VM_OK ? judge_end(survey, code, err) : status;
}

int survey_pictures(struct plan *plan, const struct vm_codec_job *job, struct log *log,
                    const struct vm_call *call, struct vm_error *err)
{
	struct survey *survey;
	int status;

	if (plan->copy.rung == NULL)
		return VM_OK;
	if ((survey = calloc(1, sizeof *survey)) == NULL)
		return vm_fail_memory(err);
	survey->plan = plan;
	survey->rung = plan->copy.rung;
	survey->grid.segment_ms = plan->segment_ms;
	status = input_open(&survey->input, job->source, job->limits, log, call, err);
	if (status == VM_OK) {
		survey->stream = survey->input.video;
		if (survey->input.audio != NULL)
			survey->input.audio->discard = AVDISCARD_ALL;
		status = glance_open(&survey->glance, &survey->input, survey->stream, err);
		if (status == VM_OK)
			status = read_packets(survey, err);
	}
	glance_finish(&survey->glance);
	input_finish(&survey->input);
	free(survey);
	return status;
}
