/* publish.c - the manifest: with it an attempt is complete, and without it nothing. */
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "support/call.h"
#include "support/crash_point.h"
#include "support/hash.h"
#include "support/retry.h"
#include "video/keys.h"
#include "worker/attempt.h"

static int fill_in(struct attempt *attempt, struct video_result *result, struct vm_error *err)
{
	const struct job *job = attempt->work->job;
	struct manifest *manifest = &attempt->manifest;
	const struct stored_output *stored;
	size_t count;
	int status;

	memcpy(manifest->video, job->video, sizeof manifest->video);
	memcpy(manifest->nonce, attempt->teller.nonce, sizeof manifest->nonce);
	memcpy(manifest->source_etag, job->etag, sizeof manifest->source_etag);
	manifest->generation = job->generation;
	manifest->epoch = job->epoch;
	manifest->source_bytes = job->bytes;
	stored = uploader_stored(attempt->uploader, &count);
	for (size_t i = 0; i < count; i++) {
		if ((status = manifest_add(manifest, &stored[i].manifest, err)) != VM_OK)
			return status;
		result->bytes += stored[i].manifest.bytes;
	}
	result->outputs = count;
	return VM_OK;
}

/* Whether this manifest is stored already: the first try was counted as failed and had happened. */
static bool is_stored(struct attempt *attempt, const char *key, const char *text, size_t length)
{
	char *found = malloc(length + 1);
	struct call call;
	size_t got = 0;
	bool same;

	if (found == NULL)
		return false;
	call_init(&call, attempt->cancel, 0);
	same = storage_read_at(attempt->outputs, key, NULL, 0, found, length + 1, &got, &call.vm,
	                       NULL) == VM_OK &&
	       got == length && memcmp(found, text, length) == 0;
	free(found);
	return same;
}

static int store(struct attempt *attempt, const char *key, const char *text, struct vm_error *err)
{
	struct vm_put put = {.key = key, .content_type = "application/json", .if_absent = true};
	struct vm_object object;
	size_t length = strlen(text);
	struct call call;
	int status;

	call_init(&call, attempt->cancel, 0);
	status = storage_put(attempt->outputs, &put, text, length, &object, &call.vm, err);
	if ((status == VM_ERR_CONFLICT || status == VM_ERR_NOT_FOUND || retry_is_unknown(status)) &&
	    is_stored(attempt, key, text, length))
		return VM_OK;
	return status;
}

int publish(struct attempt *attempt, struct video_result *result, struct vm_error *err)
{
	const struct job *job = attempt->work->job;
	char *text;
	int status;

	*result = (struct video_result){0};
	if ((status = fill_in(attempt, result, err)) != VM_OK)
		return status;
	text = manifest_write(&attempt->manifest);
	if (text == NULL)
		return vm_fail_memory(err);
	key_manifest(job->video, job->generation, job->epoch, attempt->teller.nonce,
	             result->manifest_key);
	status = hash_bytes(text, strlen(text), result->manifest_sha256, err);
	if (status == VM_OK)
		status = store(attempt, result->manifest_key, text, err);
	free(text);
	if (status == VM_OK)
		CRASH_POINT(WORKER_MANIFEST_STORED);
	return status;
}
