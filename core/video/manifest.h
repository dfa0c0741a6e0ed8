/* manifest.h - the list of an attempt's outputs, written last: what makes them visible. */
#ifndef VIDEO_MANIFEST_H
#define VIDEO_MANIFEST_H

#include "video/video.h"

struct manifest_output {
	char name[256]; /* "web/720p/segment-00001.m4s": below the attempt's prefix */
	char content_type[128];
	char sha256[VIDEO_HASH_MAX];
	uint64_t bytes;
};

struct manifest {
	char video[VIDEO_ID_MAX];
	uint64_t generation, epoch;
	char nonce[VIDEO_NONCE_MAX];
	char source_etag[VM_ETAG_MAX];
	uint64_t source_bytes;
	json_t *source;  /* what probe said of it; owned; may be NULL */
	json_t *reports; /* an object: each stage's report by its name; owned; may be NULL */
	struct manifest_output *outputs; /* owned; ordered by name */
	size_t n_outputs;
};

void manifest_finish(struct manifest *manifest);
int manifest_add(struct manifest *manifest, const struct manifest_output *output,
                 struct vm_error *err);

char *manifest_write(const struct manifest *manifest); /* free(); NULL: out of memory */
/* VM_ERR_BAD_DATA names the member. `out` must be finished also after a failure. */
int manifest_read(const void *text, size_t length, struct manifest *out, struct vm_error *err);

const struct manifest_output *manifest_find(const struct manifest *manifest, const char *name);

#endif
