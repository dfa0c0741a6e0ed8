/* poster.c - one picture that stands for the video: near the wished place, and not black. */
#include "poster.h"

/* How often and how long pictures are looked at from the wish on. */
#define LOOK_EVERY_US 500000
#define GOOD_EVERY_US 1000000
#define LOOK_FOR_US 5000000

static int pack(struct poster *poster, const AVFrame *frame, AVPacket *jpeg, struct vm_error *err)
{
	AVFrame *scaled = NULL;
	int status;

	if (poster->scaler.width == 0)
		poster->scaler = jpeg_scaler(&poster->size, poster->space);
	if ((status = scaler_scale(&poster->scaler, frame, &scaled, err)) == VM_OK)
		status = jpeg_encode(scaled, jpeg, poster->log, err);
	av_frame_free(&scaled);
	return status;
}

static int hold(struct poster *poster, struct poster_candidate *candidate, const AVFrame *frame,
                const struct look *look, int64_t time_us, struct vm_error *err)
{
	av_packet_free(&candidate->jpeg);
	if ((candidate->jpeg = av_packet_alloc()) == NULL)
		return vm_fail_memory(err);
	candidate->look = *look;
	candidate->time_us = time_us;
	return pack(poster, frame, candidate->jpeg, err);
}

static int hold_good(struct poster *poster, const AVFrame *frame, const struct look *look,
                     int64_t time_us, struct vm_error *err)
{
	int status = hold(poster, &poster->candidates[poster->count++], frame, look, time_us, err);

	av_packet_free(&poster->best.jpeg);
	poster->next_us = time_us + GOOD_EVERY_US;
	poster->chosen = poster->count == POSTER_CANDIDATES || poster->hurried;
	return status;
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
	    (poster->best.jpeg != NULL && !first && look.contrast <= poster->best.look.contrast))
		return VM_OK;
	return hold(poster, &poster->best, frame, &look, time_us, err);
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
	if (chosen == NULL && poster->best.jpeg != NULL)
		chosen = &poster->best;
	return chosen;
}

int poster_write(const struct poster *poster, struct out *out, struct vm_error *err)
{
	const struct poster_candidate *chosen = poster_choose(poster);

	if (chosen == NULL)
		return VM_OK;
	return out_put(out, "poster.jpg", "image/jpeg", chosen->jpeg->data, (size_t)chosen->jpeg->size,
	               err);
}

void poster_finish(struct poster *poster)
{
	for (size_t i = 0; i < poster->count; i++)
		av_packet_free(&poster->candidates[i].jpeg);
	av_packet_free(&poster->best.jpeg);
	scaler_finish(&poster->scaler);
}
