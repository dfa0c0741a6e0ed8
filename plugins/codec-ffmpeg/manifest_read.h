/* manifest_read.h - a manifest of DASH is read again, as a player would. */
#ifndef CODEC_FFMPEG_MANIFEST_READ_H
#define CODEC_FFMPEG_MANIFEST_READ_H

#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

enum { MANIFEST_RENDITIONS_MAX = 128, MANIFEST_NAME_MAX = 128 };

struct manifest_rendition {
	char name[MANIFEST_NAME_MAX];
	size_t segments; /* 0: it is one file */
};

struct manifest_facts {
	int64_t duration_us;
	size_t count;
	struct manifest_rendition renditions[MANIFEST_RENDITIONS_MAX];
};

/* VM_ERR_BAD_DATA says what is wrong with it. */
int manifest_read(const char *text, size_t length, struct manifest_facts *out,
                  struct vm_error *err);

#endif
