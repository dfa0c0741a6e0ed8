/* storage.h - the operations of a storage instance, each in its turn. */
#ifndef PLUGIN_STORAGE_H
#define PLUGIN_STORAGE_H

#include "plugin/instance.h"

/*
 * The contract is vidmill/storage.h's. storage_presign, storage_presign_finish and
 * storage_decode_event answer VM_ERR_UNSUPPORTED where the plugin has no such operation; then the
 * host offers its own upload URL, and no message is the store's.
 */
void storage_traits(struct instance *storage, struct vm_storage_traits *out);
int storage_stat(struct instance *storage, const char *key, struct vm_object *out,
                 const struct vm_call *call, struct vm_error *err);
int storage_read_at(struct instance *storage, const char *key, const char *etag, uint64_t offset,
                    void *buffer, size_t length, size_t *got, const struct vm_call *call,
                    struct vm_error *err);
int storage_put(struct instance *storage, const struct vm_put *put, const void *bytes,
                size_t length, struct vm_object *out, const struct vm_call *call,
                struct vm_error *err);
int storage_upload_begin(struct instance *storage, const struct vm_put *put,
                         char upload[VM_UPLOAD_ID_MAX], const struct vm_call *call,
                         struct vm_error *err);
int storage_upload_part(struct instance *storage, const char *key, const char *upload,
                        uint32_t number, const void *bytes, size_t length, struct vm_part *out,
                        const struct vm_call *call, struct vm_error *err);
int storage_upload_commit(struct instance *storage, const struct vm_put *put, const char *upload,
                          const struct vm_part *parts, size_t count, struct vm_object *out,
                          const struct vm_call *call, struct vm_error *err);
int storage_upload_abort(struct instance *storage, const char *key, const char *upload,
                         const struct vm_call *call, struct vm_error *err);
int storage_remove(struct instance *storage, const char *key, const struct vm_call *call,
                   struct vm_error *err);
int storage_list(struct instance *storage, const char *prefix, vm_object_fn *emit, void *ctx,
                 const struct vm_call *call, struct vm_error *err);
int storage_list_uploads(struct instance *storage, const char *prefix, vm_upload_fn *emit,
                         void *ctx, const struct vm_call *call, struct vm_error *err);
int storage_presign(struct instance *storage, const struct vm_presign *presign, vm_request_fn *emit,
                    void *ctx, const struct vm_call *call, struct vm_error *err);
int storage_presign_finish(struct instance *storage, const struct vm_presign *presign,
                           struct vm_object *out, const struct vm_call *call, struct vm_error *err);
int storage_decode_event(struct instance *storage, const void *message, size_t length,
                         vm_event_fn *emit, void *ctx, struct vm_error *err);

#endif
