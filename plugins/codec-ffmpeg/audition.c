/* audition.c - what was encoded is decoded again and measured: how loud the output really is. */
#include "audition.h"

#include "error.h"

static const char what[] = "decode what was encoded";

static int hear(struct audition *audition, const AVPacket *packet, struct vm_error *err)
{
	int code = avcodec_send_packet(audition->decoder, packet), status = VM_OK;

	while (code >= 0 && status == VM_OK &&
	       (code = avcodec_receive_frame(audition->decoder, audition->frame)) >= 0) {
		status = meter_push(&audition->meter, audition->frame, err);
		av_frame_unref(audition->frame);
	}
	if (status != VM_OK || code >= 0 || code == AVERROR(EAGAIN) || code == AVERROR_EOF)
		return status;
	return error_of_ours(err, code, what, audition->log);
}

static int take(struct taker *taker, const AVPacket *packet, struct vm_error *err)
{
	return hear((struct audition *)(void *)taker, packet, err);
}

static int end(struct taker *taker, int64_t time, struct vm_error *err)
{
	(void)time;
	return hear((struct audition *)(void *)taker, NULL, err);
}

int audition_open(struct audition *audition, struct track *track, struct log *log,
                  struct vm_error *err)
{
	int code;

	*audition = (struct audition){
	    .taker = {take, end}, .log = log, .meter = {.log = log, .peaks = true}};
	if ((audition->frame = av_frame_alloc()) == NULL)
		return vm_fail_memory(err);
	if ((code = track_decoder(track, log, &audition->decoder)) < 0)
		return error_of_ours(err, code, what, log);
	track_add(track, &audition->taker);
	return VM_OK;
}

void audition_finish(struct audition *audition)
{
	avcodec_free_context(&audition->decoder);
	av_frame_free(&audition->frame);
	meter_finish(&audition->meter);
}
