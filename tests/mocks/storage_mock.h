/* storage_mock.h - the operations of storage-mock, and what it remembers. */
#ifndef MOCKS_STORAGE_MOCK_H
#define MOCKS_STORAGE_MOCK_H

#include <vidmill/plugin.h>

#include "mock.h"

struct storage_mock_config {
	struct vm_groups script;
	uint64_t part_min;
	const char *presign;
};

/*
 * "objects": { KEY: { "number", "bytes", "modified_ms" } }, "uploads": { ID: { "key", "begun_ms",
 * "parts": { NUMBER: { "number", "bytes" } } } }. `number` names the bytes, and is the etag.
 */
json_t *mock_object_find(const struct state *state, const char *key);
/* Fills `out` (NULL is allowed) from an object. */
void mock_object_read(json_t *object, struct vm_object *out);
/* Puts bytes that were written under `number` in the key's place; marks the turn as changed. */
int mock_object_set(struct mock_turn *turn, const struct vm_put *put, json_int_t number,
                    uint64_t bytes, struct vm_object *out, struct vm_error *err);

int mock_upload_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                      const struct vm_call *call, struct vm_error *err);
int mock_upload_part(void *self, const char *key, const char *upload, uint32_t number,
                     const void *bytes, size_t length, struct vm_part *out,
                     const struct vm_call *call, struct vm_error *err);
int mock_upload_commit(void *self, const struct vm_put *put, const char *upload,
                       const struct vm_part *parts, size_t count, struct vm_object *out,
                       const struct vm_call *call, struct vm_error *err);
int mock_upload_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                      struct vm_error *err);
/* What a client may send by itself, and what this store would tell a queue. */
int mock_presign(void *self, const struct vm_presign *presign, vm_request_fn *emit, void *ctx,
                 const struct vm_call *call, struct vm_error *err);
int mock_presign_finish(void *self, const struct vm_presign *presign, struct vm_object *out,
                        const struct vm_call *call, struct vm_error *err);
int mock_decode_event(void *self, const void *message, size_t length, vm_event_fn *emit, void *ctx,
                      struct vm_error *err);

int mock_list_uploads(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                      const struct vm_call *call, struct vm_error *err);

#endif
