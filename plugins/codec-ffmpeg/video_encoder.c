/* video_encoder.c - pictures of one size into packets, with keyframes where the pictures say so. */
#include "video_encoder.h"

#include <stdio.h>

#include "error.h"
#include "witness.h"

/* Keyframes come from the segments' grid alone, at the same times in all renditions. */
#define KEYFRAMES_ON_DEMAND (1 << 30)
/* No picture is told to last longer. */
#define LULL_S 1
/* How long the bit rate may be above its cap: one and a half seconds of it. */
#define BUFFER_SHARE(rate) ((rate) / 2 * 3)

static void configure(AVCodecContext *context, const struct video_want *want, struct log *log)
{
	const AVRational slowest = {1, LULL_S};

	context->opaque = log;
	context->width = want->rung->width;
	context->height = want->rung->height;
	context->pix_fmt = AV_PIX_FMT_YUV420P;
	context->sample_aspect_ratio = (AVRational){1, 1};
	context->time_base = want->time_base;
	context->framerate = av_cmp_q(want->frame_rate, slowest) < 0 ? slowest : want->frame_rate;
	context->color_range = AVCOL_RANGE_MPEG;
	context->colorspace = want->colour.space;
	context->color_primaries = want->colour.primaries;
	context->color_trc = want->colour.transfer;
	context->gop_size = KEYFRAMES_ON_DEMAND;
	context->bit_rate = want->mean ? want->rung->bitrate : 0;
	context->rc_max_rate = want->most;
	context->rc_buffer_size = (int)(want->most < INT32_MAX / 2 ? BUFFER_SHARE(want->most)
	                                                           : INT32_MAX);
	context->thread_count = want->threads;
	context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
}

static int fail(const struct video_encoder *encoder, int code, struct vm_error *err)
{
	char what[32];

	snprintf(what, sizeof what, "encode %s", encoder->library->name);
	return error_of_ours(err, code, what, encoder->log);
}

int video_encoder_open(struct video_encoder *encoder, const struct video_want *want,
                       struct log *log, struct vm_error *err)
{
	const struct video_library *library = video_library_of(want->rung->option->codec);
	const AVCodec *codec = avcodec_find_encoder_by_name(library->encoder);
	int code;

	*encoder = (struct video_encoder){
	    .library = library,
	    .log = log,
	    .lull.longest = FFMAX(av_rescale_q(LULL_S, (AVRational){1, 1}, want->time_base), 1)};
	if (codec == NULL)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "encode %s: FFmpeg was built without %s",
		               library->name, library->encoder);
	if ((encoder->context = avcodec_alloc_context3(codec)) == NULL ||
	    (encoder->packet = av_packet_alloc()) == NULL ||
	    (encoder->held = av_packet_alloc()) == NULL)
		return vm_fail_memory(err);
	configure(encoder->context, want, log);
	if ((code = library->set(encoder->context, want)) < 0 ||
	    (code = avcodec_open2(encoder->context, codec, NULL)) < 0)
		return fail(encoder, code, err);
	return track_init(&encoder->track, encoder->context, err);
}

/* The held packet lasts until the next one is decoded. */
static int release(struct video_encoder *encoder, int64_t duration, struct vm_error *err)
{
	int status;

	if (encoder->held->data == NULL)
		return VM_OK;
	if (duration > INT32_MAX)
		return vm_fail(
		    err, VM_ERR_UNSUPPORTED, "a picture is shown for %lld s: more than MP4 can say",
		    (long long)av_rescale_q(duration, encoder->track.time_base, (AVRational){1, 1}));
	encoder->held->duration = duration;
	status = track_packet(&encoder->track, encoder->held, err);
	av_packet_unref(encoder->held);
	return status;
}

static int drain(struct video_encoder *encoder, struct vm_error *err)
{
	int status, code;

	while ((code = avcodec_receive_packet(encoder->context, encoder->packet)) >= 0) {
		encoder->packet->pts = lull_true(&encoder->lull, encoder->packet->pts);
		encoder->packet->dts = lull_true(&encoder->lull, encoder->packet->dts);
		status = release(encoder, encoder->packet->dts - encoder->held->dts, err);

		av_packet_move_ref(encoder->held, encoder->packet);
		if (status != VM_OK)
			return status;
	}
	if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
		return VM_OK;
	return fail(encoder, code, err);
}

/* The picture is shared: others need its true time. */
static int send(struct video_encoder *encoder, const AVFrame *frame)
{
	AVFrame *told = av_frame_clone(frame);
	int code;

	if (told == NULL)
		return AVERROR(ENOMEM);
	told->pts = lull_tell(&encoder->lull, frame->pts);
	code = avcodec_send_frame(encoder->context, told);
	av_frame_free(&told);
	return code;
}

int video_encoder_push(struct video_encoder *encoder, const AVFrame *frame, int64_t duration,
                       struct vm_error *err)
{
	int code = send(encoder, frame), status;

	if (code < 0)
		return fail(encoder, code, err);
	if (encoder->track.witness != NULL && frame->pict_type == AV_PICTURE_TYPE_I &&
	    (status = witness_see(encoder->track.witness, frame, encoder->track.time_base, err)) !=
	        VM_OK)
		return status;
	encoder->last = frame->pts;
	encoder->end = frame->pts + duration;
	return drain(encoder, err);
}

int video_encoder_end(struct video_encoder *encoder, struct vm_error *err)
{
	int code, status;

	/* Of no picture nothing comes, and there are libraries that wait for it. */
	encoder->ended = encoder->lull.count > 0;
	code = encoder->ended ? avcodec_send_frame(encoder->context, NULL) : 0;
	status = code < 0 ? fail(encoder, code, err) : drain(encoder, err);
	if (status == VM_OK)
		status = release(encoder, encoder->end - encoder->last, err);
	return status == VM_OK ? track_end(&encoder->track, encoder->end, err) : status;
}

static int send_any(AVCodecContext *context)
{
	AVFrame *any = av_frame_alloc();
	int code = AVERROR(ENOMEM);

	if (any != NULL) {
		any->width = context->width;
		any->height = context->height;
		any->format = context->pix_fmt;
		if ((code = av_frame_get_buffer(any, 0)) >= 0)
			code = avcodec_send_frame(context, any);
	}
	av_frame_free(&any);
	return code;
}

static void end_in_the_middle(struct video_encoder *encoder)
{
	int code = encoder->lull.count > 0 ? 0 : send_any(encoder->context);

	if (code >= 0)
		code = avcodec_send_frame(encoder->context, NULL);
	while (code >= 0) {
		code = avcodec_receive_packet(encoder->context, encoder->packet);
		av_packet_unref(encoder->packet);
	}
}

void video_encoder_finish(struct video_encoder *encoder)
{
	if (encoder->library != NULL && encoder->library->waits && avcodec_is_open(encoder->context) &&
	    !encoder->ended)
		end_in_the_middle(encoder);
	avcodec_free_context(&encoder->context);
	av_packet_free(&encoder->packet);
	av_packet_free(&encoder->held);
	track_finish(&encoder->track);
}
