/* watermark.c - a picture with transparency that is laid over all others. */
#include "watermark.h"

#include <stdio.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

#include "error.h"
#include "scale.h"

#define SIDE_MIN 2

static const char what[] = "watermark";

static int even(int64_t side)
{
	return (int)(side / 2 * 2);
}

static int64_t share(struct vm_rational part, int64_t whole)
{
	return av_rescale(whole, part.num, part.den);
}

struct watermark_place watermark_place(const struct watermark_option *option, int own_width,
                                       int own_height, int width, int height)
{
	int margin = even(share(option->margin, height));
	int64_t most_wide = FFMAX(SIDE_MIN, width - 2 * margin);
	int64_t most_high = FFMAX(SIDE_MIN, height - 2 * margin);
	int64_t high = FFMIN(share(option->size, height), most_high);
	int64_t wide = av_rescale(high, own_width, own_height);
	struct watermark_place place;

	if (wide > most_wide) {
		wide = most_wide;
		high = av_rescale(wide, own_height, own_width);
	}
	place.width = FFMAX(SIDE_MIN, even(wide));
	place.height = FFMAX(SIDE_MIN, even(high));
	place.x = even(FFMIN(margin, width - place.width));
	place.y = even(FFMIN(margin, height - place.height));
	if (option->position == POSITION_TOP_RIGHT || option->position == POSITION_BOTTOM_RIGHT)
		place.x = width - place.width - place.x;
	if (option->position == POSITION_BOTTOM_LEFT || option->position == POSITION_BOTTOM_RIGHT)
		place.y = height - place.height - place.y;
	if (option->position == POSITION_CENTER) {
		place.x = even((width - place.width) / 2);
		place.y = even((height - place.height) / 2);
	}
	return place;
}

static int decode(const struct image *image, AVPacket *packet, AVFrame *frame, struct log *log)
{
	AVCodecContext *context = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_PNG));
	int code = AVERROR(ENOMEM);

	if (context != NULL && packet != NULL && frame != NULL &&
	    (code = av_new_packet(packet, (int)image->length)) >= 0) {
		memcpy(packet->data, image->bytes, image->length);
		context->opaque = log;
		context->thread_count = 1;
		if ((code = avcodec_open2(context, NULL, NULL)) >= 0 &&
		    (code = avcodec_send_packet(context, packet)) >= 0)
			code = avcodec_receive_frame(context, frame);
	}
	avcodec_free_context(&context);
	return code;
}

static int read_image(const struct watermark_option *option, const struct image *image,
                      struct log *log, AVFrame **out, struct vm_error *err)
{
	AVPacket *packet = av_packet_alloc();
	AVFrame *frame = av_frame_alloc();
	int code = decode(image, packet, frame, log);

	av_packet_free(&packet);
	if (code >= 0) {
		*out = frame;
		return VM_OK;
	}
	av_frame_free(&frame);
	if (code == AVERROR(ENOMEM))
		return vm_fail_memory(err);
	return vm_fail(err, VM_ERR_CONFIG, "watermark: %s is no PNG that can be decoded",
	               option->image);
}

static int scale(const AVFrame *frame, const struct watermark_place *place, enum AVColorSpace space,
                 AVFrame **out, struct vm_error *err)
{
	struct scaler scaler = {.width = place->width,
	                        .height = place->height,
	                        .format = AV_PIX_FMT_YUVA420P,
	                        .from = space,
	                        .to = space};
	int status = scaler_scale(&scaler, frame, out, err);

	scaler_finish(&scaler);
	return status;
}

static int create_source(struct watermark *watermark, const char *name, const char *format,
                         int width, int height, AVFilterContext **out)
{
	char arguments[128];

	snprintf(arguments, sizeof arguments,
	         "video_size=%dx%d:pix_fmt=%s:time_base=%d/%d:pixel_aspect=1/1", width, height, format,
	         watermark->time_base.num, watermark->time_base.den);
	return avfilter_graph_create_filter(out, avfilter_get_by_name("buffer"), name, arguments, NULL,
	                                    watermark->graph);
}

/* The watermark is one picture that never ends. */
static int build(struct watermark *watermark, const struct watermark_option *option,
                 const struct watermark_place *place, int width, int height)
{
	AVFilterContext *opacity, *overlay;
	char text[96];
	int code;

	if ((watermark->graph = avfilter_graph_alloc()) == NULL)
		return AVERROR(ENOMEM);
	watermark->graph->nb_threads = 1;
	if ((code = create_source(watermark, "pictures", "yuv420p", width, height,
	                          &watermark->pictures)) < 0 ||
	    (code = create_source(watermark, "mark", "yuva420p", place->width, place->height,
	                          &watermark->mark)) < 0)
		return code;
	snprintf(text, sizeof text, "a=val*%lld/%lld", (long long)option->opacity.num,
	         (long long)option->opacity.den);
	if ((code = avfilter_graph_create_filter(&opacity, avfilter_get_by_name("lutyuv"), "opacity",
	                                         text, NULL, watermark->graph)) < 0)
		return code;
	snprintf(text, sizeof text, "x=%d:y=%d:eval=init:format=yuv420:eof_action=repeat", place->x,
	         place->y);
	if ((code = avfilter_graph_create_filter(&overlay, avfilter_get_by_name("overlay"), "overlay",
	                                         text, NULL, watermark->graph)) < 0 ||
	    (code = avfilter_graph_create_filter(&watermark->sink, avfilter_get_by_name("buffersink"),
	                                         "sink", NULL, NULL, watermark->graph)) < 0 ||
	    (code = avfilter_link(watermark->pictures, 0, overlay, 0)) < 0 ||
	    (code = avfilter_link(watermark->mark, 0, opacity, 0)) < 0 ||
	    (code = avfilter_link(opacity, 0, overlay, 1)) < 0 ||
	    (code = avfilter_link(overlay, 0, watermark->sink, 0)) < 0)
		return code;
	return avfilter_graph_config(watermark->graph, NULL);
}

static int give_mark(struct watermark *watermark, AVFrame *mark)
{
	int code;

	mark->pts = 0;
	mark->sample_aspect_ratio = (AVRational){1, 1};
	code = av_buffersrc_add_frame_flags(watermark->mark, mark, AV_BUFFERSRC_FLAG_KEEP_REF);
	return code < 0 ? code : av_buffersrc_add_frame(watermark->mark, NULL);
}

int watermark_open(struct watermark *watermark, const struct watermark_option *option,
                   const struct image *image, int width, int height, AVRational time_base,
                   enum AVColorSpace space, struct log *log, struct vm_error *err)
{
	AVFrame *own = NULL, *mark = NULL;
	struct watermark_place place;
	int status = read_image(option, image, log, &own, err), code;

	watermark->time_base = time_base;
	watermark->log = log;
	if (status == VM_OK) {
		place = watermark_place(option, own->width, own->height, width, height);
		status = scale(own, &place, space, &mark, err);
	}
	if (status == VM_OK && ((code = build(watermark, option, &place, width, height)) < 0 ||
	                        (code = give_mark(watermark, mark)) < 0))
		status = error_of_ours(err, code, what, log);
	av_frame_free(&own);
	av_frame_free(&mark);
	return status;
}

int watermark_put(struct watermark *watermark, AVFrame **frame, struct vm_error *err)
{
	int64_t pts = (*frame)->pts;
	int code = av_buffersrc_add_frame(watermark->pictures, *frame);

	if (code >= 0)
		code = av_buffersink_get_frame(watermark->sink, *frame);
	if (code < 0)
		return error_of_ours(err, code, what, watermark->log);
	(*frame)->pts = pts;
	return VM_OK;
}

void watermark_finish(struct watermark *watermark)
{
	avfilter_graph_free(&watermark->graph);
}
