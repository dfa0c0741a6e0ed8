/* mp4.c - a progressive MP4: pictures and sounds, index in front. */
#include "mp4.h"

#include <stdlib.h>

#include <libavformat/avformat.h>

#include "error.h"
#include "mp4_io.h"

/* Longer chunks of each kind make a smaller index; a player reads both kinds side by side. */
#define CHUNK_US 500000

/* More than any encoder decodes before it shows. */
enum { HELD_MAX = 32 };

/* One of the tracks in the file. */
struct input_track {
	struct taker taker;
	struct mp4 *mp4;
	struct track *track;
	int stream;
	/* The one that is shown last so far, and what is decoded behind it. */
	AVPacket *held[HELD_MAX];
	size_t n_held;
};

struct mp4 {
	pthread_mutex_t lock; /* the threads of two tracks write one file */
	struct mp4_io io;
	struct log *log;
	AVFormatContext *format;
	struct input_track tracks[MP4_TRACKS_MAX];
	size_t count, open;
};

/* The host's own words for an output that cannot be written. */
static int fail(struct mp4 *mp4, int code, struct vm_error *err)
{
	if (mp4->io.failure.status == VM_OK)
		return error_of_ours(err, code, "write mp4", mp4->log);
	if (err != NULL)
		*err = mp4->io.failure;
	return mp4->io.failure.status;
}

static int write_packet(struct input_track *input, AVPacket *packet, int64_t duration,
                        struct vm_error *err)
{
	struct mp4 *mp4 = input->mp4;
	int code;

	packet->duration = duration;
	packet->stream_index = input->stream;
	av_packet_rescale_ts(packet, input->track->time_base,
	                     mp4->format->streams[input->stream]->time_base);
	packet->duration = FFMAX(packet->duration, 1);
	code = av_interleaved_write_frame(mp4->format, packet);
	av_packet_free(&packet);
	return code < 0 ? fail(mp4, code, err) : VM_OK;
}

/*
 * A packet lasts until the next one is decoded. The muxer takes that for how long
 * the picture is shown, and so the track for longer than it is where a long pause
 * is decoded early. Only the picture that is shown last tells it the end, and the
 * packet that is decoded last how long it lasts.
 */
static int write_held(struct input_track *input, int64_t end, struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < input->n_held; i++) {
		AVPacket *held = input->held[i];
		bool is_last = end != AV_NOPTS_VALUE && i + 1 == input->n_held;
		int64_t duration = is_last ? held->duration : 0;

		if (i == 0 && end != AV_NOPTS_VALUE)
			duration = FFMAX(duration, end - held->pts);
		if (status == VM_OK)
			status = write_packet(input, held, duration, err);
		else
			av_packet_free(&held);
	}
	input->n_held = 0;
	return status;
}

static int take(struct taker *taker, const AVPacket *packet, struct vm_error *err)
{
	struct input_track *input = (struct input_track *)(void *)taker;
	AVPacket *clone = av_packet_clone(packet);
	int status = VM_OK;

	if (clone == NULL)
		return vm_fail_memory(err);
	pthread_mutex_lock(&input->mp4->lock);
	if (input->n_held == HELD_MAX || (input->n_held > 0 && packet->pts > input->held[0]->pts))
		status = write_held(input, AV_NOPTS_VALUE, err);
	input->held[input->n_held++] = clone;
	pthread_mutex_unlock(&input->mp4->lock);
	return status;
}

static int close_file(struct mp4 *mp4, struct vm_error *err)
{
	int code = av_interleaved_write_frame(mp4->format, NULL);

	if (code < 0)
		return fail(mp4, code, err);
	mp4_io_closing(&mp4->io);
	/* It fails also when the index does not fit into its room: mp4_io_close finds another place. */
	code = av_write_trailer(mp4->format);
	if (code == AVERROR(ENOMEM))
		return vm_fail_memory(err);
	return mp4_io_close(&mp4->io, err);
}

static int end(struct taker *taker, int64_t time, struct vm_error *err)
{
	struct input_track *input = (struct input_track *)(void *)taker;
	struct mp4 *mp4 = input->mp4;
	int status;

	pthread_mutex_lock(&mp4->lock);
	status = write_held(input, time, err);
	if (--mp4->open == 0 && status == VM_OK)
		status = close_file(mp4, err);
	pthread_mutex_unlock(&mp4->lock);
	return status;
}

static int add(struct mp4 *mp4, struct track *track)
{
	struct input_track *input = &mp4->tracks[mp4->count];
	AVStream *stream;
	int code;

	if ((stream = avformat_new_stream(mp4->format, NULL)) == NULL)
		return AVERROR(ENOMEM);
	if ((code = avcodec_parameters_copy(stream->codecpar, track->parameters)) < 0)
		return code;
	stream->codecpar->codec_tag = 0;
	stream->time_base = track->time_base;
	if ((code = track_describe(track, stream)) < 0)
		return code;
	*input = (struct input_track){
	    .taker = {take, end}, .mp4 = mp4, .track = track, .stream = stream->index};
	mp4->count++;
	return 0;
}

static int write_header(struct mp4 *mp4)
{
	AVDictionary *options = NULL;
	int code = av_dict_set_int(&options, "moov_size", (int64_t)mp4->io.room, 0);

	if (code >= 0)
		code = avformat_write_header(mp4->format, &options);
	av_dict_free(&options);
	if (code >= 0)
		mp4_io_header_written(&mp4->io);
	return code;
}

int mp4_create(const struct mp4_want *want, struct track *const *tracks, size_t count,
               struct out *out, struct log *log, struct mp4 **created, struct vm_error *err)
{
	struct mp4 *mp4 = calloc(1, sizeof *mp4);
	int status, code = 0;

	if (mp4 == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&mp4->lock, NULL);
	mp4->log = log;
	if ((status = mp4_io_open(
	         &mp4->io, out, want->name, want->content_type,
	         mp4_io_room(want->duration_ms, want->frame_rate, want->even_rate, want->sounds),
	         err)) != VM_OK)
		goto fail;
	if (avformat_alloc_output_context2(&mp4->format, NULL, "mp4", NULL) < 0) {
		status = vm_fail_memory(err);
		goto fail;
	}
	mp4->format->pb = mp4->io.avio;
	mp4->format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
	mp4->format->max_chunk_duration = CHUNK_US;
	for (size_t i = 0; i < count && code >= 0; i++)
		code = add(mp4, tracks[i]);
	if (code < 0 || (code = write_header(mp4)) < 0) {
		status = fail(mp4, code, err);
		goto fail;
	}
	mp4->open = mp4->count;
	for (size_t i = 0; i < mp4->count; i++)
		track_add(mp4->tracks[i].track, &mp4->tracks[i].taker);
	*created = mp4;
	return VM_OK;

fail:
	mp4_destroy(mp4);
	return status;
}

void mp4_destroy(struct mp4 *mp4)
{
	if (mp4 == NULL)
		return;
	for (size_t i = 0; i < mp4->count; i++)
		for (size_t j = 0; j < mp4->tracks[i].n_held; j++)
			av_packet_free(&mp4->tracks[i].held[j]);
	avformat_free_context(mp4->format);
	mp4_io_finish(&mp4->io);
	pthread_mutex_destroy(&mp4->lock);
	free(mp4);
}
