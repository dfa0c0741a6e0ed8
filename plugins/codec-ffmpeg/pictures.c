/* pictures.c - the thread that decodes the pictures once, for renditions, poster, small ones. */
#include "pictures.h"

#include "captions.h"
#include "job_limits.h"

#define PACKETS_WAITING 32

/* Where pictures are copied segments can only begin with the source's own keyframes. */
static bool begins_segment(struct pictures *pictures, int64_t time)
{
	const struct plan_copy *copy = &pictures->plan->copy;

	if (copy->rung == NULL)
		return grid_crosses(&pictures->grid, time, pictures->plan->time_base);
	if (pictures->next_cut == copy->n_cuts || time < copy->cuts[pictures->next_cut])
		return false;
	while (pictures->next_cut < copy->n_cuts && time >= copy->cuts[pictures->next_cut])
		pictures->next_cut++;
	return true;
}

/* An upright picture: whether a segment begins with it is decided here, for all renditions. */
static int share(void *ctx, AVFrame *frame, struct vm_error *err)
{
	struct pictures *pictures = ctx;
	AVRational time_base = pictures->plan->time_base;
	int64_t time_us = av_rescale_q(frame->pts, time_base, AV_TIME_BASE_Q);
	int status;

	frame->pict_type = begins_segment(pictures, frame->pts) ? AV_PICTURE_TYPE_I
	                                                        : AV_PICTURE_TYPE_NONE;
	frame->sample_aspect_ratio = (AVRational){1, 1};
	pictures->captioned = pictures->captioned || captions_in(frame);
	status = poster_offer(&pictures->poster, frame, time_us, err);
	/* What else is decoded for the poster depends on the number of threads. */
	if (status == VM_OK)
		status = snaps_offer(&pictures->snaps, frame, time_us,
		                     pictures->decode.wants == NULL || frame->key_frame, err);
	if (status == VM_OK && pictures->silence != NULL)
		status = silence_until(
		    pictures->silence,
		    frame->pts + (frame->pkt_duration > 0 ? frame->pkt_duration : pictures->clock.step),
		    time_base, err);
	if (status != VM_OK || pictures->largest == NULL)
		return status;
	return rendition_give(pictures->largest, frame, err);
}

static int pace(void *ctx, AVFrame *frame, struct vm_error *err)
{
	struct pictures *pictures = ctx;

	return cadence_push(&pictures->cadence, frame, err);
}

/* The last picture may say that it is shown for days. */
static int check_end(const struct pictures *pictures, const AVFrame *frame, struct vm_error *err)
{
	int64_t end = av_sat_add64(frame->pts, FFMAX(frame->pkt_duration, 0));

	return limits_duration(pictures->decode.count->limits,
	                       av_rescale_q(end, pictures->plan->time_base, (AVRational){1, 1000}),
	                       err);
}

static int erect(void *ctx, AVFrame *frame, struct vm_error *err)
{
	struct pictures *pictures = ctx;

	return upright_push(&pictures->upright, frame, err);
}

/* Whether it is shown within the part; it lasts no longer than that. */
static bool within_part(const struct pictures *pictures, int64_t pts, AVFrame *frame)
{
	int64_t time = pts - pictures->clock.start;

	if (pts == AV_NOPTS_VALUE)
		return pictures->clock.begun;
	if (time < 0 || time >= pictures->length)
		return false;
	frame->pkt_duration = FFMIN(frame->pkt_duration, pictures->length - time);
	return true;
}

/* A decoded picture: the time of the outputs is put on it. */
static int place(void *ctx, AVFrame *frame, struct vm_error *err)
{
	struct pictures *pictures = ctx;
	AVRational source = pictures->decode.stream->time_base, made = pictures->plan->time_base;
	int64_t pts = frame->best_effort_timestamp, time;
	int status;

	pictures->damaged += frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT);
	if (pts != AV_NOPTS_VALUE)
		pts = av_rescale_q(pts, source, made);
	frame->pkt_duration = av_rescale_q(frame->pkt_duration, source, made);
	if ((pictures->plan->part.wanted && !within_part(pictures, pts, frame)) ||
	    !picture_clock_place(&pictures->clock, pts, &time))
		return VM_OK;
	frame->pts = time;
	if ((status = check_end(pictures, frame, err)) != VM_OK)
		return status;
	if (pictures->decode.wants == NULL)
		return interlace_push(&pictures->interlace, frame, err);
	frame->interlaced_frame = 0;
	return erect(pictures, frame, err);
}

static bool wants(void *ctx, const AVPacket *packet)
{
	struct pictures *pictures = ctx;

	return sparse_wants(&pictures->sparse, packet);
}

/* All pictures are copied, so they were looked at: they begin with the plan, and have no combs. */
static void decode_little(struct pictures *pictures)
{
	pictures->sparse = (struct sparse){
	    .plan = pictures->plan, .poster = &pictures->poster, .snaps = &pictures->snaps};
	pictures->clock.begun = true;
	pictures->clock.start = pictures->plan->copy.start;
	pictures->clock.last = -1;
	pictures->poster.hurried = true;
	pictures->decode.wants = wants;
	pictures->little_count.limits = pictures->decode.count->limits;
	pictures->decode.count = &pictures->little_count;
}

struct upright_want pictures_want(const struct plan *plan, const AVStream *video)
{
	return (struct upright_want){
	    .turn = plan->shape.orientation.filters,
	    .hdr = plan->colour.tone_map ? video->codecpar->color_trc : AVCOL_TRC_UNSPECIFIED,
	};
}

int pictures_open(struct pictures *pictures, const struct plan *plan, struct input *input,
                  struct rendition *largest, struct frame_count *count, uint32_t processors,
                  struct out *out, struct crew *crew, struct vm_error *err)
{
	int status;

	queue_init(&pictures->packets, PACKETS_WAITING);
	pictures->plan = plan;
	pictures->largest = largest;
	pictures->decode = (struct decode){.input = input,
	                                   .stream = input->video,
	                                   .packets = &pictures->packets,
	                                   .crew = crew,
	                                   .count = count,
	                                   .emit = place,
	                                   .emit_ctx = pictures,
	                                   .required = true};
	pictures->length = part_length(&plan->part, plan->time_base);
	pictures->clock = (struct picture_clock){
	    .start = part_start(&plan->part, input, plan->time_base),
	    .alone = (plan->n_tracks == 0 || plan->silent) && !plan->part.wanted,
	    .step = plan->step};
	pictures->interlace = (struct interlace){
	    .time_base = plan->time_base, .log = crew->log, .emit = erect, .emit_ctx = pictures};
	pictures->upright = (struct upright){
	    .want = pictures_want(plan, input->video),
	    .time_base = plan->time_base,
	    .threads = (int)processors,
	    .log = crew->log,
	    .emit = plan->cadence > 0 ? pace : share,
	    .emit_ctx = pictures,
	};
	pictures->cadence = (struct cadence){
	    .step = plan->cadence, .crew = crew, .emit = share, .emit_ctx = pictures};
	pictures->grid.segment_ms = plan->segment_ms;
	pictures->poster = (struct poster){.size = plan->ladder.rungs[0],
	                                   .space = plan->colour.space,
	                                   .log = crew->log,
	                                   .wish_us = plan->poster_us};
	if (largest == NULL && !plan->silent)
		decode_little(pictures);
	if ((status = snaps_open(&pictures->snaps, &plan->snaps, plan->colour.space, out, crew->log,
	                         err)) != VM_OK)
		return status;
	return decode_open(&pictures->decode, plan_decoder_threads(processors), err);
}

int pictures_run(void *ctx, struct vm_error *err)
{
	struct pictures *pictures = ctx;
	int status = decode_run(&pictures->decode, err);

	if (status != VM_OK || crew_stopping(pictures->decode.crew))
		return status;
	if ((status = interlace_push(&pictures->interlace, NULL, err)) != VM_OK ||
	    (status = upright_push(&pictures->upright, NULL, err)) != VM_OK ||
	    (status = cadence_push(&pictures->cadence, NULL, err)) != VM_OK)
		return status;
	if (pictures->plan->part.wanted && !pictures->clock.begun)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "clip: the source has no pictures in it");
	if (pictures->largest != NULL)
		queue_close(&pictures->largest->frames);
	return pictures->silence != NULL ? silence_end(pictures->silence, err) : VM_OK;
}

void pictures_finish(struct pictures *pictures)
{
	decode_finish(&pictures->decode);
	interlace_finish(&pictures->interlace);
	upright_finish(&pictures->upright);
	cadence_finish(&pictures->cadence);
	poster_finish(&pictures->poster);
	snaps_finish(&pictures->snaps);
	queue_finish(&pictures->packets, decode_drop_packet);
}
