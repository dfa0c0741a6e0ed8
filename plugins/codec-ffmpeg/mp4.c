/* mp4.c - a progressive MP4: pictures and sounds, index in front. */
#include "mp4.h"

#include <stdlib.h>

#include <libavformat/avformat.h>

#include "error.h"
#include "mp4_io.h"

/* Longer chunks of each kind make a smaller index; a player reads both kinds side by side. */
#define CHUNK_US 500000

/* One of the tracks in the file. */
struct input_track {
	struct taker taker;
	struct mp4 *mp4;
	struct track *track;
	int stream;
};

struct mp4 {
	pthread_mutex_t lock; /* the threads of two tracks write one file */
	struct mp4_io io;
	struct log *log;
	AVFormatContext *format;
	AVPacket *packet;
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

static int take(struct taker *taker, const AVPacket *packet, struct vm_error *err)
{
	struct input_track *input = (struct input_track *)(void *)taker;
	struct mp4 *mp4 = input->mp4;
	int status = VM_OK, code;

	pthread_mutex_lock(&mp4->lock);
	if ((code = av_packet_ref(mp4->packet, packet)) >= 0) {
		mp4->packet->stream_index = input->stream;
		av_packet_rescale_ts(mp4->packet, input->track->time_base,
		                     mp4->format->streams[input->stream]->time_base);
		code = av_interleaved_write_frame(mp4->format, mp4->packet);
		av_packet_unref(mp4->packet);
	}
	if (code < 0)
		status = fail(mp4, code, err);
	pthread_mutex_unlock(&mp4->lock);
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
	struct mp4 *mp4 = ((struct input_track *)(void *)taker)->mp4;
	int status = VM_OK;

	(void)time;
	pthread_mutex_lock(&mp4->lock);
	if (--mp4->open == 0)
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
	*input = (struct input_track){{take, end}, mp4, track, stream->index};
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
	if ((mp4->packet = av_packet_alloc()) == NULL ||
	    avformat_alloc_output_context2(&mp4->format, NULL, "mp4", NULL) < 0) {
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
	av_packet_free(&mp4->packet);
	avformat_free_context(mp4->format);
	mp4_io_finish(&mp4->io);
	pthread_mutex_destroy(&mp4->lock);
	free(mp4);
}
