/* audit_result.c - whether all that a visible result promises is there. */
#include "server/audit_result.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/manifests.h"
#include "support/call.h"
#include "support/hash.h"

enum { BLOCK_BYTES = 256 << 10, CALL_MS = 60000, LIST_MS = 600000 };

struct audited {
	const struct manifest *manifest;
	size_t prefix; /* length of what stands before the outputs' names */
	size_t next;   /* the first output that was not met yet: both are ordered by name */
	uint64_t faults;
	char *fault; /* the first one */
};

static void note(struct audited *audited, const char *name, const char *what)
{
	if (audited->faults++ == 0)
		snprintf(audited->fault, RESULT_FAULT_MAX, "%s %s", name, what);
}

/* All outputs before `name` are missing; NULL: all that are left. */
static void pass_over(struct audited *audited, const char *name)
{
	const struct manifest *manifest = audited->manifest;

	while (audited->next < manifest->n_outputs &&
	       (name == NULL || strcmp(manifest->outputs[audited->next].name, name) < 0))
		note(audited, manifest->outputs[audited->next++].name, "is missing");
}

static enum vm_more meet(void *ctx, const char *key, const struct vm_object *object)
{
	struct audited *audited = ctx;
	const struct manifest_output *output;
	const char *name = key + audited->prefix;
	char what[96];

	pass_over(audited, name);
	if (audited->next == audited->manifest->n_outputs)
		return VM_STOP;
	output = &audited->manifest->outputs[audited->next];
	/* What no manifest names is not visible and does not matter here. */
	if (strcmp(output->name, name) != 0)
		return VM_MORE;
	audited->next++;
	snprintf(what, sizeof what, "has %" PRIu64 " bytes instead of %" PRIu64, object->bytes,
	         output->bytes);
	if (object->bytes != output->bytes)
		note(audited, name, what);
	return VM_MORE;
}

static int hash_object(struct instance *storage, const char *key, const struct cancel *cancel,
                       char text[HASH_TEXT_MAX], struct vm_error *err)
{
	struct hash *hash = NULL;
	char *block = malloc(BLOCK_BYTES);
	uint64_t offset = 0;
	size_t got = BLOCK_BYTES;
	int status = block != NULL ? hash_create(&hash, err) : vm_fail_memory(err);

	while (status == VM_OK && got == BLOCK_BYTES) {
		struct call call;

		call_init(&call, cancel, CALL_MS);
		status = storage_read_at(storage, key, NULL, offset, block, BLOCK_BYTES, &got, &call.vm,
		                         err);
		if (status == VM_OK)
			status = hash_add(hash, block, got, err);
		offset += got;
	}
	if (status == VM_OK)
		status = hash_text(hash, text, err);
	hash_destroy(hash);
	free(block);
	return status;
}

static int audit_bytes(struct instance *storage, const char *prefix, struct audited *audited,
                       const struct cancel *cancel, struct vm_error *err)
{
	for (size_t i = 0; i < audited->manifest->n_outputs; i++) {
		const struct manifest_output *output = &audited->manifest->outputs[i];
		char key[VM_KEY_MAX], sha256[HASH_TEXT_MAX];
		int status;

		snprintf(key, sizeof key, "%s%s", prefix, output->name);
		status = hash_object(storage, key, cancel, sha256, err);
		if (status == VM_OK && !hash_equal(sha256, output->sha256))
			note(audited, output->name, "has other bytes than were published");
		/* One that is missing was noted already. */
		if (status != VM_OK && status != VM_ERR_NOT_FOUND)
			return status;
	}
	return VM_OK;
}

static int audit_outputs(struct instance *storage, const char *prefix,
                         const struct manifest *manifest, bool deep, const struct cancel *cancel,
                         char *fault, struct vm_error *err)
{
	struct audited audited = {.manifest = manifest, .prefix = strlen(prefix), .fault = fault};
	struct call call;
	size_t length;
	int status;

	call_init(&call, cancel, LIST_MS);
	status = storage_list(storage, prefix, meet, &audited, &call.vm, err);
	if (status == VM_OK)
		pass_over(&audited, NULL);
	if (status == VM_OK && deep)
		status = audit_bytes(storage, prefix, &audited, cancel, err);
	length = strlen(fault);
	if (status == VM_OK && audited.faults > 1)
		snprintf(fault + length, RESULT_FAULT_MAX - length, ", and %" PRIu64 " more of %zu outputs",
		         audited.faults - 1, manifest->n_outputs);
	return status;
}

int audit_result(struct instance *storage, const struct video *video, bool deep,
                 const struct cancel *cancel, char fault[RESULT_FAULT_MAX], struct vm_error *err)
{
	const char *key = video->result.manifest_key;
	const char *slash = strrchr(key, '/');
	char sha256[VIDEO_HASH_MAX], prefix[VM_KEY_MAX];
	struct manifest manifest;
	struct call call;
	int status;

	fault[0] = '\0';
	call_init(&call, cancel, CALL_MS);
	status = manifest_fetch(storage, key, sha256, &manifest, &call.vm, err);
	if (status == VM_ERR_NOT_FOUND || slash == NULL)
		snprintf(fault, RESULT_FAULT_MAX, "its manifest is missing");
	else if (status == VM_ERR_BAD_DATA || status == VM_ERR_LIMIT)
		snprintf(fault, RESULT_FAULT_MAX, "its manifest cannot be read: %.400s", err->message);
	else if (status == VM_OK && !hash_equal(sha256, video->result.manifest_sha256))
		snprintf(fault, RESULT_FAULT_MAX, "its manifest is not the one that was published");
	if (status == VM_OK && fault[0] == '\0') {
		snprintf(prefix, sizeof prefix, "%.*s", (int)(slash + 1 - key), key);
		status = audit_outputs(storage, prefix, &manifest, deep, cancel, fault, err);
	}
	manifest_finish(&manifest);
	return fault[0] != '\0' ? VM_OK : status;
}
