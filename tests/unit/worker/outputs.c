/* outputs.c - an uploader over a fake store, and outputs whose bytes tell their offset. */
#include "outputs.h"

#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "support/hash.h"

struct uploading up;

static void create(size_t memory_bytes, uint64_t output_bytes_most)
{
	const struct uploader_want want = {.storage = up.instance,
	                                   .prefix = PREFIX,
	                                   .output_bytes_most = output_bytes_most,
	                                   .memory_bytes = memory_bytes,
	                                   .cancel = up.cancel};

	ck_assert_int_eq(uploader_create(&want, &up.uploader, NULL), VM_OK);
}

void outputs_setup(void)
{
	up.store = fake_store_create();
	up.instance = fake_store_instance(up.store);
	ck_assert_int_eq(cancel_create(NULL, &up.cancel, NULL), VM_OK);
	create(UPLOADER_MEMORY_BYTES, 0);
}

void outputs_teardown(void)
{
	uploader_destroy(up.uploader);
	cancel_destroy(up.cancel);
	instance_destroy(up.instance);
	fake_store_destroy(up.store);
}

void outputs_recreate(size_t memory_bytes, uint64_t output_bytes_most)
{
	uploader_destroy(up.uploader);
	create(memory_bytes, output_bytes_most);
}

struct output *outputs_open(const char *name, uint64_t head_bytes)
{
	struct output *output = NULL;
	struct vm_error error = {0};

	ck_assert_msg(
	    uploader_open(up.uploader, "web", name, "video/mp4", head_bytes, &output, &error) == VM_OK,
	    "%s", error.message);
	return output;
}

/* Bytes that tell their offset, `step` at a time. */
int outputs_write(struct output *output, uint64_t from, uint64_t to, size_t step,
                  struct vm_error *err)
{
	unsigned char *bytes = malloc(step);
	int status = VM_OK;

	for (uint64_t offset = from; status == VM_OK && offset < to; offset += step) {
		size_t here = to - offset < step ? (size_t)(to - offset) : step;

		for (size_t i = 0; i < here; i++)
			bytes[i] = fake_byte(offset + i);
		status = output_write(output, bytes, here, err);
	}
	free(bytes);
	return status;
}

void outputs_check_stored(const char *name, uint64_t bytes)
{
	const struct fake_object *object;
	const struct stored_output *stored = NULL, *all;
	char key[VM_KEY_MAX], full[256], hash[HASH_TEXT_MAX];
	size_t count;

	snprintf(key, sizeof key, PREFIX "web/%s", name);
	snprintf(full, sizeof full, "web/%s", name);
	object = fake_store_find(up.store, key);
	ck_assert_msg(object != NULL, "%s is not stored", key);
	all = uploader_stored(up.uploader, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].manifest.name, full) == 0)
			stored = &all[i];
	ck_assert_ptr_nonnull(stored);
	ck_assert_uint_eq(object->about.bytes, bytes);
	ck_assert_uint_eq(stored->manifest.bytes, bytes);
	ck_assert_str_eq(stored->etag, object->about.etag);
	ck_assert_str_eq(stored->manifest.content_type, "video/mp4");
	ck_assert_str_eq(object->content_type, "video/mp4");
	hash_bytes(object->bytes, bytes, hash, NULL);
	ck_assert_str_eq(stored->manifest.sha256, hash);
}

void outputs_check_bytes(const char *name, uint64_t from, uint64_t to)
{
	char key[VM_KEY_MAX];
	const struct fake_object *object;

	snprintf(key, sizeof key, PREFIX "web/%s", name);
	object = fake_store_find(up.store, key);
	for (uint64_t i = from; i < to; i++)
		if (object->bytes[i] != fake_byte(i))
			ck_abort_msg("byte %llu of %s is wrong", (unsigned long long)i, name);
}
