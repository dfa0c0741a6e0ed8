/* replay.c - frames of a finished output, from where its demuxer stands. */
#include "replay.h"

/* The first picture of a long segment of sound is not far behind it. */
#define PACKETS_WITHOUT_FRAME_MAX 2000

struct replay {
	struct input *input;
	AVStream *stream;
	AVCodecContext *decoder;
	AVPacket *packet;
	AVFrame *frame;
	replay_fn *each;
	void *ctx;
	unsigned waiting; /* packets since the last frame */
	bool damaged;     /* what cannot be decoded is left out */
	bool seen, enough;
};

/* Hands on what the decoder has; NULL: what it still has at the end. */
static int decode(struct replay *replay, const AVPacket *packet, struct vm_error *err)
{
	int code = avcodec_send_packet(replay->decoder, packet), status = VM_OK;

	while (code >= 0 && status == VM_OK && !replay->enough &&
	       (code = avcodec_receive_frame(replay->decoder, replay->frame)) >= 0) {
		replay->seen = true;
		replay->waiting = 0;
		status = replay->each(replay->ctx, replay->frame, &replay->enough, err);
		av_frame_unref(replay->frame);
	}
	if (status != VM_OK || code >= 0 || code == AVERROR(EAGAIN) || code == AVERROR_EOF ||
	    replay->damaged)
		return status;
	return input_fail(replay->input, code, "decode", err);
}

static int read_all(struct replay *replay, struct vm_error *err)
{
	int code, status = VM_OK;

	while (status == VM_OK && !replay->enough && replay->waiting < PACKETS_WITHOUT_FRAME_MAX) {
		if ((code = av_read_frame(replay->input->format, replay->packet)) == AVERROR_EOF)
			return decode(replay, NULL, err);
		if (code < 0)
			return input_fail(replay->input, code, "read", err);
		replay->waiting++;
		if (replay->packet->stream_index == replay->stream->index)
			status = decode(replay, replay->packet, err);
		av_packet_unref(replay->packet);
	}
	return status;
}

static int replay_all(struct replay *replay, struct vm_error *err)
{
	int status = input_decoder(replay->input, replay->stream, 1, &replay->decoder, err);

	replay->stream->discard = AVDISCARD_DEFAULT;
	replay->packet = av_packet_alloc();
	replay->frame = av_frame_alloc();
	if (status == VM_OK && (replay->packet == NULL || replay->frame == NULL))
		status = vm_fail_memory(err);
	/* What an encoder put in front may be all that a short copy has. */
	if (status == VM_OK && replay->damaged)
		replay->decoder->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
	if (status == VM_OK)
		status = read_all(replay, err);
	if (status == VM_OK && !replay->seen)
		status = input_fail(replay->input, AVERROR_INVALIDDATA, "nothing can be decoded", err);
	av_packet_free(&replay->packet);
	av_frame_free(&replay->frame);
	avcodec_free_context(&replay->decoder);
	return status;
}

int replay(struct input *input, AVStream *stream, replay_fn *each, void *ctx, struct vm_error *err)
{
	struct replay replay = {.input = input, .stream = stream, .each = each, .ctx = ctx};

	return replay_all(&replay, err);
}

static int go_to(struct input *input, const AVStream *stream, int64_t time_us, struct vm_error *err)
{
	int64_t time = av_rescale_q(time_us, AV_TIME_BASE_Q, stream->time_base);

	if (av_seek_frame(input->format, stream->index, time, AVSEEK_FLAG_BACKWARD) >= 0)
		return VM_OK;
	return vm_fail(err, VM_ERR_BAD_DATA, "it cannot be read from %lld ms on",
	               (long long)(time_us / 1000));
}

int replay_from(struct input *input, AVStream *stream, int64_t time_us, replay_fn *each, void *ctx,
                struct vm_error *err)
{
	int status = go_to(input, stream, time_us, err);

	return status == VM_OK ? replay(input, stream, each, ctx, err) : status;
}

int replay_copied(struct input *input, AVStream *stream, struct vm_error *err)
{
	struct replay replay = {.input = input, .stream = stream, .each = replay_one, .damaged = true};
	int status = go_to(input, stream, 0, err);

	return status == VM_OK ? replay_all(&replay, err) : status;
}

int replay_one(void *ctx, const AVFrame *frame, bool *enough, struct vm_error *err)
{
	(void)ctx, (void)frame, (void)err;
	*enough = true;
	return VM_OK;
}
