/* demux.c - the thread that reads the source and shares its packets out. */
#include "demux.h"

#include <assert.h>

#include "decode.h"

/* Containers put sound a little before or behind its pictures. */
#define BEHIND_US 1000000

void demux_init(struct demux *demux, struct input *input, const struct part *part,
                struct crew *crew)
{
	*demux = (struct demux){.input = input, .part = part, .crew = crew};
	demux->jump.enabled = (input->format->iformat->flags & AVFMT_TS_DISCONT) != 0;
}

void demux_route(struct demux *demux, const AVStream *stream, struct queue *packets)
{
	bool pauses = stream->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE;
	size_t i = 0;

	while (i < demux->n_routes && demux->routes[i].stream != stream)
		i++;
	if (i == demux->n_routes) {
		assert(i < (pauses ? (size_t)DEMUX_ROUTES_MAX : (size_t)JUMP_STREAMS));
		demux->routes[i].stream = stream;
		demux->routes[i].pauses = pauses;
		demux->n_routes++;
	}
	assert(demux->routes[i].n_queues < DEMUX_QUEUES_MAX);
	demux->routes[i].queues[demux->routes[i].n_queues++] = packets;
}

/* Takes the packet. An aborted queue: the crew is stopping. */
static int push(struct queue *queue, AVPacket *packet, struct vm_error *err)
{
	if (packet == NULL)
		return vm_fail_memory(err);
	if (!queue_push(queue, packet))
		av_packet_free(&packet);
	return VM_OK;
}

/* Behind the part, and no picture that is decoded later can be shown before its end. */
static bool is_over(const struct demux *demux, const AVPacket *packet, AVRational time_base)
{
	int64_t time = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;

	return demux->part->to_us != INT64_MAX && time != AV_NOPTS_VALUE &&
	       av_rescale_q(time, time_base, AV_TIME_BASE_Q) - demux->part->start_us >=
	           demux->part->to_us - demux->part->from_us + BEHIND_US;
}

static bool all_over(const struct demux *demux)
{
	bool over = true;

	for (size_t i = 0; i < demux->n_routes && over; i++)
		over = demux->routes[i].over || demux->routes[i].pauses;
	return over && demux->part->to_us != INT64_MAX;
}

static int share_out(struct demux *demux, AVPacket *packet, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < demux->n_routes; i++) {
		if (packet->stream_index != demux->routes[i].stream->index)
			continue;
		if (demux->routes[i].pauses)
			jump_follow(&demux->jump, packet, demux->routes[i].stream->time_base);
		else
			jump_correct(&demux->jump, i, packet, demux->routes[i].stream->time_base);
		demux->routes[i].over = is_over(demux, packet, demux->routes[i].stream->time_base);
		if (demux->routes[i].over)
			break;
		for (size_t j = 1; j < demux->routes[i].n_queues && status == VM_OK; j++)
			status = push(demux->routes[i].queues[j], av_packet_clone(packet), err);
		if (status == VM_OK)
			return push(demux->routes[i].queues[0], packet, err);
		break;
	}
	av_packet_free(&packet);
	return status;
}

/* A source that breaks off gives what it had; one that could not be read gives nothing. */
static int judge(struct demux *demux, int code, struct vm_error *err)
{
	if (demux->input->io.failure.status != VM_OK)
		return input_fail(demux->input, code, "read source", err);
	if (code == AVERROR(ENOMEM))
		return vm_fail_memory(err);
	demux->broke_off = true;
	log_error(demux->input->log, demux->reason);
	return VM_OK;
}

int demux_run(void *ctx, struct vm_error *err)
{
	struct demux *demux = ctx;
	int status = VM_OK, code = 0;

	part_seek(demux->part, demux->input);
	while (status == VM_OK && !crew_stopping(demux->crew) && !all_over(demux)) {
		AVPacket *packet = av_packet_alloc();

		if (packet == NULL) {
			status = vm_fail_memory(err);
			break;
		}
		if ((code = av_read_frame(demux->input->format, packet)) < 0)
			av_packet_free(&packet);
		else
			status = share_out(demux, packet, err);
		if (code < 0 && code != AVERROR(EAGAIN))
			break;
	}
	if (status == VM_OK && code < 0 && code != AVERROR_EOF && !crew_stopping(demux->crew))
		status = judge(demux, code, err);
	/* FFmpeg may take a source that cannot be read for one that is at its end. */
	if (status == VM_OK && demux->input->io.failure.status != VM_OK)
		status = input_fail(demux->input, code, "read source", err);
	for (size_t i = 0; i < demux->n_routes && status == VM_OK; i++)
		for (size_t j = 0; j < demux->routes[i].n_queues; j++)
			queue_close(demux->routes[i].queues[j]);
	return status;
}
