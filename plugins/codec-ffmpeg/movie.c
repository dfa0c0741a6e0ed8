/* movie.c - a progressive MP4 or WebM: pictures and sounds, its index in front. */
#include "movie.h"

#include <stdlib.h>

#include <libavformat/avformat.h>

#include "error.h"
#include "movie_io.h"

/* Longer chunks of each kind make a smaller index; a player reads both kinds side by side. */
#define CHUNK_US 500000

/* More than any encoder decodes before it shows. */
enum { HELD_MAX = 32 };

/* One of the tracks in the file. */
struct input_track {
	struct taker taker;
	struct movie *movie;
	struct track *track;
	int stream;
	/* The one that is shown last so far, and what is decoded behind it. */
	AVPacket *held[HELD_MAX];
	size_t n_held;
};

struct movie {
	bool webm;
	pthread_mutex_t lock; /* the threads of two tracks write one file */
	struct movie_io io;
	struct log *log;
	AVFormatContext *format;
	struct input_track tracks[MOVIE_TRACKS_MAX];
	size_t count, open;
};

/* The host's own words for an output that cannot be written. */
static int fail(struct movie *movie, int code, struct vm_error *err)
{
	if (movie->io.failure.status == VM_OK)
		return error_of_ours(err, code, movie->webm ? "write webm" : "write mp4", movie->log);
	if (err != NULL)
		*err = movie->io.failure;
	return movie->io.failure.status;
}

static int write_packet(struct input_track *input, AVPacket *packet, int64_t duration,
                        struct vm_error *err)
{
	struct movie *movie = input->movie;
	int code;

	packet->duration = duration;
	packet->stream_index = input->stream;
	av_packet_rescale_ts(packet, input->track->time_base,
	                     movie->format->streams[input->stream]->time_base);
	packet->duration = FFMAX(packet->duration, 1);
	code = av_interleaved_write_frame(movie->format, packet);
	av_packet_free(&packet);
	return code < 0 ? fail(movie, code, err) : VM_OK;
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
	pthread_mutex_lock(&input->movie->lock);
	if (input->n_held == HELD_MAX || (input->n_held > 0 && packet->pts > input->held[0]->pts))
		status = write_held(input, AV_NOPTS_VALUE, err);
	input->held[input->n_held++] = clone;
	pthread_mutex_unlock(&input->movie->lock);
	return status;
}

static int close_file(struct movie *movie, struct vm_error *err)
{
	int code = av_interleaved_write_frame(movie->format, NULL);

	if (code < 0)
		return fail(movie, code, err);
	if (!movie->webm)
		movie_io_closing(&movie->io);
	/* It fails also when the index does not fit into its room: of MP4 movie_io_close finds another
	 * place, and WebM does without. */
	code = av_write_trailer(movie->format);
	if (code == AVERROR(ENOMEM))
		return vm_fail_memory(err);
	return movie_io_close(&movie->io, err);
}

static int end(struct taker *taker, int64_t time, struct vm_error *err)
{
	struct input_track *input = (struct input_track *)(void *)taker;
	struct movie *movie = input->movie;
	int status;

	pthread_mutex_lock(&movie->lock);
	status = write_held(input, time, err);
	if (--movie->open == 0 && status == VM_OK)
		status = close_file(movie, err);
	pthread_mutex_unlock(&movie->lock);
	return status;
}

static int add(struct movie *movie, struct track *track)
{
	struct input_track *input = &movie->tracks[movie->count];
	AVStream *stream;
	int code;

	if ((code = track_add_stream(track, movie->format, &stream)) < 0)
		return code;
	*input = (struct input_track){
	    .taker = {take, end}, .movie = movie, .track = track, .stream = stream->index};
	movie->count++;
	return 0;
}

static uint64_t room_for(const struct movie_want *want)
{
	return want->webm ? movie_io_cues_room(want->duration_ms, want->keyframe_ms)
	                  : movie_io_moov_room(want->duration_ms, want->frame_rate, want->even_rate,
	                                       want->sounds);
}

static int write_header(struct movie *movie)
{
	AVDictionary *options = NULL;
	int code = av_dict_set_int(&options, movie->webm ? "reserve_index_space" : "moov_size",
	                           (int64_t)movie->io.room, 0);

	if (code >= 0)
		code = avformat_write_header(movie->format, &options);
	av_dict_free(&options);
	if (code >= 0 && !movie->webm)
		movie_io_header_written(&movie->io);
	return code;
}

int movie_create(const struct movie_want *want, struct track *const *tracks, size_t count,
                 struct out *out, struct log *log, struct movie **created, struct vm_error *err)
{
	struct movie *movie = calloc(1, sizeof *movie);
	int status, code = 0;

	if (movie == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&movie->lock, NULL);
	movie->log = log;
	movie->webm = want->webm;
	if ((status = movie_io_open(&movie->io, out, want->name, want->content_type, room_for(want),
	                            err)) != VM_OK)
		goto fail;
	if (avformat_alloc_output_context2(&movie->format, NULL, want->webm ? "webm" : "mp4", NULL) <
	    0) {
		status = vm_fail_memory(err);
		goto fail;
	}
	movie->format->pb = movie->io.avio;
	movie->format->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
	movie->format->max_chunk_duration = CHUNK_US;
	/* What Opus puts in front WebM counts by itself: it must not make all others later. */
	if (movie->webm)
		movie->format->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
	for (size_t i = 0; i < count && code >= 0; i++)
		code = add(movie, tracks[i]);
	if (code < 0 || (code = write_header(movie)) < 0) {
		status = fail(movie, code, err);
		goto fail;
	}
	movie->open = movie->count;
	for (size_t i = 0; i < movie->count; i++)
		track_add(movie->tracks[i].track, &movie->tracks[i].taker);
	*created = movie;
	return VM_OK;

fail:
	movie_destroy(movie);
	return status;
}

void movie_destroy(struct movie *movie)
{
	if (movie == NULL)
		return;
	for (size_t i = 0; i < movie->count; i++)
		for (size_t j = 0; j < movie->tracks[i].n_held; j++)
			av_packet_free(&movie->tracks[i].held[j]);
	avformat_free_context(movie->format);
	movie_io_finish(&movie->io);
	pthread_mutex_destroy(&movie->lock);
	free(movie);
}
