/* cadence.c - pictures of any distances made into those of one. */
#include "cadence.h"

#include <libavutil/common.h>

static int64_t slot_of(const struct cadence *cadence, int64_t time)
{
	return (time + cadence->step / 2) / cadence->step;
}

static int make(struct cadence *cadence, struct vm_error *err)
{
	AVFrame *made = av_frame_clone(cadence->held);
	int status;

	if (made == NULL)
		return vm_fail_memory(err);
	made->pts = cadence->slot++ * cadence->step;
	made->pkt_duration = cadence->step;
	/* Captions that come twice are read twice. */
	if (cadence->given)
		av_frame_remove_side_data(made, AV_FRAME_DATA_A53_CC);
	cadence->repeated += cadence->given;
	cadence->given = true;
	status = cadence->emit(cadence->emit_ctx, made, err);
	av_frame_free(&made);
	return status;
}

/* Hours may lie between two pictures. */
static int make_until(struct cadence *cadence, int64_t slot, struct vm_error *err)
{
	int status = VM_OK;

	while (status == VM_OK && cadence->slot < slot && !crew_stopping(cadence->crew))
		status = make(cadence, err);
	return status;
}

/* The last one ends by itself; something is made of every source. */
static int64_t last_slot(const struct cadence *cadence)
{
	const AVFrame *held = cadence->held;
	int64_t slot = held->pkt_duration > 0 ? slot_of(cadence, held->pts + held->pkt_duration)
	                                      : slot_of(cadence, held->pts) + 1;

	return FFMAX(slot, 1);
}

int cadence_push(struct cadence *cadence, const AVFrame *frame, struct vm_error *err)
{
	int status = VM_OK;

	if (cadence->held != NULL) {
		status = make_until(cadence,
		                    frame != NULL ? slot_of(cadence, frame->pts) : last_slot(cadence), err);
		cadence->left_out += !cadence->given;
	}
	av_frame_free(&cadence->held);
	if (status != VM_OK || frame == NULL)
		return status;
	cadence->given = false;
	return (cadence->held = av_frame_clone(frame)) != NULL ? VM_OK : vm_fail_memory(err);
}

void cadence_finish(struct cadence *cadence)
{
	av_frame_free(&cadence->held);
}
