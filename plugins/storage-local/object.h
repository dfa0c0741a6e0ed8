/* object.h - the operations on one object: vidmill/storage.h is their contract. */
#ifndef STORAGE_LOCAL_OBJECT_H
#define STORAGE_LOCAL_OBJECT_H

#include "store.h"

int object_stat(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
                struct vm_error *err);
int object_read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
                   size_t length, size_t *got, const struct vm_call *call, struct vm_error *err);
int object_put(void *self, const struct vm_put *put, const void *bytes, size_t length,
               struct vm_object *out, const struct vm_call *call, struct vm_error *err);
int object_remove(void *self, const char *key, const struct vm_call *call, struct vm_error *err);
int object_list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err);

/*
 * Opens the object `name` in the folder for reading, also where it is a folder
 * that holds ITSELF. 0 or errno: ENOENT also when what is there is no plain file.
 */
int object_open(int folder, const char *name, int *fd, struct stat *file);

/* The same of a key. */
int object_open_key(struct store *store, const char *key, int *fd, struct stat *file);

#endif
