/* copy.c - the thread that hands packets of the source on as they are, with the outputs' times. */
#include "copy.h"

#include "job_limits.h"

#define PACKETS_WAITING 64

int copy_open(struct copy *copy, const struct copy_want *want, struct frame_count *count,
              struct crew *crew, struct vm_error *err)
{
	copy->want = *want;
	copy->crew = crew;
	copy->count = count;
	atomic_init(&copy->done_ms, 0);
	queue_init(&copy->packets, PACKETS_WAITING);
	if (want->unseen) {
		int status = input_decoder(want->input, want->stream, 1, &copy->decoder, err);

		if (status != VM_OK)
			return status;
		if ((copy->decoded = av_frame_alloc()) == NULL)
			return vm_fail_memory(err);
		/* What an encoder put in front is not shown, but it can be decoded. */
		copy->decoder->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
	}
	return track_init_copy(&copy->track, want->stream->codecpar, want->stream->time_base, err);
}

/* Whether something of the stream could be decoded, with this packet at the latest. */
static bool is_alive(struct copy *copy, const AVPacket *packet)
{
	if (copy->decoder == NULL)
		return true;
	if (avcodec_send_packet(copy->decoder, packet) < 0 ||
	    avcodec_receive_frame(copy->decoder, copy->decoded) < 0)
		return false;
	av_frame_unref(copy->decoded);
	avcodec_free_context(&copy->decoder);
	return true;
}

static int64_t to_ms(const struct copy *copy, int64_t time)
{
	return av_rescale_q(time, copy->track.time_base, (AVRational){1, 1000});
}

static int check_limits(const struct copy *copy, struct vm_error *err)
{
	const struct vm_limits *limits = copy->count->limits;
	int status = limits_frames(limits, atomic_fetch_add(&copy->count->frames, 1) + 1, err);

	return status == VM_OK ? limits_duration(limits, to_ms(copy, copy->end), err) : status;
}

static int release(struct copy *copy, int64_t duration, struct vm_error *err)
{
	int status;

	if (copy->held == NULL)
		return VM_OK;
	copy->held->duration = duration;
	status = track_packet(&copy->track, copy->held, err);
	av_packet_free(&copy->held);
	return status;
}

/* What its container knew of it is not what the outputs' are told. */
static int take(struct copy *copy, AVPacket *packet, struct vm_error *err)
{
	int64_t duration = packet->duration > 0 ? packet->duration : copy->want.step;
	int status;

	av_packet_free_side_data(packet);
	packet->flags &= AV_PKT_FLAG_KEY;
	if (packet->dts == AV_NOPTS_VALUE)
		packet->dts = copy->want.first_timed - copy->want.untimed-- * copy->want.step;
	packet->pts -= copy->want.start;
	packet->dts -= copy->want.start;
	copy->end = FFMAX(copy->end, packet->pts + duration);
	if ((status = check_limits(copy, err)) == VM_OK && copy->held != NULL)
		status = release(copy, packet->dts - copy->held->dts, err);
	if (status != VM_OK) {
		av_packet_free(&packet);
		return status;
	}
	packet->duration = duration;
	copy->held = packet;
	atomic_store(&copy->done_ms, to_ms(copy, packet->dts));
	return VM_OK;
}

int copy_run(void *ctx, struct vm_error *err)
{
	struct copy *copy = ctx;
	int status = VM_OK;
	AVPacket *packet;

	while (status == VM_OK && (packet = queue_pop(&copy->packets)) != NULL) {
		if (is_alive(copy, packet))
			status = take(copy, packet, err);
		else
			av_packet_free(&packet);
	}
	if (status != VM_OK || crew_stopping(copy->crew))
		return status;
	if (copy->decoder != NULL && copy->want.required)
		return input_fail(copy->want.input, AVERROR_INVALIDDATA, "no sound could be decoded", err);
	if (copy->held != NULL)
		status = release(copy, copy->held->duration, err);
	return status == VM_OK ? track_end(&copy->track, copy->end, err) : status;
}

void copy_finish(struct copy *copy)
{
	queue_finish(&copy->packets, decode_drop_packet);
	avcodec_free_context(&copy->decoder);
	av_frame_free(&copy->decoded);
	av_packet_free(&copy->held);
	track_finish(&copy->track);
}
