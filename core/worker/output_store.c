/* output_store.c - turns what was written into one stored object, and knows its hash. */
#include <stdlib.h>
#include <string.h>

#include "support/call.h"
#include "support/crash_point.h"
#include "support/retry.h"
#include "worker/output.h"

enum { READ_BACK_BYTES = 4 << 20 };

/* The SHA-256 of a stored object, by reading it. */
static int read_back(struct output *output, const struct vm_object *object,
                     char text[HASH_TEXT_MAX], struct vm_error *err)
{
	struct instance *storage = output->uploader->storage;
	unsigned char *bytes = malloc(READ_BACK_BYTES);
	struct hash *hash = NULL;
	uint64_t offset = 0;
	struct call call;
	size_t got;
	int status;

	if (bytes == NULL)
		return vm_fail_memory(err);
	status = hash_create(&hash, err);
	call_init(&call, output->uploader->cancel, 0);
	while (status == VM_OK && offset < object->bytes) {
		status = storage_read_at(storage, output->key, object->etag, offset, bytes, READ_BACK_BYTES,
		                         &got, &call.vm, err);
		if (status == VM_OK && got == 0)
			status = vm_fail(err, VM_ERR_UNAVAILABLE, "read %s: it ends after %llu of %llu bytes",
			                 output->key, (unsigned long long)offset,
			                 (unsigned long long)object->bytes);
		if (status == VM_OK)
			status = hash_add(hash, bytes, got, err);
		offset += status == VM_OK ? got : 0;
	}
	if (status == VM_OK)
		status = hash_text(hash, text, err);
	hash_destroy(hash);
	free(bytes);
	return status;
}

/* The whole output, where it is one buffer and no part was sent; NULL where it is not. */
static const struct part_buffer *whole(const struct output *output)
{
	if (output->upload[0] != '\0')
		return NULL;
	return output->head.length > 0 ? &output->head : &output->part;
}

static int write_object(struct output *output, struct vm_object *object, struct vm_error *err)
{
	struct uploader *uploader = output->uploader;
	const struct part_buffer *buffer = whole(output);
	const unsigned char none[1] = {0}; /* an empty object has an address too */
	struct vm_put put = {
	    .key = output->key, .content_type = output->manifest.content_type, .if_absent = true};
	struct call call;

	call_init(&call, uploader->cancel, 0);
	if (buffer != NULL)
		return storage_put(uploader->storage, &put, buffer->bytes != NULL ? buffer->bytes : none,
		                   buffer->length, object, &call.vm, err);
	return storage_upload_commit(uploader->storage, &put, output->upload, output->parts,
	                             output->n_parts, object, &call.vm, err);
}

/*
 * A write that was counted as failed may have happened. Nobody else writes under
 * this attempt's nonce, so an object of our length and hash is ours; the hash of
 * a head that was rewritten is not known yet, and then the length decides.
 */
static int settle(struct output *output, struct vm_object *object, struct vm_error *err)
{
	const char *expected = output->manifest.sha256;
	char found[HASH_TEXT_MAX];
	struct vm_error other;
	struct call call;

	call_init(&call, output->uploader->cancel, 0);
	if (storage_stat(output->uploader->storage, output->key, object, &call.vm, &other) != VM_OK ||
	    object->bytes != output->manifest.bytes)
		return err->status;
	if (expected[0] != '\0' &&
	    (read_back(output, object, found, &other) != VM_OK || !hash_equal(found, expected)))
		return err->status;
	return VM_OK;
}

/* What can be known of the hash without reading anything back. */
static int hash_written(struct output *output, struct vm_error *err)
{
	const struct part_buffer *buffer = whole(output);
	char *text = output->manifest.sha256;

	if (output->hash != NULL)
		return hash_text(output->hash, text, err);
	if (buffer != NULL)
		return hash_bytes(buffer->bytes, buffer->length, text, err);
	return VM_OK;
}

int output_store(struct output *output, struct vm_object *object, struct vm_error *err)
{
	int status = hash_written(output, err);

	if (status != VM_OK)
		return status;
	status = write_object(output, object, err);
	if (status == VM_ERR_CONFLICT || status == VM_ERR_NOT_FOUND || retry_is_unknown(status))
		status = settle(output, object, err);
	if (status != VM_OK)
		return status;
	CRASH_POINT(WORKER_OUTPUT_STORED);
	if (object->bytes != output->manifest.bytes)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "store %s: %llu bytes became %llu", output->key,
		               (unsigned long long)output->manifest.bytes,
		               (unsigned long long)object->bytes);
	/* SHA-256 goes from front to back, and the front of this one was written last. */
	if (output->manifest.sha256[0] == '\0')
		status = read_back(output, object, output->manifest.sha256, err);
	return status;
}
