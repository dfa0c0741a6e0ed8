/* demux.c - the thread that reads the source and shares its packets out. */
#include "demux.h"

#include "decode.h"

/* The queue a packet is for, and its number among the streams that are used. */
static struct queue *queue_for(const struct demux *demux, const AVPacket *packet, size_t *number)
{
	const struct input *input = demux->input;

	if (input->video != NULL && packet->stream_index == input->video->index) {
		*number = 0;
		return demux->video;
	}
	if (input->audio != NULL && packet->stream_index == input->audio->index) {
		*number = 1;
		return demux->audio;
	}
	return NULL;
}

/* False: the crew is stopping. */
static bool share_out(struct demux *demux, AVPacket *packet)
{
	size_t number;
	struct queue *queue = queue_for(demux, packet, &number);

	if (queue == NULL) {
		av_packet_free(&packet);
		return true;
	}
	jump_correct(&demux->jump, number, packet,
	             demux->input->format->streams[packet->stream_index]->time_base);
	if (queue_push(queue, packet))
		return true;
	av_packet_free(&packet);
	return false;
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
	if (status == VM_OK && demux->video != NULL)
		queue_close(demux->video);
	if (status == VM_OK && demux->audio != NULL)
		queue_close(demux->audio);
	return status;
}
