/* cmaf.c - one track as an initialisation segment and media segments: what HLS and DASH play. */
#include "cmaf.h"

#include <stdlib.h>
#include <string.h>

#include <libavformat/avformat.h>

#include "error.h"
#include "fragment.h"
#include "grid.h"
#include "witness.h"

struct cmaf {
	struct taker taker;
	struct track *track;
	struct out *out;
	struct log *log;
	char directory[OUT_NAME_MAX];
	const char *content_type;
	AVFormatContext *format;
	AVPacket *packet;
	struct grid grid;
	struct segments segments;
	bool open;     /* a segment has packets that are not written yet */
	bool begun;    /* the initialisation segment is written */
	int64_t start; /* of the open segment */
};

/* What the muxer has to say now, as one output; `segment` NULL: it is the head of all. */
static int put_flushed(struct cmaf *cmaf, const char *name, struct segment *segment,
                       struct vm_error *err)
{
	struct witness_track *witness = cmaf->track->witness;
	char path[OUT_NAME_MAX + 32];
	uint8_t *text = NULL;
	int status, code, length;

	if ((code = avio_open_dyn_buf(&cmaf->format->pb)) < 0)
		return error_of_ours(err, code, "write segment", cmaf->log);
	code = av_write_frame(cmaf->format, NULL);
	length = avio_close_dyn_buf(cmaf->format->pb, &text);
	cmaf->format->pb = NULL;
	snprintf(path, sizeof path, "%s/%s", cmaf->directory, name);
	if (code < 0)
		status = error_of_ours(err, code, "write segment", cmaf->log);
	else
		status = out_put(cmaf->out, path, cmaf->content_type, text, (size_t)length, err);
	if (status == VM_OK && segment == NULL && witness != NULL)
		status = witness_keep_header(witness, text, (size_t)length, err);
	if (status == VM_OK && segment != NULL) {
		segment->bytes = (uint64_t)length;
		segment->first_bytes = fragment_first_sample(text, (size_t)length);
		if (segment->first_bytes == 0)
			status = vm_fail(err, VM_ERR_BUG, "write segment: its first sample is not found");
	}
	av_free(text);
	return status;
}

/* A presentation begins at 0: what an encoder's delay puts before it is not shown. */
static int64_t shown_us(const struct cmaf *cmaf, int64_t time)
{
	return av_rescale_q(time < 0 ? 0 : time, cmaf->track->time_base, AV_TIME_BASE_Q);
}

static int close_segment(struct cmaf *cmaf, int64_t end, struct vm_error *err)
{
	struct segment segment = {.start_us = shown_us(cmaf, cmaf->start)};
	char name[32];
	int status;

	if (!cmaf->begun && (status = put_flushed(cmaf, "init.mp4", NULL, err)) != VM_OK)
		return status;
	cmaf->begun = true;
	snprintf(name, sizeof name, "segment-%05zu.m4s", cmaf->segments.count + 1);
	if ((status = put_flushed(cmaf, name, &segment, err)) != VM_OK)
		return status;
	segment.duration_us = shown_us(cmaf, end) - segment.start_us;
	cmaf->open = false;
	if (cmaf->track->witness != NULL)
		cmaf->track->witness->n_segments++;
	return segments_add(&cmaf->segments, &segment, err);
}

static int add_packet(struct cmaf *cmaf, const AVPacket *packet, struct vm_error *err)
{
	int code = av_packet_ref(cmaf->packet, packet);

	if (code >= 0) {
		cmaf->packet->stream_index = 0;
		av_packet_rescale_ts(cmaf->packet, cmaf->track->time_base,
		                     cmaf->format->streams[0]->time_base);
		code = av_write_frame(cmaf->format, cmaf->packet);
		av_packet_unref(cmaf->packet);
	}
	return code < 0 ? error_of_ours(err, code, "write segment", cmaf->log) : VM_OK;
}

static int take(struct taker *taker, const AVPacket *packet, struct vm_error *err)
{
	struct cmaf *cmaf = (struct cmaf *)(void *)taker;
	int status;

	if ((packet->flags & AV_PKT_FLAG_KEY) &&
	    grid_crosses(&cmaf->grid, packet->pts, cmaf->track->time_base)) {
		if (cmaf->open && (status = close_segment(cmaf, packet->pts, err)) != VM_OK)
			return status;
		cmaf->start = packet->pts;
		cmaf->open = true;
	}
	return add_packet(cmaf, packet, err);
}

static int end(struct taker *taker, int64_t time, struct vm_error *err)
{
	struct cmaf *cmaf = (struct cmaf *)(void *)taker;

	return cmaf->open ? close_segment(cmaf, time, err) : VM_OK;
}

/* The muxer wants a place to write to from the start, though it writes nothing yet. */
static int write_header(struct cmaf *cmaf)
{
	AVDictionary *options = NULL;
	uint8_t *nothing = NULL;
	int code;

	if ((code = avio_open_dyn_buf(&cmaf->format->pb)) < 0)
		return code;
	/* The edit list cuts off what an encoder puts before the first time shown; it is known with
	 * the first packet. (Offsets below zero would do without, but FFmpeg's own demuxer takes them
	 * for a delay of the pictures.) */
	if ((code = av_dict_set(&options, "movflags", "frag_custom+cmaf+delay_moov+skip_trailer", 0)) >=
	        0 &&
	    (code = av_dict_set_int(&options, "use_editlist", 1, 0)) >= 0)
		code = avformat_write_header(cmaf->format, &options);
	av_dict_free(&options);
	avio_close_dyn_buf(cmaf->format->pb, &nothing);
	av_free(nothing);
	cmaf->format->pb = NULL;
	return code;
}

static int open_muxer(struct cmaf *cmaf)
{
	AVStream *stream;
	int code;

	if ((cmaf->packet = av_packet_alloc()) == NULL ||
	    avformat_alloc_output_context2(&cmaf->format, NULL, "mp4", NULL) < 0)
		return AVERROR(ENOMEM);
	cmaf->format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
	code = track_add_stream(cmaf->track, cmaf->format, &stream);
	return code < 0 ? code : write_header(cmaf);
}

int cmaf_create(struct track *track, const char *directory, uint64_t segment_ms, struct out *out,
                struct log *log, struct cmaf **created, struct vm_error *err)
{
	struct cmaf *cmaf = calloc(1, sizeof *cmaf);
	int code, status;

	if (cmaf == NULL)
		return vm_fail_memory(err);
	cmaf->taker = (struct taker){take, end};
	cmaf->track = track;
	cmaf->out = out;
	cmaf->log = log;
	cmaf->grid.segment_ms = segment_ms;
	snprintf(cmaf->directory, sizeof cmaf->directory, "%s", directory);
	cmaf->content_type = track->parameters->codec_type == AVMEDIA_TYPE_AUDIO ? "audio/mp4"
	                                                                         : "video/mp4";
	if ((code = open_muxer(cmaf)) < 0) {
		status = error_of_ours(err, code, "write segments", log);
		cmaf_destroy(cmaf);
		return status;
	}
	track_add(track, &cmaf->taker);
	*created = cmaf;
	return VM_OK;
}

void cmaf_destroy(struct cmaf *cmaf)
{
	if (cmaf == NULL)
		return;
	av_packet_free(&cmaf->packet);
	avformat_free_context(cmaf->format);
	segments_finish(&cmaf->segments);
	free(cmaf);
}

bool cmaf_is_empty(const struct cmaf *cmaf)
{
	return cmaf->segments.count == 0;
}

const struct segments *cmaf_segments(const struct cmaf *cmaf)
{
	return &cmaf->segments;
}

const struct track *cmaf_track(const struct cmaf *cmaf)
{
	return cmaf->track;
}

const char *cmaf_directory(const struct cmaf *cmaf)
{
	return cmaf->directory;
}

const char *cmaf_name(const struct cmaf *cmaf)
{
	return strrchr(cmaf->directory, '/') + 1;
}

uint64_t cmaf_frame_rate_milli(const struct cmaf *cmaf)
{
	int64_t duration_us = segments_duration_us(&cmaf->segments);

	if (duration_us <= 0)
		return 0;
	return (uint64_t)((double)cmaf->track->packets * 1e9 / (double)duration_us + 0.5);
}
