/* copies.c - all the tracks of a job that are copied, each with a thread. */
#include "copies.h"

static int open_pictures(struct copies *copies, struct input *input, struct frame_count *count,
                         struct crew *crew, struct vm_error *err)
{
	const struct plan *plan = copies->plan;
	struct copy_want want = {.input = input,
	                         .stream = input->video,
	                         .start = plan->copy.start,
	                         .step = plan->step,
	                         .untimed = plan->copy.untimed,
	                         .first_timed = plan->copy.first_timed};
	int status = copy_open(&copies->pictures, &want, count, crew, err);
	AVCodecParameters *told = copies->pictures.track.parameters;

	if (status != VM_OK)
		return status;
	/* A player guesses the colours as the plan did; what is encoded says so, and this as well. */
	told->color_space = plan->colour.space;
	told->color_primaries = plan->colour.primaries;
	told->color_trc = plan->colour.transfer;
	copies->pictures.track.captioned = plan->copy.captioned;
	return VM_OK;
}

static int open_sound(struct copies *copies, size_t number, struct input *input,
                      struct frame_count *count, struct crew *crew, struct vm_error *err)
{
	const struct plan_sound *sound = &copies->plan->sounds[number];
	const struct plan_track *track = &copies->plan->tracks[sound->track];
	struct copy_want want = {.input = input,
	                         .stream = track->stream,
	                         .start = input_start(input, track->stream->time_base),
	                         .step = track->stream->codecpar->frame_size,
	                         .unseen = true,
	                         .required = copies->plan->ladder.count == 0 && sound->track == 0};
	struct copy *copy = &copies->sounds[number];

	copy->track.label = &track->label;
	copy->track.group = sound->option->name;
	return copy_open(copy, &want, count, crew, err);
}

int copies_open(struct copies *copies, const struct plan *plan, struct input *input,
                struct demux *demux, struct frame_count *count, struct crew *crew,
                struct vm_error *err)
{
	int status = VM_OK;

	copies->plan = plan;
	if (plan->copy.rung != NULL) {
		demux_route(demux, input->video, &copies->pictures.packets);
		status = open_pictures(copies, input, count, crew, err);
	}
	for (size_t i = 0; i < plan->n_sounds && status == VM_OK; i++) {
		if (!plan->sounds[i].copied)
			continue;
		demux_route(demux, plan->tracks[plan->sounds[i].track].stream, &copies->sounds[i].packets);
		status = open_sound(copies, i, input, count, crew, err);
	}
	return status;
}

int copies_start(struct copies *copies, struct crew *crew, struct vm_error *err)
{
	const struct plan *plan = copies->plan;
	int status = VM_OK;

	if (plan->copy.rung != NULL)
		status = crew_start(crew, copy_run, &copies->pictures, err);
	for (size_t i = 0; i < plan->n_sounds && status == VM_OK; i++)
		if (plan->sounds[i].copied)
			status = crew_start(crew, copy_run, &copies->sounds[i], err);
	return status;
}

void copies_abort(struct copies *copies)
{
	queue_abort(&copies->pictures.packets);
	for (size_t i = 0; i < SOUNDS_MAX; i++)
		queue_abort(&copies->sounds[i].packets);
}

void copies_finish(struct copies *copies)
{
	copy_finish(&copies->pictures);
	for (size_t i = 0; i < SOUNDS_MAX; i++)
		copy_finish(&copies->sounds[i]);
}
