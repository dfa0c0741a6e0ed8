/* manifest_read.h - a manifest of DASH is read again, as a player would. */
#ifndef CODEC_FFMPEG_MANIFEST_READ_H
#define CODEC_FFMPEG_MANIFEST_READ_H

#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

struct manifest_facts {
	size_t representations;
	int64_t duration_us;
};

/* VM_ERR_BAD_DATA says what is wrong with it. */
int manifest_read(const char *text, size_t length, struct manifest_facts *out,
                  struct vm_error *err);

#endif
