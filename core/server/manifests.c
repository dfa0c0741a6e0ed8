/* manifests.c - manifests in storage: fetched, and adopted when their attempt cannot report. */
#include "server/manifests.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "support/hash.h"
#include "video/keys.h"

/* A manifest names up to 100,000 outputs in about 250 bytes each. */
#define MANIFEST_BYTES_MAX (64u << 20)

int manifest_fetch(struct instance *storage, const char *key, char sha256[VIDEO_HASH_MAX],
                   struct manifest *out, const struct vm_call *call, struct vm_error *err)
{
	struct vm_object object;
	size_t length = 0;
	char *text;
	int status;

	*out = (struct manifest){0};
	if ((status = storage_stat(storage, key, &object, call, err)) != VM_OK)
		return status;
	if (object.bytes > MANIFEST_BYTES_MAX)
		return vm_fail(err, VM_ERR_LIMIT, "%s: larger than any manifest", key);
	text = malloc((size_t)object.bytes + 1);
	if (text == NULL)
		return vm_fail_memory(err);
	status = storage_read_at(storage, key, object.etag, 0, text, (size_t)object.bytes, &length,
	                         call, err);
	if (status == VM_OK)
		status = hash_bytes(text, length, sha256, err);
	if (status == VM_OK)
		status = manifest_read(text, length, out, err);
	free(text);
	return status;
}

bool manifest_adopt(struct instance *storage, const struct video *video, struct video_result *out,
                    const struct vm_call *call)
{
	struct video_result result = {0};
	struct manifest manifest;
	bool found;

	if (video->attempt.nonce[0] == '\0')
		return false;
	key_manifest(video->id, video->generation, video->epoch, video->attempt.nonce,
	             result.manifest_key);
	found = manifest_fetch(storage, result.manifest_key, result.manifest_sha256, &manifest, call,
	                       NULL) == VM_OK &&
	        strcmp(manifest.video, video->id) == 0 && manifest.epoch == video->epoch;
	for (size_t i = 0; found && i < manifest.n_outputs; i++)
		result.bytes += manifest.outputs[i].bytes;
	result.outputs = manifest.n_outputs;
	manifest_finish(&manifest);
	if (found)
		*out = result;
	return found;
}
