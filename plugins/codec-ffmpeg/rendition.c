/* rendition.c - the thread of one rendition: it scales, hands on and encodes. */
#include "rendition.h"

/* Enough that scaling never waits for one slow picture of the encoder. */
#define FRAMES_WAITING 3

struct scaler rendition_scaler(const struct plan *plan, const struct rung *rung)
{
	return (struct scaler){.width = rung->width,
	                       .height = rung->height,
	                       .format = AV_PIX_FMT_YUV420P,
	                       .from = plan->colour.space,
	                       .to = plan->colour.space,
	                       .crop = rung->own_size};
}

struct video_want rendition_want(const struct plan *plan, size_t rung, uint32_t processors)
{
	return (struct video_want){
	    .rung = &plan->ladder.rungs[rung],
	    .time_base = plan->time_base,
	    .frame_rate = plan->frame_rate,
	    .colour = plan->colour,
	    .preset = plan->preset,
	    .mean = plan->rate == RATE_BITRATE,
	    .most = plan_cap(plan, &plan->ladder.rungs[rung]),
	    .threads = plan_encoder_threads(&plan->ladder, rung, processors),
	};
}

int rendition_open(struct rendition *rendition, const struct plan *plan, size_t rung,
                   uint32_t processors, struct crew *crew, struct vm_error *err)
{
	struct video_want want = rendition_want(plan, rung, processors);
	int status;

	rendition->rung = want.rung;
	rendition->crew = crew;
	rendition->scaler = rendition_scaler(plan, want.rung);
	rendition->duration = plan->step;
	atomic_init(&rendition->done_ms, 0);
	queue_init(&rendition->frames, FRAMES_WAITING);
	status = video_encoder_open(&rendition->encoder, &want, crew->log, err);
	if (status == VM_OK && plan->score)
		status = score_open(&rendition->score, &rendition->encoder.track, crew->log, err);
	return status;
}

int rendition_mark(struct rendition *rendition, const struct plan *plan, const struct image *image,
                   struct log *log, struct vm_error *err)
{
	return watermark_open(&rendition->watermark, plan->watermark, image, rendition->rung->width,
	                      rendition->rung->height, plan->time_base, plan->colour.space, log, err);
}

int rendition_give(struct rendition *rendition, const AVFrame *frame, struct vm_error *err)
{
	AVFrame *shared = av_frame_clone(frame);

	if (shared == NULL)
		return vm_fail_memory(err);
	if (!queue_push(&rendition->frames, shared))
		av_frame_free(&shared);
	return VM_OK;
}

static int make(struct rendition *rendition, const AVFrame *frame, struct vm_error *err)
{
	AVFrame *scaled = NULL;
	int64_t duration = frame->pkt_duration > 0 ? frame->pkt_duration : rendition->duration;
	int status = scaler_scale(&rendition->scaler, frame, &scaled, err);

	if (status == VM_OK && rendition->watermark.graph != NULL)
		status = watermark_put(&rendition->watermark, &scaled, err);
	if (status == VM_OK && rendition->smaller != NULL)
		status = rendition_give(rendition->smaller, scaled, err);
	if (status == VM_OK)
		status = score_see(&rendition->score, scaled, err);
	if (status == VM_OK)
		status = video_encoder_push(&rendition->encoder, scaled, duration, err);
	if (status == VM_OK)
		atomic_store(
		    &rendition->done_ms,
		    av_rescale_q(frame->pts, rendition->encoder.track.time_base, (AVRational){1, 1000}));
	av_frame_free(&scaled);
	return status;
}

int rendition_run(void *ctx, struct vm_error *err)
{
	struct rendition *rendition = ctx;
	int status = VM_OK;
	AVFrame *frame;

	while (status == VM_OK && (frame = queue_pop(&rendition->frames)) != NULL) {
		status = make(rendition, frame, err);
		av_frame_free(&frame);
	}
	if (status != VM_OK || crew_stopping(rendition->crew))
		return status;
	if (rendition->smaller != NULL)
		queue_close(&rendition->smaller->frames);
	return video_encoder_end(&rendition->encoder, err);
}

static void drop_frame(void *item)
{
	AVFrame *frame = item;

	av_frame_free(&frame);
}

void rendition_finish(struct rendition *rendition)
{
	queue_finish(&rendition->frames, drop_frame);
	scaler_finish(&rendition->scaler);
	watermark_finish(&rendition->watermark);
	score_finish(&rendition->score);
	video_encoder_finish(&rendition->encoder);
}
