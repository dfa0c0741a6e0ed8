/* verify_preview.c - the moving picture, opened again. */
#include "verify_preview.h"

#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavutil/intreadwrite.h>

#include "error.h"
#include "verify_snaps.h"
#include "webp_read.h"

#define BYTES_MAX (64 << 20)
#define RIFF_HEAD 12

struct look {
	const struct verify_job *job;
	int width, height; /* of the picture decoded last */
};

/* The picture as a WebP of its own. */
static AVPacket *wrap(const struct webp_frame *frame)
{
	AVPacket *packet = av_packet_alloc();

	if (packet == NULL || av_new_packet(packet, (int)frame->length + RIFF_HEAD) < 0) {
		av_packet_free(&packet);
		return NULL;
	}
	memcpy(packet->data, "RIFF", 4);
	AV_WL32(packet->data + 4, (uint32_t)frame->length + 4);
	memcpy(packet->data + 8, "WEBP", 4);
	memcpy(packet->data + RIFF_HEAD, frame->image, frame->length);
	return packet;
}

static int decode(struct look *look, const AVPacket *packet)
{
	AVCodecContext *context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_WEBP));
	AVFrame *picture = av_frame_alloc();
	int code = AVERROR(ENOMEM);

	if (context != NULL && picture != NULL) {
		context->opaque = look->job->log;
		context->thread_count = 1;
		if ((code = avcodec_open2(context, NULL, NULL)) >= 0 &&
		    (code = avcodec_send_packet(context, packet)) >= 0)
			code = avcodec_receive_frame(context, picture);
	}
	if (code >= 0) {
		look->width = picture->width;
		look->height = picture->height;
	}
	av_frame_free(&picture);
	avcodec_free_context(&context);
	return code;
}

static int look_at(void *ctx, const struct webp_frame *frame, struct vm_error *err)
{
	struct look *look = ctx;
	AVPacket *packet = wrap(frame);
	int code;

	if (packet == NULL)
		return vm_fail_memory(err);
	code = decode(look, packet);
	av_packet_free(&packet);
	if (code < 0)
		return error_of_source(err, code, "decode", look->job->log);
	if (frame->width > 0 && (look->width != frame->width || look->height != frame->height))
		return vm_fail(err, VM_ERR_BAD_DATA, "webp: a picture of %dx%d in a frame of %dx%d",
		               look->width, look->height, frame->width, frame->height);
	return VM_OK;
}

/* The encoder lets the last picture last as long as those before on average. */
static int check_duration(const struct config *config, int64_t duration_ms, struct vm_error *err)
{
	if (duration_ms <= (int64_t)config->preview_ms * 2)
		return VM_OK;
	return vm_fail(err, VM_ERR_BAD_DATA, "%lld ms long, where %llu were asked for",
	               (long long)duration_ms, (unsigned long long)config->preview_ms);
}

int verify_preview(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	struct look look = {.job = job};
	struct webp_facts webp;
	char *bytes = NULL;
	int status = verify_read_whole(job, BYTES_MAX, &bytes, err);

	if (status == VM_OK)
		status = webp_read((const uint8_t *)bytes, (size_t)job->output->bytes, &webp, look_at,
		                   &look, err);
	free(bytes);
	if (status != VM_OK)
		return status;
	if (webp.moves) {
		look.width = webp.width;
		look.height = webp.height;
	}
	json_object_set_new(facts, "width", json_integer(look.width));
	json_object_set_new(facts, "height", json_integer(look.height));
	json_object_set_new(facts, "frames", json_integer((json_int_t)webp.frames));
	json_object_set_new(facts, "duration_ms", json_integer(webp.duration_ms));
	status = verify_box(look.width, look.height, job->config->preview_height, err);
	return status == VM_OK ? check_duration(job->config, webp.duration_ms, err) : status;
}
