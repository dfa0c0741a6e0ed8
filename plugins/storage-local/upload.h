/* upload.h - uploads in parts: their operations, and the folder that each of them is. */
#ifndef STORAGE_LOCAL_UPLOAD_H
#define STORAGE_LOCAL_UPLOAD_H

#include "store.h"

/* vidmill/storage.h is the contract of these. */
int upload_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                 const struct vm_call *call, struct vm_error *err);
int upload_part(void *self, const char *key, const char *upload, uint32_t number, const void *bytes,
                size_t length, struct vm_part *out, const struct vm_call *call,
                struct vm_error *err);
int upload_commit(void *self, const struct vm_put *put, const char *upload,
                  const struct vm_part *parts, size_t count, struct vm_object *out,
                  const struct vm_call *call, struct vm_error *err);
int upload_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                 struct vm_error *err);
int upload_list(void *self, const char *prefix, vm_upload_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err);

/* Makes the folder of a new upload; durable. 0 or errno, and then tmp_remove is owed. */
int upload_make(struct store *store, const char *upload, const char *key);

/* Opens the folder of an upload and tells its key. 0, or errno: ENOENT when there is none. */
int upload_find(struct store *store, const char *upload, int *folder, char key[VM_KEY_MAX],
                int64_t *begun_ms);

/* Opens the folder of an upload of this key, or VM_ERR_NOT_FOUND. */
int upload_open(struct store *store, const char *key, const char *upload, int *folder,
                const char *what, struct vm_error *err);

/* As upload_open, but waits until nobody else commits or aborts it; close(folder) lets it go. */
int upload_lock(struct store *store, const char *key, const char *upload, int *folder,
                const char *what, const struct vm_call *call, struct vm_error *err);

/* Whether it is in uploads/ still, which its open folder does not tell; errno when not. */
bool upload_is_there(struct store *store, const char *upload);

/* Takes the upload away: in one step, durable, and then its files. */
int upload_drop(struct store *store, const char *upload, const char *what, struct vm_error *err);

enum { PART_NAME_MAX = 16 };
void part_name(uint32_t number, char name[PART_NAME_MAX]);

#endif
