/* upload.c - an upload in parts: begun, filled in any order, given up, listed. */
#include "upload.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "draft.h"
#include "kit/fail.h"
#include "names.h"
#include "tmp.h"

int upload_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                 const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	char what[WHAT_MAX], name[DRAFT_NAME_MAX];
	int status, code;

	status = store_begin(store, "begin upload of", put->key, what, call, err);
	if (status == VM_OK)
		status = draft_name(name, what, err);
	if (status != VM_OK)
		return status;
	code = upload_make(store, name, put->key);
	if (code != 0) {
		tmp_remove(store->tmp, name);
		return kit_fail_errno(err, code, store->root, "%s", what);
	}
	snprintf(upload, VM_UPLOAD_ID_MAX, "%s", name);
	return VM_OK;
}

int upload_part(void *self, const char *key, const char *upload, uint32_t number, const void *bytes,
                size_t length, struct vm_part *out, const struct vm_call *call,
                struct vm_error *err)
{
	struct store *store = self;
	struct draft draft = {.fd = -1};
	char what[WHAT_MAX], name[PART_NAME_MAX];
	struct stat file;
	int status, folder;

	status = store_begin(store, "upload part of", key, what, call, err);
	if (status != VM_OK)
		return status;
	if (number < 1 || number > PARTS_MAX || length > PART_BYTES_MAX)
		return vm_fail(
		    err, VM_ERR_UNSUPPORTED,
		    "%s: part %u of %zu bytes: parts have numbers from 1 to %d and at most 5 GiB", what,
		    number, length, PARTS_MAX);
	status = upload_open(store, key, upload, &folder, what, err);
	if (status != VM_OK)
		return status;
	status = draft_open(store, &draft, what, err);
	if (status == VM_OK)
		status = draft_write(store, &draft, bytes, length, what, call, err);
	if (status == VM_OK)
		status = draft_seal(store, &draft, &file, what, err);
	part_name(number, name);
	if (status == VM_OK && (renameat(store->tmp, draft.name, folder, name) != 0 ||
	                        fsync(folder) != 0 || !upload_is_there(store, upload)))
		status = errno == ENOENT
		             ? vm_fail(err, VM_ERR_NOT_FOUND, "%s: no such upload any more", what)
		             : kit_fail_errno(err, errno, store->root, "%s", what);
	draft_drop(store, &draft);
	close(folder);
	if (status != VM_OK)
		return status;
	*out = (struct vm_part){.number = number, .bytes = (uint64_t)file.st_size};
	etag_describe(&file, out->etag);
	return VM_OK;
}

int upload_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                 struct vm_error *err)
{
	struct store *store = self;
	struct vm_error why;
	char what[WHAT_MAX];
	int status, folder;

	status = store_begin(store, "abort upload of", key, what, call, err);
	if (status != VM_OK)
		return status;
	status = upload_lock(store, key, upload, &folder, what, call, &why);
	if (status == VM_ERR_NOT_FOUND)
		return VM_OK;
	if (status != VM_OK) {
		if (err != NULL)
			*err = why;
		return status;
	}
	status = upload_drop(store, upload, what, err);
	close(folder);
	return status;
}

int upload_list(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	struct names names = {0};
	enum vm_more more = VM_MORE;
	char what[WHAT_MAX];
	int status, code;

	status = store_begin_all(store, "list uploads of", prefix, what, call, err);
	if (status != VM_OK)
		return status;
	code = names_read(store->uploads, ".", "", &names);
	if (code != 0)
		status = kit_fail_errno(err, code, store->root, "%s", what);
	for (size_t i = 0; i < names.count && status == VM_OK && more == VM_MORE; i++) {
		const char *upload = names.items[i];
		char key[VM_KEY_MAX];
		int64_t begun_ms;
		int folder;

		/* One that ends meanwhile is not found any more. */
		if (upload_find(store, upload, &folder, key, &begun_ms) == 0) {
			close(folder);
			if (strncmp(key, prefix, strlen(prefix)) == 0)
				more = emit(ctx, key, upload, begun_ms);
		}
		status = vm_call_check(call, what, err);
	}
	names_finish(&names);
	return status;
}
