/* output.h - one output being uploaded; shared by the files of the uploader. */
#ifndef WORKER_OUTPUT_H
#define WORKER_OUTPUT_H

#include "support/hash.h"
#include "support/pool.h"
#include "worker/kept.h"
#include "worker/uploader.h"

struct uploader {
	struct instance *storage;
	struct vm_storage_traits traits;
	const char *prefix;
	uint64_t output_bytes_most;
	struct cancel *cancel;
	struct pool *senders;
	struct part_budget budget;

	pthread_mutex_t lock; /* of all below, and of the members of outputs that say so */
	pthread_cond_t ended;
	struct output *first; /* that are not stored or aborted yet */
	size_t n_outputs, n_open;
	uint64_t bytes;
	json_t *names; /* an object used as a set */
	struct stored_output *stored;
	size_t n_stored;
	bool failed;
	struct vm_error error; /* the first one */
};

enum output_state { OUTPUT_OPEN = 1, OUTPUT_CLOSED = 2, OUTPUT_DROPPED = 3 };

struct output {
	struct uploader *uploader;
	struct manifest_output manifest; /* name, type; bytes and hash in the end */
	char key[VM_KEY_MAX];
	uint64_t head_bytes;
	struct hash *hash;             /* NULL where the head may change: then it is read back */
	struct part_buffer head;       /* part one, full and kept back; empty where it is not */
	struct part_buffer part;       /* the one that is growing */
	struct kept *kept;             /* what was sent of it; NULL where the store is near */
	char upload[VM_UPLOAD_ID_MAX]; /* empty: not begun */

	/* under the uploader's lock */
	enum output_state state;
	unsigned pending; /* parts being sent, and one for whoever writes */
	struct vm_part *parts;
	uint32_t n_parts;
	struct output *next, **link;
};

/* Remembers the first error of all; returns its status. */
int uploader_fail(struct uploader *uploader, int status, const struct vm_error *error);
bool uploader_has_failed(struct uploader *uploader);

/* Hands a full part to the senders. */
int output_send_part(struct output *output, struct part_buffer *buffer, uint32_t number,
                     struct vm_error *err);
/* One of the pending is done; the last one stores or aborts the output and frees it. */
void output_release(struct output *output);

/* An output whose hash is not known in the end is read back in pieces of this size. */
#define OUTPUT_READ_BACK_BYTES (4u << 20)

/* output_store.c: makes it an object, and fills in length and hash. */
int output_store(struct output *output, struct vm_object *object, struct vm_error *err);

#endif
