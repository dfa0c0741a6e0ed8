/* cues_read.h - a WebVTT file is read again, as strictly as its specification has it. */
#ifndef CODEC_FFMPEG_CUES_READ_H
#define CODEC_FFMPEG_CUES_READ_H

#include <stddef.h>
#include <stdint.h>

#include <vidmill/status.h>

struct cues_facts {
	size_t cues;
	int64_t end_ms; /* of the last one that ends */
};

/* VM_ERR_BAD_DATA says what is wrong with it, and in which line. */
int cues_read(const char *text, size_t length, struct cues_facts *out, struct vm_error *err);

#endif
