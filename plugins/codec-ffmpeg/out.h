/* out.h - the host's outputs under the limit of bytes that all of them share. */
#ifndef CODEC_FFMPEG_OUT_H
#define CODEC_FFMPEG_OUT_H

#include <stdatomic.h>

#include <vidmill/codec.h>

enum { OUT_NAME_MAX = 128 };

/* [any thread] */
struct out {
	struct vm_outputs *outputs;
	uint64_t limit; /* 0: none */
	atomic_uint_least64_t bytes;
};

void out_init(struct out *out, const struct vm_codec_job *job);

/* Appends to one output, and counts. */
int out_append(struct out *out, struct vm_output *output, const void *bytes, size_t length,
               struct vm_error *err);

/* A whole output at once. */
int out_put(struct out *out, const char *name, const char *content_type, const void *bytes,
            size_t length, struct vm_error *err);

/* The same of a text from malloc, which is freed; NULL: there was no memory for it. */
int out_put_text(struct out *out, const char *name, const char *content_type, char *text,
                 struct vm_error *err);

#endif
