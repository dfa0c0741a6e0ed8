/* link.h - the codec child's side of the conversation: asks the worker, takes its commands. */
#ifndef WORKER_LINK_H
#define WORKER_LINK_H

#include <vidmill/host.h>

#include "support/cancel.h"
#include "worker/channel.h"

struct link;

/* Takes over `descriptor`. */
int link_create(int descriptor, struct link **out, struct vm_error *err);
/* Starts the thread that receives. When the worker is gone that thread ends the process. */
int link_start(struct link *link, struct vm_error *err);
void link_destroy(struct link *link); /* accepts NULL; after MESSAGE_QUIT, or before the start */

/* [main thread] Waits for the next command; MESSAGE_QUIT is the last. */
void link_next_command(struct link *link, struct message *out);

/* Triggered by the worker, once for all: a cancelled child is asked nothing more. */
struct cancel *link_cancel(struct link *link);

/* [any thread] Says something that wants no answer. */
void link_say(struct link *link, const struct message *message);

/* A request, and where its answer goes. */
struct question {
	struct message message;
	void *into; /* the answer's data; may be NULL */
	size_t size;
	size_t got;
	uint64_t output; /* of the answer to MESSAGE_OPEN */
};

/* [any thread] Waits for the answer; its error is the result. */
int link_ask(struct link *link, struct question *question, struct vm_error *err);

#endif
