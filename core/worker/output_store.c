/* output_store.c - turns what was written into one stored object, and knows its hash. */
#include <stdlib.h>
#include <string.h>

#include "support/call.h"
#include "support/crash_point.h"
#include "support/retry.h"
#include "worker/output.h"

/* An object that was stored, read from the store. */
struct stored_source {
	struct vm_source source; /* first */
	struct output *output;
	const struct vm_object *object;
};

static int read_stored(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                       size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct stored_source *stored = (struct stored_source *)source;
	struct output *output = stored->output;
	int status = storage_read_at(output->uploader->storage, output->key, stored->object->etag,
	                             offset, buffer, length, got, call, err);

	if (status == VM_OK && *got == 0)
		status = vm_fail(err, VM_ERR_UNAVAILABLE, "read %s: it ends after %llu of %llu bytes",
		                 output->key, (unsigned long long)offset,
		                 (unsigned long long)source->bytes);
	return status;
}

/* The SHA-256 of a source, by reading it. */
static int hash_source(struct vm_source *source, const struct cancel *cancel,
                       char text[HASH_TEXT_MAX], struct vm_error *err)
{
	unsigned char *bytes = malloc(OUTPUT_READ_BACK_BYTES);
	struct hash *hash = NULL;
	uint64_t offset = 0;
	struct call call;
	size_t got;
	int status;

	if (bytes == NULL)
		return vm_fail_memory(err);
	status = hash_create(&hash, err);
	call_init(&call, cancel, 0);
	while (status == VM_OK && offset < source->bytes) {
		status = source->read_at(source, offset, bytes, OUTPUT_READ_BACK_BYTES, &got, &call.vm,
		                         err);
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

static int read_back(struct output *output, const struct vm_object *object,
                     char text[HASH_TEXT_MAX], struct vm_error *err)
{
	struct stored_source stored = {.source = {.bytes = object->bytes, .read_at = read_stored},
	                               .output = output,
	                               .object = object};

	return hash_source(&stored.source, output->uploader->cancel, text, err);
}

/* SHA-256 goes from front to back, and the front of this one was written last. */
static int hash_late(struct output *output, const struct vm_object *object, struct vm_error *err)
{
	char *text = output->manifest.sha256;
	struct vm_source *copy = kept_hold(output->kept, output->manifest.bytes);
	int status;

	if (copy == NULL)
		return read_back(output, object, text, err);
	status = hash_source(copy, output->uploader->cancel, text, err);
	kept_let_go(output->kept);
	return status;
}

/* Of what will be opened in memory: that it is there, and the version that was written. */
static int confirm(struct output *output, const struct vm_object *object, struct vm_error *err)
{
	struct vm_object found;
	struct call call;
	int status;

	call_init(&call, output->uploader->cancel, 0);
	status = storage_stat(output->uploader->storage, output->key, &found, &call.vm, err);
	if (status != VM_OK)
		return status;
	if (found.bytes != output->manifest.bytes || strcmp(found.etag, object->etag) != 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "store %s: another object is there now",
		               output->key);
	return VM_OK;
}

/* The whole output, where it is one buffer and no part was sent; NULL where it is not. */
static struct part_buffer *whole(struct output *output)
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
	if (whole(output) != NULL)
		kept_take(output->kept, 1, whole(output));
	if (output->manifest.sha256[0] == '\0')
		status = hash_late(output, object, err);
	if (status == VM_OK && output->kept != NULL)
		status = confirm(output, object, err);
	return status;
}
