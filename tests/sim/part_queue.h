/* part_queue.h - the messages of the simulated queues, for those who may look into them. */
#ifndef TESTS_SIM_PART_QUEUE_H
#define TESTS_SIM_PART_QUEUE_H

#include "parts.h"

struct message {
	uint64_t id, receipt;
	char *body;
	size_t length;
	int64_t visible_ms, died_ms;
	uint32_t receives;
	bool is_dead;
	char reason[128];
	struct message *next;
};

struct queue {
	struct message *messages;
};

extern struct queue unprocessed, processed;

void queue_take_out(struct queue *queue, struct message *message);
/* An event that nobody reads in time: its attempt may be misjudged. */
void queue_excuse(const struct message *message);

int queue_do_send(void *self, const void *body, size_t length, uint64_t delay_ms,
                  const struct vm_call *call, struct vm_error *err);
int queue_do_extend(struct queue *queue, const char *receipt, int64_t visibility_ms,
                    struct vm_error *err);
int queue_do_remove(void *self, const char *receipt, const struct vm_call *call,
                    struct vm_error *err);

#endif
