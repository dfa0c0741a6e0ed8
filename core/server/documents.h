/* documents.h - videos in the metadata store: read one, store one, go through many. */
#ifndef SERVER_DOCUMENTS_H
#define SERVER_DOCUMENTS_H

#include "plugin/meta.h"
#include "server/videos.h"

int document_read(struct instance *meta, const char *id, struct video *out,
                  const struct vm_call *call, struct vm_error *err);

/*
 * Compare-and-set on video->version, which is counted up on success. An answer
 * that got lost is looked up: VM_ERR_CONFLICT means that somebody else was
 * first, any other failure that nothing is known.
 */
int document_store(struct instance *meta, struct video *video, const struct vm_call *call,
                   struct vm_error *err);

int document_remove(struct instance *meta, const struct video *video, const struct vm_call *call,
                    struct vm_error *err);

/* A document that cannot be read is logged and left out. */
int documents_find(struct instance *meta, const struct vm_find *find, video_fn *emit, void *ctx,
                   const struct vm_call *call, struct vm_error *err);

/* The ids of all that match, as an array of VIDEO_ID_MAX each, for stepping them one by one
 * outside the find. free(). */
int documents_ids(struct instance *meta, const struct vm_find *find, char (**ids)[VIDEO_ID_MAX],
                  size_t *count, const struct vm_call *call, struct vm_error *err);
/* The same for all that are in one state. */
int documents_in_state(struct instance *meta, enum video_state state, char (**ids)[VIDEO_ID_MAX],
                       size_t *count, const struct vm_call *call, struct vm_error *err);

#endif
