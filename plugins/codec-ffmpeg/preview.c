/* preview.c - a few seconds of the video as an animated WebP. */
#include "preview.h"

#include "error.h"

/* Of libwebp's 100; it is small, it moves, and it must load at once. */
#define QUALITY 70

static const char what[] = "encode preview";

void preview_open(struct preview *preview, const struct snaps_plan *want, enum AVColorSpace space,
                  struct out *out, struct log *log)
{
	const struct rung *size = &want->preview.size;

	*preview = (struct preview){.want = want,
	                            .out = out,
	                            .log = log,
	                            .next_us = want->preview.from_us,
	                            .ended = want->preview.length_us == 0};
	/* WebP knows BT.601 of limited range alone. */
	preview->scaler = (struct scaler){.width = size->width,
	                                  .height = size->height,
	                                  .format = AV_PIX_FMT_YUV420P,
	                                  .from = space,
	                                  .to = AVCOL_SPC_SMPTE170M,
	                                  .crop = size->own_size};
}

static int open_encoder(struct preview *preview)
{
	const AVCodec *codec = avcodec_find_encoder_by_name("libwebp_anim");
	AVDictionary *options = NULL;
	AVCodecContext *encoder;
	int code;

	if (codec == NULL)
		return AVERROR_ENCODER_NOT_FOUND;
	if ((encoder = preview->encoder = avcodec_alloc_context3(codec)) == NULL)
		return AVERROR(ENOMEM);
	encoder->opaque = preview->log;
	encoder->width = preview->scaler.width;
	encoder->height = preview->scaler.height;
	encoder->pix_fmt = AV_PIX_FMT_YUV420P;
	encoder->time_base = (AVRational){1, 1000};
	encoder->thread_count = 1;
	encoder->flags |= AV_CODEC_FLAG_QSCALE;
	encoder->global_quality = QUALITY * FF_QP2LAMBDA;
	if ((code = av_dict_set_int(&options, "loop", 0, 0)) >= 0)
		code = avcodec_open2(encoder, codec, &options);
	av_dict_free(&options);
	return code;
}

static int encode(struct preview *preview, AVFrame *frame, struct vm_error *err)
{
	int code = 0;

	if (preview->encoder == NULL)
		code = open_encoder(preview);
	if (code >= 0)
		code = avcodec_send_frame(preview->encoder, frame);
	return code < 0 ? error_of_ours(err, code, what, preview->log) : VM_OK;
}

/* The encoder gives all of it at once. */
static int put(struct preview *preview, struct vm_error *err)
{
	AVPacket *packet = av_packet_alloc();
	int status, code;

	if (packet == NULL)
		return vm_fail_memory(err);
	status = encode(preview, NULL, err);
	if (status == VM_OK && (code = avcodec_receive_packet(preview->encoder, packet)) < 0)
		status = error_of_ours(err, code, what, preview->log);
	if (status == VM_OK)
		status = out_put(preview->out, "preview.webp", "image/webp", packet->data,
		                 (size_t)packet->size, err);
	av_packet_free(&packet);
	avcodec_free_context(&preview->encoder);
	return status;
}

int preview_end(struct preview *preview, struct vm_error *err)
{
	if (preview->ended)
		return VM_OK;
	preview->ended = true;
	return preview->count > 0 ? put(preview, err) : VM_OK;
}

int preview_offer(struct preview *preview, const AVFrame *frame, int64_t time_us,
                  struct vm_error *err)
{
	AVFrame *scaled = NULL;
	int status;

	if (preview->ended || time_us < preview->next_us)
		return VM_OK;
	if (preview->count == 0)
		preview->first_us = time_us;
	else if (time_us >= preview->first_us + preview->want->preview.length_us)
		return preview_end(preview, err);
	/* A rate that is no divisor of the source's is kept on average. */
	preview->next_us = FFMAX(preview->next_us + preview->want->preview.step_us, time_us + 1);
	if ((status = scaler_scale(&preview->scaler, frame, &scaled, err)) != VM_OK)
		return status;
	scaled->pts = (time_us - preview->first_us) / 1000;
	preview->count++;
	status = encode(preview, scaled, err);
	av_frame_free(&scaled);
	return status;
}

void preview_finish(struct preview *preview)
{
	avcodec_free_context(&preview->encoder);
	scaler_finish(&preview->scaler);
}
