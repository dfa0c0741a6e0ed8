/* arrivals.h - what a message of the unprocessed queue is about. */
#ifndef SERVER_ARRIVALS_H
#define SERVER_ARRIVALS_H

#include "server/server.h"
#include "video/video.h"

struct arrival {
	char video[VIDEO_ID_MAX];
	char sequencer[65]; /* empty: the message was ours, or the store has none */
};

struct arrivals {
	struct arrival *items; /* owned */
	size_t count;          /* 0: a message that is about nothing, such as a store's test */
	bool is_ours;          /* a task message of the host's own */
};

/*
 * Reads a message. Objects under keys that we did not issue become videos where
 * policy.ingest is "any"; else VM_ERR_NOT_FOUND with the reason. VM_ERR_BAD_DATA:
 * neither ours nor the store's.
 */
int arrivals_read(struct server *server, const struct vm_message *message, struct arrivals *out,
                  const struct vm_call *call, struct vm_error *err);
void arrivals_finish(struct arrivals *arrivals);

/* Sends a task message about one of them. */
int arrivals_send(struct server *server, const struct arrival *arrival, const struct vm_call *call,
                  struct vm_error *err);

#endif
