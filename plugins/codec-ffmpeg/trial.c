/* trial.c - samples of the source are encoded, to see what each rendition takes of it. */
#include "trial.h"

#include <stdlib.h>

#include "pictures.h"

enum { SAMPLE_S = 2, SAMPLES_MIN = 3, SAMPLES_MAX = 12 };

/* One for so much of the source. */
#define EVERY_S 5
/* What is seen between the samples may need more than they do. */
#define ROOM(rate) ((rate) / 2 * 3)

/* One rendition, as it would be made. */
struct attempt {
	struct taker taker;
	struct scaler scaler;
	struct video_encoder encoder;
	int64_t length;              /* of a sample */
	uint64_t bytes[SAMPLES_MAX]; /* of each sample */
};

struct trial {
	struct plan *plan;
	struct input input;
	AVStream *stream;
	AVCodecContext *decoder;
	AVFrame *frame;
	AVPacket *packet;
	struct upright upright;
	struct attempt attempts[RENDITIONS_MAX];
	size_t count;
	/* In the plan's time base. */
	int64_t length; /* of a sample */
	int64_t before; /* what the samples before this one lasted together */
	int64_t first;  /* time of this one's first picture */
	bool begun, over;
	int64_t last; /* picture, from `first` on */
};

static int weigh(struct taker *taker, const AVPacket *packet, struct vm_error *err)
{
	struct attempt *attempt = (struct attempt *)(void *)taker;
	int64_t sample = packet->pts / attempt->length;

	(void)err;
	attempt->bytes[av_clip64(sample, 0, SAMPLES_MAX - 1)] += (uint64_t)packet->size;
	return VM_OK;
}

static int end_weighing(struct taker *taker, int64_t time, struct vm_error *err)
{
	(void)taker;
	(void)time;
	(void)err;
	return VM_OK;
}

static int encode(struct trial *trial, const AVFrame *frame, struct vm_error *err)
{
	AVFrame *larger = av_frame_clone(frame), *scaled;
	int status = larger != NULL ? VM_OK : vm_fail_memory(err);

	for (size_t i = 0; i < trial->count && status == VM_OK; i++) {
		struct attempt *attempt = &trial->attempts[i];

		if ((status = scaler_scale(&attempt->scaler, larger, &scaled, err)) != VM_OK)
			break;
		status = video_encoder_push(&attempt->encoder, scaled, trial->plan->step, err);
		av_frame_free(&larger);
		larger = scaled;
	}
	av_frame_free(&larger);
	return status;
}

/* An upright picture. */
static int take(void *ctx, AVFrame *frame, struct vm_error *err)
{
	struct trial *trial = ctx;
	int64_t time;

	if (!trial->begun)
		trial->first = frame->pts;
	time = frame->pts - trial->first;
	trial->over = trial->over || time >= trial->length;
	if (trial->over || (trial->begun && time <= trial->last))
		return VM_OK;
	frame->pict_type = trial->begun ? AV_PICTURE_TYPE_NONE : AV_PICTURE_TYPE_I;
	frame->sample_aspect_ratio = (AVRational){1, 1};
	frame->pts = trial->before + time;
	trial->begun = true;
	trial->last = time;
	return encode(trial, frame, err);
}

/* What cannot be decoded is no part of the sample. */
static int decode(struct trial *trial, const AVPacket *packet, struct vm_error *err)
{
	int status = VM_OK;

	avcodec_send_packet(trial->decoder, packet);
	while (status == VM_OK && avcodec_receive_frame(trial->decoder, trial->frame) >= 0) {
		trial->frame->pts = av_rescale_q(trial->frame->best_effort_timestamp,
		                                 trial->stream->time_base, trial->plan->time_base);
		if (trial->frame->best_effort_timestamp != AV_NOPTS_VALUE)
			status = upright_push(&trial->upright, trial->frame, err);
		av_frame_unref(trial->frame);
	}
	return status;
}

/* From where the demuxer stands. */
static int take_sample(struct trial *trial, struct vm_error *err)
{
	int status = VM_OK, code = 0;

	trial->begun = trial->over = false;
	while (status == VM_OK && !trial->over &&
	       (code = av_read_frame(trial->input.format, trial->packet)) >= 0) {
		if (trial->packet->stream_index == trial->stream->index)
			status = decode(trial, trial->packet, err);
		av_packet_unref(trial->packet);
	}
	if (status == VM_OK && trial->input.io.failure.status != VM_OK)
		status = input_fail(&trial->input, code, "read source", err);
	if (status == VM_OK)
		status = decode(trial, NULL, err);
	if (status == VM_OK)
		status = upright_push(&trial->upright, NULL, err);
	avcodec_flush_buffers(trial->decoder);
	graph_finish(&trial->upright.graph);
	trial->upright.configured = false;
	if (trial->begun)
		trial->before += trial->over ? trial->length : trial->last + trial->plan->step;
	return status;
}

static int take_samples(struct trial *trial, struct vm_error *err)
{
	const struct plan *plan = trial->plan;
	int64_t duration_s = plan->duration_ms / 1000, start_us = 0;
	int64_t count = av_clip64(duration_s / EVERY_S, SAMPLES_MIN, SAMPLES_MAX);
	int status = VM_OK;

	count = FFMIN(count, 1 + duration_s / SAMPLE_S);
	if (plan->part.wanted)
		start_us = plan->part.start_us;
	else if (trial->input.format->start_time != AV_NOPTS_VALUE)
		start_us = trial->input.format->start_time;
	for (int64_t i = 0; i < count && status == VM_OK; i++) {
		int64_t time_us = plan->duration_ms * 1000 * (2 * i + 1) / (2 * count) -
		                  SAMPLE_S * AV_TIME_BASE / 2;

		if ((status = vm_call_check(trial->input.call, "try what renditions take", err)) != VM_OK)
			return status;
		vm_call_progress(trial->input.call, 0, (uint64_t)plan->duration_ms);
		/* At the beginning, where it stands, or at the keyframe before. */
		if (time_us > 0)
			avformat_seek_file(trial->input.format, -1, INT64_MIN, start_us + time_us,
			                   start_us + time_us, 0);
		status = take_sample(trial, err);
	}
	return status;
}

static int open_attempts(struct trial *trial, uint32_t processors, struct log *log,
                         struct vm_error *err)
{
	const struct plan *plan = trial->plan;
	int status = VM_OK;

	for (size_t i = 0; i < plan->ladder.count && status == VM_OK; i++) {
		struct attempt *attempt = &trial->attempts[trial->count];
		struct video_want want;

		if (plan->ladder.rungs[i].copied)
			continue;
		trial->count++;
		attempt->scaler = rendition_scaler(plan, &plan->ladder.rungs[i]);
		want = rendition_want(plan, i, processors);
		want.most = 0;
		status = video_encoder_open(&attempt->encoder, &want, log, err);
		attempt->taker = (struct taker){weigh, end_weighing};
		attempt->length = trial->length;
		track_add(&attempt->encoder.track, &attempt->taker);
	}
	return status;
}

static int open_input(struct trial *trial, const struct vm_codec_job *job, uint32_t processors,
                      struct log *log, const struct vm_call *call, struct vm_error *err)
{
	const struct plan *plan = trial->plan;
	int status = input_open(&trial->input, job->source, job->limits, log, call, err);

	if (status != VM_OK)
		return status;
	trial->stream = trial->input.video;
	if (trial->input.audio != NULL)
		trial->input.audio->discard = AVDISCARD_ALL;
	trial->length = av_rescale_q(SAMPLE_S, (AVRational){1, 1}, plan->time_base);
	trial->upright = (struct upright){
	    .want = pictures_want(plan, trial->stream),
	    .time_base = plan->time_base,
	    .threads = (int)processors,
	    .log = log,
	    .emit = take,
	    .emit_ctx = trial,
	};
	if ((trial->frame = av_frame_alloc()) == NULL || (trial->packet = av_packet_alloc()) == NULL)
		return vm_fail_memory(err);
	return input_decoder(&trial->input, trial->stream, plan_decoder_threads(processors),
	                     &trial->decoder, err);
}

/* Of the sample that takes the most, in a second. */
static int64_t most_of(const struct attempt *attempt)
{
	uint64_t most = 0;

	for (size_t i = 0; i < SAMPLES_MAX; i++)
		most = FFMAX(most, attempt->bytes[i]);
	return (int64_t)most * 8 / SAMPLE_S;
}

/* Of what was not seen nothing is decided. */
static int decide(struct trial *trial, struct vm_error *err)
{
	double seconds = (double)trial->before * av_q2d(trial->plan->time_base);
	struct ladder *ladder = &trial->plan->ladder;
	size_t next = 0;
	int status;

	if (trial->before == 0)
		return VM_OK;
	for (size_t i = 0; i < ladder->count; i++) {
		struct attempt *attempt = &trial->attempts[next];
		struct rung *rung = &ladder->rungs[i];

		if (rung->copied)
			continue;
		next++;
		if ((status = video_encoder_end(&attempt->encoder, err)) != VM_OK)
			return status;
		rung->takes = (int64_t)((double)attempt->encoder.track.bytes * 8 / seconds);
		rung->bitrate = FFMIN(rung->bitrate, ROOM(FFMAX(rung->takes, most_of(attempt))));
	}
	ladder_thin(ladder);
	for (size_t i = 0; i < ladder->count; i++)
		if (ladder->rungs[i].copied)
			trial->plan->copy.rung = &ladder->rungs[i];
	trial->plan->tried_ms = (int64_t)(seconds * 1000);
	return VM_OK;
}

static void finish(struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++) {
		scaler_finish(&trial->attempts[i].scaler);
		video_encoder_finish(&trial->attempts[i].encoder);
	}
	upright_finish(&trial->upright);
	avcodec_free_context(&trial->decoder);
	av_frame_free(&trial->frame);
	av_packet_free(&trial->packet);
	input_finish(&trial->input);
	free(trial);
}

int trial_run(struct plan *plan, const struct vm_codec_job *job, uint32_t processors,
              struct log *log, const struct vm_call *call, struct vm_error *err)
{
	struct trial *trial;
	int status;

	if (plan->rate != RATE_PER_TITLE || plan->ladder.count == 0)
		return VM_OK;
	if ((trial = calloc(1, sizeof *trial)) == NULL)
		return vm_fail_memory(err);
	trial->plan = plan;
	if ((status = open_input(trial, job, processors, log, call, err)) == VM_OK &&
	    (status = open_attempts(trial, processors, log, err)) == VM_OK &&
	    (status = take_samples(trial, err)) == VM_OK)
		status = decide(trial, err);
	finish(trial);
	return status;
}
