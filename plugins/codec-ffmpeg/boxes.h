/* boxes.h - the outermost boxes of an ISO base media file. */
#ifndef CODEC_FFMPEG_BOXES_H
#define CODEC_FFMPEG_BOXES_H

#include <vidmill/stream.h>

struct box {
	char type[5];
	uint64_t offset, bytes;
};

/* Reads the box at `offset`; VM_ERR_BAD_DATA when it does not lie within the source. */
int box_read(struct vm_source *source, uint64_t offset, struct box *out, const struct vm_call *call,
             struct vm_error *err);

/*
 * The types of all boxes, joined by blanks, "ftyp moov"; a type that follows
 * itself is told once. VM_ERR_BAD_DATA when they do not fill the source exactly.
 */
int boxes_list(struct vm_source *source, char *text, size_t size, const struct vm_call *call,
               struct vm_error *err);

#endif
