/* uploader.h - the outputs of one attempt, on their way into the storage while they are made. */
#ifndef WORKER_UPLOADER_H
#define WORKER_UPLOADER_H

#include "plugin/storage.h"
#include "support/cancel.h"
#include "video/manifest.h"

/*
 * Outputs grow in parts, which are sent in parallel while the encoder goes on;
 * an output below one part is one put, at its close. Of an output whose head may
 * be rewritten part one is sent last, so that an index stands in front without a
 * second pass. Memory is bounded over all outputs: a write waits for parts that
 * are being sent. Everything is written if-absent under the attempt's own prefix.
 */
struct uploader;
struct output;

#define UPLOADER_MEMORY_BYTES (256u << 20)
#define UPLOADER_OPEN_MOST 256
#define UPLOADER_OUTPUTS_MOST 100000

struct uploader_want {
	struct instance *storage;
	const char *prefix;         /* "processed/<video>/1-1-<nonce>/", borrowed */
	uint64_t output_bytes_most; /* all outputs together; 0: no limit */
	size_t memory_bytes;        /* UPLOADER_MEMORY_BYTES */
	struct cancel *cancel;
};

int uploader_create(const struct uploader_want *want, struct uploader **out, struct vm_error *err);
/* Aborts what is not closed. Accepts NULL. */
void uploader_destroy(struct uploader *uploader);

/*
 * [any thread] Begins "<stage>/<name>". VM_ERR_BAD_DATA: a name that may not be
 * given, or was given before; VM_ERR_UNSUPPORTED: a head that does not fit into
 * part one; VM_ERR_LIMIT: too many outputs. When an earlier output failed, its
 * error: nothing can come of this attempt any more.
 */
int uploader_open(struct uploader *uploader, const char *stage, const char *name,
                  const char *content_type, uint64_t head_bytes, struct output **out,
                  struct vm_error *err);

/* [one thread at a time for each output] */
int output_write(struct output *output, const void *bytes, size_t length, struct vm_error *err);
int output_rewrite(struct output *output, uint64_t offset, const void *bytes, size_t length,
                   struct vm_error *err);
/* Complete; the rest happens behind it and is answered for by uploader_drain. */
void output_close(struct output *output);

/*
 * Aborts what was not closed, waits for the rest, and says whether every output
 * that was closed is stored. No call on an output may be in progress.
 */
int uploader_drain(struct uploader *uploader, struct vm_error *err);

struct stored_output {
	struct manifest_output manifest;
	char etag[VM_ETAG_MAX];
	struct kept *kept; /* the uploader's; NULL where the store is near */
};

/* After a drain: what is stored, ordered by name; valid until the next open. */
const struct stored_output *uploader_stored(const struct uploader *uploader, size_t *count);

/* The most memory that parts ever took. */
size_t uploader_memory_most(struct uploader *uploader);

/* What it takes at the most beside memory_bytes: for the hashes of outputs, and for its lists. */
uint64_t uploader_hashing_bytes_most(void);
uint64_t uploader_lists_bytes_most(void);

/* How large part `number` is: growing, so that parts_max of them hold any object. */
uint64_t uploader_part_bytes(const struct vm_storage_traits *traits, uint32_t number);

#endif
