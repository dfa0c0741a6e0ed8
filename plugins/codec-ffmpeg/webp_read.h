/* webp_read.h - a WebP taken apart into its pictures. */
#ifndef CODEC_FFMPEG_WEBP_READ_H
#define CODEC_FFMPEG_WEBP_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

struct webp_frame {
	int x, y, width, height; /* 0 in one that does not move: the picture itself knows */
	int duration_ms;
	const uint8_t *image; /* its chunk of VP8 or VP8L, head included; points into the file */
	size_t length;
};

struct webp_facts {
	bool moves;
	int width, height; /* of all, when it moves */
	size_t frames;
	int64_t duration_ms;
};

/*
 * Pure. Calls `emit` for each picture in turn, and says what is wrong with
 * VM_ERR_BAD_DATA. A failure of `emit` ends it and is passed on.
 */
int webp_read(const uint8_t *bytes, size_t length, struct webp_facts *out,
              int (*emit)(void *ctx, const struct webp_frame *frame, struct vm_error *err),
              void *ctx, struct vm_error *err);

#endif
