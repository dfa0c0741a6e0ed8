/* upright.c - decoded pictures made progressive, upright and of standard range. */
#include "upright.h"

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/pixdesc.h>

#include "error.h"

void upright_describe(const struct upright_want *want, char filters[UPRIGHT_FILTERS_MAX])
{
	char tone_map[UPRIGHT_FILTERS_MAX / 2] = "";
	const char *parts[] = {want->deinterlace ? "bwdif=mode=send_frame:deint=interlaced" : "",
	                       tone_map, want->turn};
	size_t length = 0;

	/* In linear light, where 1 is the white of a page (203 cd/m2, ITU-R BT.2408): what is darker
	 * stays nearly as it is, highlights up to about 1,000 cd/m2 are rolled off above it. */
	if (want->hdr != AVCOL_TRC_UNSPECIFIED)
		snprintf(tone_map, sizeof tone_map,
		         "zscale=tin=%s:min=bt2020nc:pin=bt2020:t=linear:npl=203,format=gbrpf32le,"
		         "zscale=p=bt709,tonemap=tonemap=mobius:param=0.3:peak=5:desat=0,"
		         "zscale=t=bt709:m=bt709:r=tv,format=yuv420p",
		         av_color_transfer_name(want->hdr));
	filters[0] = '\0';
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i][0] != '\0')
			length += (size_t)snprintf(filters + length, UPRIGHT_FILTERS_MAX - length, "%s%s",
			                           length > 0 ? "," : "", parts[i]);
}

static int configure(struct upright *upright, const AVFrame *frame)
{
	char filters[UPRIGHT_FILTERS_MAX];

	graph_finish(&upright->graph);
	upright->configured = true;
	upright->width = frame->width;
	upright->height = frame->height;
	upright->format = frame->format;
	upright->pixel = frame->sample_aspect_ratio;
	upright_describe(&upright->want, filters);
	if (filters[0] == '\0')
		return 0;
	if (upright->out == NULL && (upright->out = av_frame_alloc()) == NULL)
		return AVERROR(ENOMEM);
	return graph_open_pictures(&upright->graph, frame, upright->time_base, upright->threads,
	                           filters);
}

/* Hands on what the filters have ready. */
static int drain(struct upright *upright, struct vm_error *err)
{
	int status = VM_OK, code;

	while (status == VM_OK &&
	       (code = av_buffersink_get_frame(upright->graph.sink, upright->out)) >= 0) {
		upright->out->pts = av_rescale_q(upright->out->pts,
		                                 av_buffersink_get_time_base(upright->graph.sink),
		                                 upright->time_base);
		status = upright->emit(upright->emit_ctx, upright->out, err);
		av_frame_unref(upright->out);
	}
	if (status == VM_OK && code != AVERROR(EAGAIN) && code != AVERROR_EOF)
		return error_of_ours(err, code, "filter pictures", upright->log);
	return status;
}

static int push(struct upright *upright, AVFrame *frame, struct vm_error *err)
{
	int code = av_buffersrc_add_frame_flags(upright->graph.source, frame,
	                                        AV_BUFFERSRC_FLAG_KEEP_REF);

	if (code < 0)
		return error_of_ours(err, code, "filter pictures", upright->log);
	return drain(upright, err);
}

/* A stream may change its size, or turn out to be interlaced, at any picture. */
static bool fits(const struct upright *upright, const AVFrame *frame)
{
	return upright->configured && upright->width == frame->width &&
	       upright->height == frame->height && upright->format == frame->format &&
	       av_cmp_q(upright->pixel, frame->sample_aspect_ratio) == 0 &&
	       (upright->want.deinterlace || !frame->interlaced_frame);
}

int upright_push(struct upright *upright, AVFrame *frame, struct vm_error *err)
{
	int status, code;

	if (frame != NULL && !fits(upright, frame)) {
		if (upright->graph.graph != NULL && (status = push(upright, NULL, err)) != VM_OK)
			return status;
		upright->want.deinterlace |= frame->interlaced_frame != 0;
		if ((code = configure(upright, frame)) < 0)
			return error_of_kind(err, code, "filter pictures", upright->log);
	}
	if (frame != NULL)
		upright->deinterlaced |= frame->interlaced_frame != 0;
	if (upright->graph.graph != NULL)
		return push(upright, frame, err);
	return frame != NULL ? upright->emit(upright->emit_ctx, frame, err) : VM_OK;
}

void upright_finish(struct upright *upright)
{
	graph_finish(&upright->graph);
	av_frame_free(&upright->out);
}
