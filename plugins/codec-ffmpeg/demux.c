/* demux.c - the thread that reads the source and shares its packets out. */
#include "demux.h"

#include <assert.h>

#include "decode.h"

void demux_init(struct demux *demux, struct input *input, struct crew *crew)
{
	*demux = (struct demux){.input = input, .crew = crew};
	demux->jump.enabled = (input->format->iformat->flags & AVFMT_TS_DISCONT) != 0;
}

void demux_route(struct demux *demux, const AVStream *stream, struct queue *packets)
{
	bool pauses = stream->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE;

	assert(demux->n_routes < (pauses ? (size_t)DEMUX_ROUTES_MAX : (size_t)JUMP_STREAMS));
	demux->routes[demux->n_routes].stream = stream;
	demux->routes[demux->n_routes].pauses = pauses;
	demux->routes[demux->n_routes++].packets = packets;
}

/* False: the crew is stopping. */
static bool share_out(struct demux *demux, AVPacket *packet)
{
	for (size_t i = 0; i < demux->n_routes; i++) {
		if (packet->stream_index != demux->routes[i].stream->index)
			continue;
		if (demux->routes[i].pauses)
			jump_follow(&demux->jump, packet, demux->routes[i].stream->time_base);
		else
			jump_correct(&demux->jump, i, packet, demux->routes[i].stream->time_base);
		if (queue_push(demux->routes[i].packets, packet))
			return true;
		av_packet_free(&packet);
		return false;
	}
	av_packet_free(&packet);
	return true;
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

	while (!crew_stopping(demux->crew)) {
		AVPacket *packet = av_packet_alloc();

		if (packet == NULL) {
			status = vm_fail_memory(err);
			break;
		}
		if ((code = av_read_frame(demux->input->format, packet)) < 0)
			av_packet_free(&packet);
		else if (!share_out(demux, packet))
			break;
		if (code < 0 && code != AVERROR(EAGAIN))
			break;
	}
	if (status == VM_OK && code < 0 && code != AVERROR_EOF && !crew_stopping(demux->crew))
		status = judge(demux, code, err);
	/* FFmpeg may take a source that cannot be read for one that is at its end. */
	if (status == VM_OK && demux->input->io.failure.status != VM_OK)
		status = input_fail(demux->input, code, "read source", err);
	for (size_t i = 0; i < demux->n_routes && status == VM_OK; i++)
		queue_close(demux->routes[i].packets);
	return status;
}
