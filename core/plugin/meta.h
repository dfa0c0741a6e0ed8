/* meta.h - the operations of a metadata instance, each in its turn. */
#ifndef PLUGIN_META_H
#define PLUGIN_META_H

#include "plugin/instance.h"

/* The contract is vidmill/meta.h's. */
int meta_index(struct instance *meta, const struct vm_field *fields, size_t count,
               const struct vm_call *call, struct vm_error *err);
int meta_get(struct instance *meta, const char *id, struct vm_sink *json, uint64_t *version,
             const struct vm_call *call, struct vm_error *err);
int meta_put(struct instance *meta, const char *id, uint64_t version, const char *json,
             size_t length, const struct vm_call *call, struct vm_error *err);
int meta_find(struct instance *meta, const struct vm_find *find, vm_document_fn *emit, void *ctx,
              const struct vm_call *call, struct vm_error *err);
int meta_count(struct instance *meta, const struct vm_find *find, uint64_t *count,
               const struct vm_call *call, struct vm_error *err);
int meta_remove(struct instance *meta, const char *id, uint64_t version, const struct vm_call *call,
                struct vm_error *err);

#endif
