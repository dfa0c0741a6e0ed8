/* interlace.c - whether pictures are interlaced: what is seen in them counts, not what they say. */
#include "interlace.h"

#include <string.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

#include "comb.h"
#include "error.h"

/* So many pictures more of one kind than of the other decide, and as many more change it. */
#define DECIDES 6
#define SCORE_MAX 10
/* Two of five pictures of a film for American television are interlaced, and all say so. */
#define SAID_WEIGHT 3
/* Pictures that say nothing are looked at from time to time: what is joined together may change. */
#define LOOK_FIRST 100
#define LOOK_EVERY 100
#define LOOK_FOR 20
#define HELD_BYTES_MAX (48 << 20)

void interlace_count(struct interlace_vote *vote, const char *look, bool said)
{
	bool top = strcmp(look, "tff") == 0, bottom = strcmp(look, "bff") == 0;

	if (top || bottom) {
		vote->score += said ? SAID_WEIGHT : 1;
		vote->top_first = av_clip(vote->top_first + (top ? 1 : -1), -SCORE_MAX, SCORE_MAX);
	} else if (strcmp(look, "progressive") == 0) {
		vote->score--;
	}
	vote->score = av_clip(vote->score, -SCORE_MAX, SCORE_MAX);
	if (vote->score >= DECIDES)
		vote->state = INTERLACE_INTERLACED;
	else if (vote->score <= -DECIDES)
		vote->state = INTERLACE_PROGRESSIVE;
}

/* The filter would turn others into something that it knows, which nobody wants to pay for. */
static bool can_look(const AVFrame *frame)
{
	const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);

	return format != NULL && (format->flags & AV_PIX_FMT_FLAG_PLANAR) != 0 &&
	       (format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_HWACCEL)) ==
	           0 &&
	       format->nb_components >= 3 && frame->height >= 8;
}

static bool worth_looking(const struct interlace *interlace, const AVFrame *frame)
{
	return can_look(frame) &&
	       (interlace->emit == NULL || frame->interlaced_frame || interlace->vote.score > 0 ||
	        interlace->pictures < LOOK_FIRST || interlace->pictures % LOOK_EVERY < LOOK_FOR);
}

static int configure(struct interlace *interlace, const AVFrame *frame)
{
	if (interlace->graph.graph != NULL && interlace->width == frame->width &&
	    interlace->height == frame->height && interlace->format == frame->format)
		return 0;
	graph_finish(&interlace->graph);
	interlace->width = frame->width;
	interlace->height = frame->height;
	interlace->format = frame->format;
	if (interlace->seen == NULL && (interlace->seen = av_frame_alloc()) == NULL)
		return AVERROR(ENOMEM);
	return graph_open_pictures(&interlace->graph, frame, interlace->time_base, 1, "idet");
}

/* The filter takes some patterns for fields; without combs there is nothing to take out. */
static int look(struct interlace *interlace, AVFrame *frame, struct vm_error *err)
{
	int code = configure(interlace, frame);

	if (code < 0)
		return error_of_kind(err, code, "look at pictures", interlace->log);
	code = av_buffersrc_add_frame_flags(interlace->graph.source, frame, AV_BUFFERSRC_FLAG_KEEP_REF);
	while (code >= 0 &&
	       (code = av_buffersink_get_frame(interlace->graph.sink, interlace->seen)) >= 0) {
		const AVDictionaryEntry *entry = av_dict_get(interlace->seen->metadata,
		                                             "lavfi.idet.multiple.current_frame", NULL, 0);

		if (entry != NULL && (entry->value[0] == 'p' || comb_in(interlace->seen)))
			interlace_count(&interlace->vote, entry->value, frame->interlaced_frame != 0);
		av_frame_unref(interlace->seen);
	}
	if (code != AVERROR(EAGAIN) && code != AVERROR_EOF)
		return error_of_ours(err, code, "look at pictures", interlace->log);
	return VM_OK;
}

/* What the pictures say is made true. */
static void mark(struct interlace *interlace, AVFrame *frame)
{
	switch (interlace->vote.state) {
	case INTERLACE_INTERLACED:
		interlace->unsaid += !frame->interlaced_frame;
		frame->interlaced_frame = 1;
		frame->top_field_first = interlace->vote.top_first > 0;
		break;
	case INTERLACE_PROGRESSIVE:
		interlace->untrue += frame->interlaced_frame != 0;
		frame->interlaced_frame = 0;
		break;
	case INTERLACE_UNKNOWN:
		break;
	}
}

static int emit(struct interlace *interlace, AVFrame *frame, struct vm_error *err)
{
	mark(interlace, frame);
	return interlace->emit(interlace->emit_ctx, frame, err);
}

static int release(struct interlace *interlace, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < interlace->n_held; i++) {
		if (status == VM_OK)
			status = emit(interlace, interlace->held[i], err);
		av_frame_free(&interlace->held[i]);
	}
	interlace->n_held = 0;
	interlace->released = true;
	return status;
}

static int hold(struct interlace *interlace, const AVFrame *frame, struct vm_error *err)
{
	int bytes = av_image_get_buffer_size((enum AVPixelFormat)frame->format, frame->width,
	                                     frame->height, 1);

	if ((interlace->held[interlace->n_held] = av_frame_clone(frame)) == NULL)
		return vm_fail_memory(err);
	interlace->n_held++;
	interlace->held_bytes += bytes > 0 ? (size_t)bytes : 0;
	if (interlace->vote.state == INTERLACE_UNKNOWN && interlace->n_held < INTERLACE_HELD_MAX &&
	    interlace->held_bytes < HELD_BYTES_MAX)
		return VM_OK;
	return release(interlace, err);
}

int interlace_push(struct interlace *interlace, AVFrame *frame, struct vm_error *err)
{
	int status = VM_OK;

	if (frame == NULL)
		return release(interlace, err);
	if (worth_looking(interlace, frame))
		status = look(interlace, frame, err);
	interlace->pictures++;
	if (status != VM_OK || interlace->emit == NULL)
		return status;
	return interlace->released ? emit(interlace, frame, err) : hold(interlace, frame, err);
}

void interlace_forget(struct interlace *interlace)
{
	graph_finish(&interlace->graph);
	interlace->vote = (struct interlace_vote){0};
}

void interlace_finish(struct interlace *interlace)
{
	for (size_t i = 0; i < interlace->n_held; i++)
		av_frame_free(&interlace->held[i]);
	graph_finish(&interlace->graph);
	av_frame_free(&interlace->seen);
}
