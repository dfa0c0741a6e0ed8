/* inbound.c - received messages, kept until they have been handled. */
#include "server/inbound.h"

#include <stdlib.h>
#include <string.h>

static enum vm_more keep(void *ctx, const struct vm_message *message)
{
	struct inbound *inbound = ctx;
	struct inbound_message *item = &inbound->items[inbound->count];

	item->body = malloc(message->length + 1);
	/* One that cannot be kept is not lost: it comes back when its visibility ends. */
	if (item->body == NULL)
		return VM_STOP;
	memcpy(item->body, message->body, message->length);
	item->body[message->length] = '\0';
	snprintf(item->id, sizeof item->id, "%s", message->id);
	snprintf(item->receipt, sizeof item->receipt, "%s", message->receipt);
	item->message = *message;
	item->message.id = item->id;
	item->message.receipt = item->receipt;
	item->message.body = item->body;
	inbound->count++;
	return inbound->count < INBOUND_MAX ? VM_MORE : VM_STOP;
}

int inbound_receive(struct inbound *inbound, struct instance *queue, uint32_t max, uint64_t wait_ms,
                    const struct vm_call *call, struct vm_error *err)
{
	inbound->count = 0;
	if (max > INBOUND_MAX)
		max = INBOUND_MAX;
	return queue_receive(queue, max, wait_ms, keep, inbound, call, err);
}

void inbound_clear(struct inbound *inbound)
{
	for (size_t i = 0; i < inbound->count; i++)
		free(inbound->items[i].body);
	inbound->count = 0;
}
