/* audit_result.h - whether all that a visible result promises is there. */
#ifndef SERVER_AUDIT_RESULT_H
#define SERVER_AUDIT_RESULT_H

#include "server/server.h"
#include "video/video.h"

#define RESULT_FAULT_MAX 512

/*
 * Compares the manifest that the video points at, and the objects below it,
 * with what was published: that each is there with its length, and with `deep`
 * that its bytes have the SHA-256. Reads one listing and one manifest, and with
 * `deep` every object once. VM_OK with an empty `fault`: all is well; VM_OK with
 * a sentence in it: something is not. Any other status: it could not be told.
 * `cancel` may be NULL. [any thread, blocking]
 */
int audit_result(struct instance *storage, const struct video *video, bool deep,
                 const struct cancel *cancel, char fault[RESULT_FAULT_MAX], struct vm_error *err);

#endif
