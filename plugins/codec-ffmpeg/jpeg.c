/* jpeg.c - one picture as a JPEG. */
#include "jpeg.h"

#include "error.h"

/* FFmpeg's scale of 2 to 31, of which 3 is hard to tell from the picture itself. */
#define QUALITY 3

static int open_encoder(const AVFrame *frame, struct log *log, AVCodecContext **out)
{
	const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
	AVCodecContext *context;

	if (codec == NULL)
		return AVERROR_ENCODER_NOT_FOUND;
	if ((*out = context = avcodec_alloc_context3(codec)) == NULL)
		return AVERROR(ENOMEM);
	context->opaque = log;
	context->width = frame->width;
	context->height = frame->height;
	context->pix_fmt = (enum AVPixelFormat)frame->format;
	context->color_range = AVCOL_RANGE_JPEG;
	context->time_base = (AVRational){1, 1};
	context->thread_count = 1;
	context->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
	context->global_quality = QUALITY * FF_QP2LAMBDA;
	return avcodec_open2(context, codec, NULL);
}

int jpeg_encode(AVFrame *frame, AVPacket *packet, struct log *log, struct vm_error *err)
{
	AVCodecContext *context = NULL;
	int code = open_encoder(frame, log, &context);

	frame->quality = QUALITY * FF_QP2LAMBDA;
	frame->pict_type = AV_PICTURE_TYPE_NONE;
	frame->pts = 0;
	if (code >= 0)
		code = avcodec_send_frame(context, frame);
	if (code >= 0)
		code = avcodec_send_frame(context, NULL);
	if (code >= 0)
		code = avcodec_receive_packet(context, packet);
	avcodec_free_context(&context);
	return code < 0 ? error_of_ours(err, code, "encode jpeg", log) : VM_OK;
}

struct scaler jpeg_scaler(const struct rung *rung, enum AVColorSpace space)
{
	/* A JPEG has no colour tags: all readers take it for BT.601 of full range. */
	return (struct scaler){.width = rung->width,
	                       .height = rung->height,
	                       .format = AV_PIX_FMT_YUVJ420P,
	                       .from = space,
	                       .to = AVCOL_SPC_SMPTE170M,
	                       .crop = rung->own_size};
}

int jpeg_put(AVFrame *frame, const char *name, struct out *out, struct log *log,
             struct vm_error *err)
{
	AVPacket *packet = av_packet_alloc();
	int status;

	if (packet == NULL)
		return vm_fail_memory(err);
	if ((status = jpeg_encode(frame, packet, log, err)) == VM_OK)
		status = out_put(out, name, "image/jpeg", packet->data, (size_t)packet->size, err);
	av_packet_free(&packet);
	return status;
}
