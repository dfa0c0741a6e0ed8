/* movie_io.h - a muxer writes one output through this: front to back, its index last of all. */
#ifndef CODEC_FFMPEG_MOVIE_IO_H
#define CODEC_FFMPEG_MOVIE_IO_H

#include <libavformat/avio.h>

#include "out.h"

/*
 * A progressive file that is read from a network needs its index in front of the
 * pictures, but the index is known last. So room is kept for it in the output's
 * rewritable head. The muxer of WebM fills it by itself, when it fits. That of MP4
 * is helped: its index is caught in memory and written there when it fits, and
 * behind everything when it does not: then the room is a box that says it is free,
 * and the file is just as legal.
 */
struct movie_io {
	AVIOContext *avio;
	struct out *out;
	struct vm_output *output;
	uint64_t room_at, room; /* kept for the index; of MP4 its place is known after the header */
	uint64_t position, length;
	/* Why writing failed, which FFmpeg would only tell as an error of I/O. */
	struct vm_error failure;
	/* From the moment that the muxer goes back to room_at. */
	bool closing, catching;
	uint8_t *index;
	size_t index_length, index_capacity;
};

/* Pure. The room for the index of a file of that length, in bytes; bounded. */
uint64_t movie_io_moov_room(uint64_t duration_ms, double frame_rate, bool even_rate, size_t sounds);

/* Pure. The same of a WebM, by its keyframes. */
uint64_t movie_io_cues_room(uint64_t duration_ms, uint64_t keyframe_ms);

int movie_io_open(struct movie_io *io, struct out *out, const char *name, const char *content_type,
                  uint64_t room, struct vm_error *err);
void movie_io_finish(struct movie_io *io);

/* The muxer of MP4 has written its header, of which the last 16 bytes stand behind the room. */
void movie_io_header_written(struct movie_io *io);

/* From now on the muxer writes its index, which is caught. Not for WebM. */
void movie_io_closing(struct movie_io *io);

/* Puts the index where it belongs and closes the output. */
int movie_io_close(struct movie_io *io, struct vm_error *err);

#endif
