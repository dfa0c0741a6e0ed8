/* image.h - a small file that an option names, read before there are no files any more. */
#ifndef CODEC_FFMPEG_IMAGE_H
#define CODEC_FFMPEG_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

/* Zero is empty. */
struct image {
	uint8_t *bytes;
	size_t length;
};

/* VM_ERR_CONFIG, with the path, when it cannot be read or is larger than a logo is. */
int image_read(struct image *image, const char *path, struct vm_error *err);
void image_finish(struct image *image);

#endif
