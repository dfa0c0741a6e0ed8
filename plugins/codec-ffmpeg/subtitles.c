/* subtitles.c - the thread that turns the source's tracks of text into WebVTT. */
#include "subtitles.h"

#include <stdio.h>
#include <string.h>

#include "cue_text.h"
#include "decode.h"
#include "playlist.h"

#define PACKETS_WAITING 32
/* What stands before the text in an event of ASS: its order, layer, style and so on. */
#define FIELDS 8

static const AVRational ms_base = {1, 1000};

int subtitles_open(struct subtitles *subtitles, const struct plan *plan, struct input *input,
                   struct crew *crew, struct vm_error *err)
{
	int status = VM_OK;

	queue_init(&subtitles->packets, PACKETS_WAITING);
	subtitles->crew = crew;
	subtitles->input = input;
	subtitles->start_us = plan->part.start_us;
	for (size_t i = 0; i < plan->n_texts && status == VM_OK; i++) {
		struct subtitle *track = &subtitles->tracks[subtitles->count++];

		track->plan = &plan->texts[i];
		status = input_decoder(input, track->plan->stream, 1, &track->decoder, err);
		if (status == VM_ERR_BAD_DATA || status == VM_ERR_UNSUPPORTED)
			status = VM_OK;
		/* Broken characters are replaced by us; FFmpeg would drop the whole text. */
		if (track->decoder != NULL)
			track->decoder->sub_charenc_mode = FF_SUB_CHARENC_MODE_IGNORE;
	}
	return status;
}

static int add_event(struct subtitle *track, const char *event, int64_t start_ms, int64_t end_ms,
                     struct vm_error *err)
{
	char text[CUE_TEXT_MAX];
	bool top;

	for (int field = 0; field < FIELDS && event != NULL; field++)
		if ((event = strchr(event, ',')) != NULL)
			event++;
	if (event == NULL)
		return VM_OK;
	cue_text(event, text, &top);
	return cues_add(&track->cues, start_ms, end_ms, text, top, err);
}

static int decode(struct subtitles *subtitles, struct subtitle *track, AVPacket *packet,
                  struct vm_error *err)
{
	AVRational time_base = track->plan->stream->time_base;
	AVSubtitle subtitle = {0};
	int got = 0, status = VM_OK;
	int64_t start_ms, end_ms;

	if (track->decoder == NULL || packet->pts == AV_NOPTS_VALUE ||
	    avcodec_decode_subtitle2(track->decoder, &subtitle, &got, packet) < 0) {
		track->errors++;
		return input_refused(subtitles->input, err);
	}
	start_ms = av_sat_sub64(av_rescale_q(packet->pts, time_base, ms_base),
	                        subtitles->start_us / 1000);
	end_ms = av_sat_add64(start_ms, av_rescale_q(FFMAX(packet->duration, 0), time_base, ms_base));
	for (unsigned i = 0;
	     got && (start_ms >= 0 || end_ms > 0) && i < subtitle.num_rects && status == VM_OK; i++)
		if (subtitle.rects[i]->ass != NULL)
			status = add_event(track, subtitle.rects[i]->ass, start_ms, end_ms, err);
	avsubtitle_free(&subtitle);
	return status;
}

static struct subtitle *track_of(struct subtitles *subtitles, const AVPacket *packet)
{
	size_t i = 0;

	while (subtitles->tracks[i].plan->stream->index != packet->stream_index)
		i++;
	return &subtitles->tracks[i];
}

int subtitles_run(void *ctx, struct vm_error *err)
{
	struct subtitles *subtitles = ctx;
	int status = VM_OK;
	AVPacket *packet;

	while (status == VM_OK && (packet = queue_pop(&subtitles->packets)) != NULL) {
		status = decode(subtitles, track_of(subtitles, packet), packet, err);
		av_packet_free(&packet);
	}
	return status;
}

static int put(struct out *out, const char *name, const char *ending, const char *content_type,
               char *text, struct vm_error *err)
{
	char path[OUT_NAME_MAX];

	snprintf(path, sizeof path, "subtitles/%s.%s", name, ending);
	return out_put_text(out, path, content_type, text, err);
}

int subtitles_write(struct subtitles *subtitles, int64_t duration_us, bool hls, struct out *out,
                    struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < subtitles->count && status == VM_OK; i++) {
		struct subtitle *track = &subtitles->tracks[i];
		const char *name = track->plan->name;

		if (track->cues.count == 0)
			continue;
		status = put(out, name, "vtt", "text/vtt", cues_vtt(&track->cues, duration_us / 1000), err);
		if (status == VM_OK && hls)
			status = put(out, name, "m3u8", "application/vnd.apple.mpegurl",
			             playlist_text(name, duration_us), err);
	}
	return status;
}

void subtitles_finish(struct subtitles *subtitles)
{
	for (size_t i = 0; i < subtitles->count; i++) {
		avcodec_free_context(&subtitles->tracks[i].decoder);
		cues_finish(&subtitles->tracks[i].cues);
	}
	queue_finish(&subtitles->packets, decode_drop_packet);
}
