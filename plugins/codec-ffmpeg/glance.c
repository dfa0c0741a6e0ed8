/* glance.c - a few of the pictures that are to be copied are decoded, and looked at for combs. */
#include "glance.h"

/* How often it is looked, and at how many pictures. */
#define EVERY_S 10
#define PICTURES 10

int glance_open(struct glance *glance, struct input *input, const AVStream *stream,
                struct vm_error *err)
{
	glance->time_base = stream->time_base;
	glance->next = INT64_MIN;
	glance->interlace = (struct interlace){.time_base = stream->time_base, .log = input->log};
	if ((glance->frame = av_frame_alloc()) == NULL)
		return vm_fail_memory(err);
	return input_decoder(input, stream, 1, &glance->decoder, err);
}

/* What cannot be decoded here will be found elsewhere. */
static int look(struct glance *glance, const AVPacket *packet, struct vm_error *err)
{
	int status = VM_OK;

	avcodec_send_packet(glance->decoder, packet);
	while (status == VM_OK && avcodec_receive_frame(glance->decoder, glance->frame) >= 0) {
		status = interlace_push(&glance->interlace, glance->frame, err);
		av_frame_unref(glance->frame);
	}
	return status;
}

int glance_packet(struct glance *glance, const AVPacket *packet, bool *interlaced,
                  struct vm_error *err)
{
	int status = VM_OK;

	if ((packet->flags & AV_PKT_FLAG_KEY) && packet->pts >= glance->next && glance->left == 0) {
		glance->left = PICTURES;
		glance->next = packet->pts + av_rescale_q(EVERY_S, (AVRational){1, 1}, glance->time_base);
		interlace_forget(&glance->interlace);
	}
	if (glance->left == 0)
		return VM_OK;
	status = look(glance, packet, err);
	if (--glance->left == 0 && status == VM_OK) {
		status = look(glance, NULL, err);
		avcodec_flush_buffers(glance->decoder);
		*interlaced = *interlaced || glance->interlace.vote.state == INTERLACE_INTERLACED;
	}
	return status;
}

void glance_finish(struct glance *glance)
{
	avcodec_free_context(&glance->decoder);
	av_frame_free(&glance->frame);
	interlace_finish(&glance->interlace);
}
