/* source.h - the object that a client uploads: what is offered for it, and whether it is there. */
#ifndef SERVER_SOURCE_H
#define SERVER_SOURCE_H

#include "server/server.h"
#include "video/document.h"

/* What the storage is asked to sign for this video; key[] is the memory of its key. */
void source_presign(const struct server *server, const struct video *video, char key[VM_KEY_MAX],
                    struct vm_presign *out);

/*
 * The source as the storage has it; VM_ERR_NOT_FOUND. Where a client has sent all
 * the parts of an offer, and nobody has made the object of them yet, it is made.
 */
int source_find(struct server *server, const struct video *video, struct vm_object *out,
                const struct vm_call *call, struct vm_error *err);

#endif
