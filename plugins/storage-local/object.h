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

#endif
