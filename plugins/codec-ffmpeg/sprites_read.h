/* sprites_read.h - sprites.vtt read again: which tile of which sheet is shown when. */
#ifndef CODEC_FFMPEG_SPRITES_READ_H
#define CODEC_FFMPEG_SPRITES_READ_H

#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

struct tile_facts {
	size_t cues;
	int width, height; /* of all tiles */
	int64_t end_ms;
};

/*
 * Pure. Cues follow each other from 0 without a gap, and show tiles of one size
 * one after the other, in sheets of so many; VM_ERR_BAD_DATA says what does not.
 */
int sprites_read(const char *text, size_t length, size_t columns, size_t rows,
                 struct tile_facts *out, struct vm_error *err);

#endif
