/* video_encoder.c - pictures of one size into H.264, with keyframes where the pictures say so. */
#include "video_encoder.h"

#include <libavutil/opt.h>

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
	int64_t cap = (int64_t)want->rung->option->bitrate;

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
	context->rc_max_rate = cap;
	context->rc_buffer_size = (int)(cap < INT32_MAX / 2 ? BUFFER_SHARE(cap) : INT32_MAX);
	context->thread_count = want->threads;
	context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
}

static int set_private(AVCodecContext *context, const struct video_want *want)
{
	int code;

	if ((code = av_opt_set(context->priv_data, "preset", want->preset, 0)) < 0 ||
	    (code = av_opt_set(context->priv_data, "profile", "high", 0)) < 0 ||
	    (code = av_opt_set_int(context->priv_data, "forced-idr", 1, 0)) < 0 ||
	    (code = av_opt_set_double(context->priv_data, "crf", (double)want->rung->option->quality,
	                              0)) < 0)
		return code;
	return av_opt_set(context->priv_data, "x264-params", "scenecut=0:open-gop=0", 0);
}

int video_encoder_open(struct video_encoder *encoder, const struct video_want *want,
                       struct log *log, struct vm_error *err)
{
	const AVCodec *codec = avcodec_find_encoder_by_name("libx264");
	int code;

	*encoder = (struct video_encoder){
	    .log = log,
	    .lull.longest = FFMAX(av_rescale_q(LULL_S, (AVRational){1, 1}, want->time_base), 1)};
	if (codec == NULL)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "encode: FFmpeg was built without libx264");
	if ((encoder->context = avcodec_alloc_context3(codec)) == NULL ||
	    (encoder->packet = av_packet_alloc()) == NULL ||
	    (encoder->held = av_packet_alloc()) == NULL)
		return vm_fail_memory(err);
	configure(encoder->context, want, log);
	if ((code = set_private(encoder->context, want)) < 0 ||
	    (code = avcodec_open2(encoder->context, codec, NULL)) < 0)
		return error_of_ours(err, code, "encode h264", log);
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
	return error_of_ours(err, code, "encode h264", encoder->log);
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
		return error_of_ours(err, code, "encode h264", encoder->log);
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
	int code = avcodec_send_frame(encoder->context, NULL);
	int status = code < 0 ? error_of_ours(err, code, "encode h264", encoder->log)
	                      : drain(encoder, err);

	if (status == VM_OK)
		status = release(encoder, encoder->end - encoder->last, err);
	return status == VM_OK ? track_end(&encoder->track, encoder->end, err) : status;
}

void video_encoder_finish(struct video_encoder *encoder)
{
	avcodec_free_context(&encoder->context);
	av_packet_free(&encoder->packet);
	av_packet_free(&encoder->held);
	track_finish(&encoder->track);
}
