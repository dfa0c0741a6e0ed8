/* decode.c - packets of one stream into frames, through whatever is broken in them. */
#include "decode.h"

#include "job_limits.h"

void decode_drop_packet(void *packet)
{
	AVPacket *dropped = packet;

	av_packet_free(&dropped);
}

int decode_open(struct decode *decode, int threads, struct vm_error *err)
{
	if ((decode->frame = av_frame_alloc()) == NULL)
		return vm_fail_memory(err);
	return input_decoder(decode->input, decode->stream, threads, &decode->decoder, err);
}

static int emit(struct decode *decode, struct vm_error *err)
{
	const AVFrame *frame = decode->frame;
	int status = limits_frames(decode->count->limits,
	                           atomic_fetch_add(&decode->count->frames, 1) + 1, err);

	if (status == VM_OK)
		status = limits_picture(decode->count->limits, frame->width, frame->height, err);
	if (status != VM_OK)
		return status;
	decode->frames++;
	return decode->emit(decode->emit_ctx, decode->frame, err);
}

/* What FFmpeg refuses: a broken packet costs itself, a passed limit costs the job. */
static int judge(struct decode *decode, int code, struct vm_error *err)
{
	if (code == AVERROR(ENOMEM))
		return vm_fail_memory(err);
	decode->errors++;
	return input_refused(decode->input, err);
}

static int receive(struct decode *decode, struct vm_error *err)
{
	int status = VM_OK, code;

	while (status == VM_OK && !crew_stopping(decode->crew)) {
		code = avcodec_receive_frame(decode->decoder, decode->frame);
		if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
			break;
		status = code < 0 ? judge(decode, code, err) : emit(decode, err);
		av_frame_unref(decode->frame);
	}
	return status;
}

static int send(struct decode *decode, const AVPacket *packet, struct vm_error *err)
{
	int code = avcodec_send_packet(decode->decoder, packet);
	int status = VM_OK;

	if (code < 0 && code != AVERROR_EOF)
		status = judge(decode, code, err);
	return status == VM_OK ? receive(decode, err) : status;
}

/* What is in the decoder comes out now, for what follows does not belong to it. */
static int rest(struct decode *decode, struct vm_error *err)
{
	int status = VM_OK;

	if (decode->decoder == NULL || decode->resting)
		return VM_OK;
	status = send(decode, NULL, err);
	avcodec_flush_buffers(decode->decoder);
	decode->resting = true;
	return status;
}

int decode_run(struct decode *decode, struct vm_error *err)
{
	int status = VM_OK;
	AVPacket *packet;

	while (status == VM_OK && (packet = queue_pop(decode->packets)) != NULL) {
		if (decode->wants != NULL && !decode->wants(decode->emit_ctx, packet))
			status = rest(decode, err);
		else if (decode->decoder != NULL) {
			decode->resting = false;
			status = send(decode, packet, err);
		} else
			decode->errors++;
		av_packet_free(&packet);
	}
	if (status == VM_OK && !crew_stopping(decode->crew))
		status = rest(decode, err);
	if (status == VM_OK && decode->frames == 0 && decode->required && !crew_stopping(decode->crew))
		status = input_fail(decode->input, AVERROR_INVALIDDATA,
		                    decode->stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO
		                        ? "no picture could be decoded"
		                        : "no sound could be decoded",
		                    err);
	return status;
}

void decode_finish(struct decode *decode)
{
	avcodec_free_context(&decode->decoder);
	av_frame_free(&decode->frame);
}
