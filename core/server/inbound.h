/* inbound.h - received messages, kept until they have been handled. */
#ifndef SERVER_INBOUND_H
#define SERVER_INBOUND_H

#include "plugin/queue.h"

#define INBOUND_MAX 10 /* SQS gives no more at once */

struct inbound_message {
	struct vm_message message; /* its strings point below */
	char id[VM_MESSAGE_ID_MAX];
	char receipt[VM_RECEIPT_MAX];
	char *body;
};

struct inbound {
	struct inbound_message items[INBOUND_MAX];
	size_t count;
};

/* Receives at most `max`; copies, so that handling one does not hold up the queue. A zeroed
 * `inbound` is empty. */
int inbound_receive(struct inbound *inbound, struct instance *queue, uint32_t max, uint64_t wait_ms,
                    const struct vm_call *call, struct vm_error *err);
void inbound_clear(struct inbound *inbound);

#endif
