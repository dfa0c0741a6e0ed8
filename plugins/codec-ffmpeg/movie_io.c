/* movie_io.c - a muxer writes one output through this: front to back, its index last of all. */
#include "movie_io.h"

#include <stdlib.h>
#include <string.h>

#include <libavutil/error.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>

#define BUFFER_BYTES (256 << 10)
#define ROOM_MIN (16 << 10)
#define ROOM_MAX (8 << 20)
/* In front of the room MP4 has a box of 32 bytes, WebM all that it says of its tracks. */
#define AROUND_ROOM (8 << 10)
/* An entry of WebM's index has 24 bytes at the most (time, track, two places). */
#define CUE_BYTES 24
#define CUES_UNKNOWN 2000
#define BEHIND_ROOM 16

uint64_t movie_io_moov_room(uint64_t duration_ms, double frame_rate, bool even_rate, size_t sounds)
{
	/* A picture: its size and the offset of its time; its duration too when they differ. */
	double per_picture = even_rate ? 12 : 20;
	/* Sound has up to 47 packets a second, and two chunks of each kind begin in it. */
	double per_second = frame_rate * per_picture + 2 * 20 + (double)sounds * (47 * 4 + 2 * 20);
	double room = ROOM_MIN + per_second * 1.05 * (double)duration_ms / 1000;

	return room < ROOM_MAX ? (uint64_t)room : ROOM_MAX;
}

uint64_t movie_io_cues_room(uint64_t duration_ms, uint64_t keyframe_ms)
{
	uint64_t cues = duration_ms > 0 ? 2 + duration_ms / keyframe_ms * 21 / 20 : CUES_UNKNOWN;
	uint64_t room = ROOM_MIN / 16 + cues * CUE_BYTES;

	return room < ROOM_MAX ? room : ROOM_MAX;
}

/* The muxer writes the index in pieces, and goes back to fill in lengths. */
static int catch_index(struct movie_io *io, const uint8_t *bytes, size_t length)
{
	size_t at = (size_t)(io->position - io->room_at);

	if (at + length > io->index_capacity) {
		size_t capacity = (at + length) * 2;
		uint8_t *index = realloc(io->index, capacity);

		if (index == NULL)
			return vm_fail_memory(&io->failure);
		io->index = index;
		io->index_capacity = capacity;
	}
	if (at > io->index_length)
		memset(io->index + io->index_length, 0, at - io->index_length);
	memcpy(io->index + at, bytes, length);
	if (at + length > io->index_length)
		io->index_length = at + length;
	return VM_OK;
}

/* The muxer leaves the room open by seeking over it. */
static int fill_up(struct movie_io *io)
{
	static const uint8_t zeros[4096];
	int status = VM_OK;

	while (io->length < io->position && status == VM_OK) {
		uint64_t rest = io->position - io->length;
		size_t piece = rest < sizeof zeros ? (size_t)rest : sizeof zeros;

		status = out_append(io->out, io->output, zeros, piece, &io->failure);
		io->length += piece;
	}
	return status;
}

static int put(struct movie_io *io, const uint8_t *bytes, size_t length)
{
	uint64_t back = io->position < io->length ? io->length - io->position : 0;
	size_t again = back < length ? (size_t)back : length;
	int status = fill_up(io);

	if (status == VM_OK && again > 0)
		status = io->output->rewrite(io->output, io->position, bytes, again, &io->failure);
	if (status == VM_OK && again < length) {
		status = out_append(io->out, io->output, bytes + again, length - again, &io->failure);
		io->length += length - again;
	}
	return status;
}

static int write_packet(void *opaque, uint8_t *bytes, int length)
{
	struct movie_io *io = opaque;
	int status;

	if (io->failure.status != VM_OK)
		return AVERROR(EIO);
	if (io->closing && io->position == io->room_at)
		io->catching = true;
	status = io->catching ? catch_index(io, bytes, (size_t)length) : put(io, bytes, (size_t)length);
	if (status != VM_OK)
		return AVERROR(EIO);
	io->position += (uint64_t)length;
	return length;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
	struct movie_io *io = opaque;

	if (whence == AVSEEK_SIZE)
		return (int64_t)io->length;
	if (whence != SEEK_SET || offset < 0)
		return AVERROR(EINVAL);
	io->position = (uint64_t)offset;
	return offset;
}

int movie_io_open(struct movie_io *io, struct out *out, const char *name, const char *content_type,
                  uint64_t room, struct vm_error *err)
{
	struct vm_output_want want = {name, content_type, room + AROUND_ROOM};
	uint8_t *buffer = av_malloc(BUFFER_BYTES);

	memset(io, 0, sizeof *io);
	io->out = out;
	io->room = room;
	if (buffer == NULL)
		return vm_fail_memory(err);
	io->avio = avio_alloc_context(buffer, BUFFER_BYTES, 1, io, NULL, write_packet, seek);
	if (io->avio == NULL) {
		av_free(buffer);
		return vm_fail_memory(err);
	}
	return out->outputs->open(out->outputs, &want, &io->output, err);
}

void movie_io_finish(struct movie_io *io)
{
	if (io->avio != NULL)
		av_freep(&io->avio->buffer);
	avio_context_free(&io->avio);
	free(io->index);
	io->index = NULL;
}

void movie_io_header_written(struct movie_io *io)
{
	avio_flush(io->avio);
	io->room_at = io->length - BEHIND_ROOM - io->room;
}

void movie_io_closing(struct movie_io *io)
{
	avio_flush(io->avio);
	io->closing = true;
}

/* The length of the index alone: behind it the muxer fills the room up. */
static size_t index_box(const struct movie_io *io)
{
	uint32_t length = io->index_length >= 8 ? AV_RB32(io->index) : 0;

	if (length < 8 || length > io->index_length || memcmp(io->index + 4, "moov", 4) != 0)
		return 0;
	return length;
}

static int put_behind(struct movie_io *io, size_t index, struct vm_error *err)
{
	uint8_t room[8];
	int status;

	AV_WB32(room, (uint32_t)io->room);
	memcpy(room + 4, "free", 4);
	status = io->output->rewrite(io->output, io->room_at, room, sizeof room, err);
	return status == VM_OK ? out_append(io->out, io->output, io->index, index, err) : status;
}

int movie_io_close(struct movie_io *io, struct vm_error *err)
{
	size_t index;
	int status;

	avio_flush(io->avio);
	if (io->failure.status != VM_OK) {
		if (err != NULL)
			*err = io->failure;
		return io->failure.status;
	}
	if (!io->closing)
		return io->output->close(io->output, err);
	if ((index = index_box(io)) == 0)
		return vm_fail(err, VM_ERR_BUG, "write mp4: the muxer left no index");
	if (io->index_length == io->room)
		status = io->output->rewrite(io->output, io->room_at, io->index, io->index_length, err);
	else
		status = put_behind(io, index, err);
	return status == VM_OK ? io->output->close(io->output, err) : status;
}
