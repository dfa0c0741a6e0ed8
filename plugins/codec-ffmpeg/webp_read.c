/* webp_read.c - a WebP taken apart into its pictures. */
#include "webp_read.h"

#include <string.h>

#include <libavutil/intreadwrite.h>

enum { CHUNK_HEAD = 8, RIFF_HEAD = 12, FRAME_HEAD = 16, CANVAS_BYTES = 10, MOVES = 2 };

struct chunk {
	const uint8_t *head, *data;
	size_t length, whole;
};

static int broken(struct vm_error *err, const char *what)
{
	return vm_fail(err, VM_ERR_BAD_DATA, "webp: %s", what);
}

static bool is(const struct chunk *chunk, const char *type)
{
	return memcmp(chunk->head, type, 4) == 0;
}

static bool is_image(const struct chunk *chunk)
{
	return is(chunk, "VP8 ") || is(chunk, "VP8L");
}

/* Chunks are filled up to an even length. */
static bool next_chunk(const uint8_t **at, size_t *left, struct chunk *chunk)
{
	if (*left < CHUNK_HEAD)
		return false;
	chunk->head = *at;
	chunk->data = *at + CHUNK_HEAD;
	chunk->length = AV_RL32(*at + 4);
	chunk->whole = CHUNK_HEAD + chunk->length + (chunk->length & 1);
	if (chunk->whole > *left)
		return false;
	*at += chunk->whole;
	*left -= chunk->whole;
	return true;
}

static int read_frame(const struct chunk *chunk, const struct webp_facts *canvas,
                      struct webp_frame *out, struct vm_error *err)
{
	const uint8_t *at = chunk->data;
	size_t left = chunk->length;
	struct chunk image;

	if (left < FRAME_HEAD)
		return broken(err, "a frame is cut off");
	*out = (struct webp_frame){.x = (int)AV_RL24(at) * 2,
	                           .y = (int)AV_RL24(at + 3) * 2,
	                           .width = (int)AV_RL24(at + 6) + 1,
	                           .height = (int)AV_RL24(at + 9) + 1,
	                           .duration_ms = (int)AV_RL24(at + 12)};
	if (out->x + out->width > canvas->width || out->y + out->height > canvas->height)
		return broken(err, "a frame lies beside the picture");
	at += FRAME_HEAD;
	left -= FRAME_HEAD;
	while (next_chunk(&at, &left, &image))
		if (is_image(&image)) {
			out->image = image.head;
			out->length = image.whole;
			return VM_OK;
		}
	return broken(err, "a frame without a picture");
}

static int read_canvas(const struct chunk *chunk, struct webp_facts *out, struct vm_error *err)
{
	if (chunk->length < CANVAS_BYTES || (chunk->data[0] & MOVES) == 0)
		return broken(err, "it does not say that it moves");
	out->moves = true;
	out->width = (int)AV_RL24(chunk->data + 4) + 1;
	out->height = (int)AV_RL24(chunk->data + 7) + 1;
	return VM_OK;
}

int webp_read(const uint8_t *bytes, size_t length, struct webp_facts *out,
              int (*emit)(void *ctx, const struct webp_frame *frame, struct vm_error *err),
              void *ctx, struct vm_error *err)
{
	const uint8_t *at = bytes + RIFF_HEAD;
	size_t left = length - RIFF_HEAD;
	struct webp_frame frame;
	struct chunk chunk;
	int status;

	memset(out, 0, sizeof *out);
	if (length < RIFF_HEAD || memcmp(bytes, "RIFF", 4) != 0 || memcmp(bytes + 8, "WEBP", 4) != 0 ||
	    AV_RL32(bytes + 4) != length - CHUNK_HEAD || !next_chunk(&at, &left, &chunk))
		return broken(err, "its first bytes say something else");
	if (is_image(&chunk)) {
		frame = (struct webp_frame){.image = chunk.head, .length = chunk.whole};
		out->frames = 1;
		return left > 0 ? broken(err, "something is behind the picture") : emit(ctx, &frame, err);
	}
	if (!is(&chunk, "VP8X"))
		return broken(err, "no picture comes first");
	if ((status = read_canvas(&chunk, out, err)) != VM_OK)
		return status;
	while (next_chunk(&at, &left, &chunk)) {
		if (!is(&chunk, "ANMF"))
			continue;
		if ((status = read_frame(&chunk, out, &frame, err)) != VM_OK ||
		    (status = emit(ctx, &frame, err)) != VM_OK)
			return status;
		out->frames++;
		out->duration_ms += frame.duration_ms;
	}
	return left > 0 || out->frames == 0 ? broken(err, "it is cut off") : VM_OK;
}
