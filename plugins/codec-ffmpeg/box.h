/* box.h - boxes of MP4 (ISO/IEC 14496-12) that lie in memory. */
#ifndef CODEC_FFMPEG_BOX_H
#define CODEC_FFMPEG_BOX_H

#include <stddef.h>
#include <stdint.h>

enum { BOX_HEAD = 8, FULL_BOX_HEAD = 12 };

/* Borrowed; empty: there is none. */
struct span {
	const uint8_t *bytes;
	size_t length;
};

/* Pure. The first box of that type among the boxes of `in`, with its head. */
struct span box_find(struct span in, const char *type);

/* Pure. What is behind the first `head` bytes. */
struct span box_inside(struct span box, size_t head);

/* Pure. Behind the heads of all: box_find_at(file, "moov/trak/mdia") is the media of the first. */
struct span box_find_at(struct span in, const char *path);

#endif
