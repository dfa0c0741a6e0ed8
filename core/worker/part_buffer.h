/* part_buffer.h - the memory in which parts of outputs grow, under one bound for all of them. */
#ifndef WORKER_PART_BUFFER_H
#define WORKER_PART_BUFFER_H

#include <pthread.h>

#include <vidmill/status.h>

/* Shared by all outputs of an attempt. [any thread] */
struct part_budget {
	pthread_mutex_t lock;
	pthread_cond_t returned;
	size_t most;
	size_t used, used_most; /* now, and at the worst moment so far */
	size_t leaving;         /* of `used`: on the way to the storage, so it comes back */
	/* kept.h: copies, which are given up before a part has to wait; how often one is held */
	struct kept *oldest, **newest;
	unsigned held;
};

void part_budget_init(struct part_budget *budget, size_t most);
void part_budget_finish(struct part_budget *budget);

/* Zeroed: empty. [one thread at a time] */
struct part_buffer {
	unsigned char *bytes;
	size_t length;
	size_t capacity; /* counted in the budget */
	bool leaving;
};

/*
 * Appends. Where the budget is used up, copies are given up, and then it waits
 * for parts that are leaving and copies that are held; where there are none,
 * waiting would never end: VM_ERR_LIMIT.
 */
int part_buffer_append(struct part_buffer *buffer, struct part_budget *budget, const void *bytes,
                       size_t length, struct vm_error *err);

/* The buffer is about to be sent: part_buffer_finish will follow whatever comes. */
void part_buffer_leave(struct part_buffer *buffer, struct part_budget *budget);

/* Gives the memory back; the buffer is empty then. */
void part_buffer_finish(struct part_buffer *buffer, struct part_budget *budget);

#endif
