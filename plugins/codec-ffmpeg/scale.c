/* scale.c - pictures of any size and format made into those of one rendition. */
#include "scale.h"

#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#define ALIGN 64
/* Vector code writes whole registers, also at the end of the last row. */
#define BEHIND 128

static struct scaler_input input_of(const AVFrame *frame)
{
	return (struct scaler_input){frame->width, frame->height, frame->format,
	                             (int)frame->color_range};
}

static bool same(const struct scaler_input *a, const struct scaler_input *b)
{
	return a->width == b->width && a->height == b->height && a->format == b->format &&
	       a->range == b->range;
}

static bool is_full_range(const struct scaler_input *input)
{
	return input->range == AVCOL_RANGE_JPEG || input->format == AV_PIX_FMT_YUVJ420P ||
	       input->format == AV_PIX_FMT_YUVJ422P || input->format == AV_PIX_FMT_YUVJ444P;
}

static bool is_rgb(int format)
{
	return (av_pix_fmt_desc_get((enum AVPixelFormat)format)->flags & AV_PIX_FMT_FLAG_RGB) != 0;
}

static bool makes_full_range(const struct scaler *scaler)
{
	return scaler->format == AV_PIX_FMT_YUVJ420P;
}

static void set_colours(const struct scaler *scaler, const struct scaler_input *input)
{
	sws_setColorspaceDetails(scaler->sws, sws_getCoefficients((int)scaler->from),
	                         is_full_range(input) || is_rgb(input->format),
	                         sws_getCoefficients((int)scaler->to), makes_full_range(scaler), 0,
	                         1 << 16, 1 << 16);
}

/* The ranges have their part in how it scales, and that is chosen here: what differs in nothing
 * else would only be copied. */
static int open_sws(struct scaler *scaler, const struct scaler_input *input)
{
	const struct {
		const char *name;
		int64_t value;
	} options[] = {
	    {"srcw", input->width},         {"srch", input->height},
	    {"src_format", input->format},  {"src_range", is_full_range(input)},
	    {"dstw", scaler->width},        {"dsth", scaler->height},
	    {"dst_format", scaler->format}, {"dst_range", makes_full_range(scaler)},
	    {"sws_flags", SWS_BICUBIC},
	};
	int code = 0;

	if ((scaler->sws = sws_alloc_context()) == NULL)
		return AVERROR(ENOMEM);
	for (size_t i = 0; i < sizeof options / sizeof *options && code >= 0; i++)
		code = av_opt_set_int(scaler->sws, options[i].name, options[i].value, 0);
	return code < 0 ? code : sws_init_context(scaler->sws, NULL, NULL);
}

static int configure(struct scaler *scaler, const struct scaler_input *input)
{
	int bytes = av_image_get_buffer_size((enum AVPixelFormat)scaler->format, scaler->width,
	                                     scaler->height, ALIGN);

	if (scaler->pool == NULL &&
	    (scaler->pool = av_buffer_pool_init((size_t)bytes + BEHIND, NULL)) == NULL)
		return AVERROR(ENOMEM);
	sws_freeContext(scaler->sws);
	if (open_sws(scaler, input) < 0) {
		sws_freeContext(scaler->sws);
		scaler->sws = NULL;
		return AVERROR(EINVAL);
	}
	scaler->input = *input;
	set_colours(scaler, input);
	return 0;
}

static AVFrame *new_picture(struct scaler *scaler, const AVFrame *like)
{
	AVFrame *frame = av_frame_alloc();

	if (frame == NULL)
		return NULL;
	frame->format = scaler->format;
	frame->width = scaler->width;
	frame->height = scaler->height;
	if (av_frame_copy_props(frame, like) < 0 ||
	    (frame->buf[0] = av_buffer_pool_get(scaler->pool)) == NULL ||
	    av_image_fill_arrays(frame->data, frame->linesize, frame->buf[0]->data,
	                         (enum AVPixelFormat)scaler->format, scaler->width, scaler->height,
	                         ALIGN) < 0)
		av_frame_free(&frame);
	else
		frame->color_range = scaler->format == AV_PIX_FMT_YUVJ420P ? AVCOL_RANGE_JPEG
		                                                           : AVCOL_RANGE_MPEG;
	return frame;
}

/* Whether what is too many of the picture can just be left out at its right and lower edge. */
static bool can_crop(const struct scaler *scaler, const AVFrame *frame)
{
	return scaler->crop && frame->width - scaler->width >= 0 && frame->width - scaler->width <= 1 &&
	       frame->height - scaler->height >= 0 && frame->height - scaler->height <= 1;
}

int scaler_scale(struct scaler *scaler, const AVFrame *frame, AVFrame **out, struct vm_error *err)
{
	struct scaler_input input = input_of(frame);
	AVFrame *scaled;

	if (can_crop(scaler, frame)) {
		input.width = scaler->width;
		input.height = scaler->height;
	}
	if (input.width == scaler->width && input.height == scaler->height &&
	    input.format == scaler->format && !is_full_range(&input)) {
		if ((*out = av_frame_clone(frame)) == NULL)
			return vm_fail_memory(err);
		(*out)->width = input.width;
		(*out)->height = input.height;
		return VM_OK;
	}
	if ((scaler->sws == NULL || !same(&input, &scaler->input)) && configure(scaler, &input) < 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "scale: %dx%d %s cannot be scaled to %dx%d",
		               input.width, input.height,
		               av_get_pix_fmt_name((enum AVPixelFormat)input.format), scaler->width,
		               scaler->height);
	if ((scaled = new_picture(scaler, frame)) == NULL)
		return vm_fail_memory(err);
	sws_scale(scaler->sws, (const uint8_t *const *)frame->data, frame->linesize, 0, input.height,
	          scaled->data, scaled->linesize);
	*out = scaled;
	return VM_OK;
}

void scaler_finish(struct scaler *scaler)
{
	sws_freeContext(scaler->sws);
	scaler->sws = NULL;
	av_buffer_pool_uninit(&scaler->pool);
}
