/* poster.c - one picture that stands for the video: near the wished place, and not black. */
#include "poster.h"

#include "jpeg.h"

/* How often and how long pictures are looked at from the wish on. */
#define LOOK_EVERY_US 500000
#define GOOD_EVERY_US 1000000
#define LOOK_FOR_US 5000000
#define HELD_BYTES_MAX ((size_t)64 << 20)

static size_t bytes_of(const AVFrame *frame)
{
	size_t bytes = 0;

	for (int i = 0; i < AV_NUM_DATA_POINTERS && frame->buf[i] != NULL; i++)
		bytes += frame->buf[i]->size;
	return bytes;
}

static int hold(struct poster_candidate *candidate, const AVFrame *frame, const struct look *look,
                int64_t time_us, struct vm_error *err)
{
	av_frame_free(&candidate->frame);
	if ((candidate->frame = av_frame_clone(frame)) == NULL)
		return vm_fail_memory(err);
	candidate->look = *look;
	candidate->time_us = time_us;
	return VM_OK;
}

static int hold_good(struct poster *poster, const AVFrame *frame, const struct look *look,
                     int64_t time_us, struct vm_error *err)
{
	size_t bytes = bytes_of(frame);
	int status = hold(&poster->candidates[poster->count], frame, look, time_us, err);

	if (status != VM_OK)
		return status;
	av_frame_free(&poster->best.frame);
	poster->held_bytes += bytes;
	poster->next_us = time_us + GOOD_EVERY_US;
	poster->chosen = ++poster->count == POSTER_CANDIDATES || poster->hurried ||
	                 poster->held_bytes + bytes > HELD_BYTES_MAX;
	return VM_OK;
}

int poster_offer(struct poster *poster, const AVFrame *frame, int64_t time_us, struct vm_error *err)
{
	bool reached = time_us >= poster->wish_us, first = reached && !poster->reached;
	struct look look;

	if (poster->chosen || (time_us < poster->next_us && !first))
		return VM_OK;
	if (poster->reached && time_us > poster->wish_us + LOOK_FOR_US) {
		poster->chosen = true;
		return VM_OK;
	}
	poster->next_us = time_us + LOOK_EVERY_US;
	poster->reached = reached;
	look = look_at(frame);
	if (reached && look_is_good(&look))
		return hold_good(poster, frame, &look, time_us, err);
	if (poster->count > 0 ||
	    (poster->best.frame != NULL && !first && look.contrast <= poster->best.look.contrast))
		return VM_OK;
	return hold(&poster->best, frame, &look, time_us, err);
}

const struct poster_candidate *poster_choose(const struct poster *poster)
{
	const struct poster_candidate *chosen = NULL;
	const struct look *looks[POSTER_CANDIDATES];
	int least = 0;

	for (size_t i = 0; i < poster->count; i++)
		looks[i] = &poster->candidates[i].look;
	for (size_t i = 0; i < poster->count; i++) {
		int distance = look_distance(looks[i], looks, poster->count);

		if (chosen != NULL && distance >= least)
			continue;
		chosen = &poster->candidates[i];
		least = distance;
	}
	if (chosen == NULL && poster->best.frame != NULL)
		chosen = &poster->best;
	return chosen;
}

int poster_write(const struct poster *poster, const struct rung *rung, enum AVColorSpace space,
                 struct out *out, struct log *log, struct vm_error *err)
{
	const struct poster_candidate *chosen = poster_choose(poster);
	struct scaler scaler = jpeg_scaler(rung, space);
	AVFrame *scaled = NULL;
	int status;

	if (chosen == NULL)
		return VM_OK;
	if ((status = scaler_scale(&scaler, chosen->frame, &scaled, err)) == VM_OK)
		status = jpeg_put(scaled, "poster.jpg", out, log, err);
	av_frame_free(&scaled);
	scaler_finish(&scaler);
	return status;
}

void poster_finish(struct poster *poster)
{
	for (size_t i = 0; i < poster->count; i++)
		av_frame_free(&poster->candidates[i].frame);
	av_frame_free(&poster->best.frame);
}
