/* fake_queue.h - a queue plugin that remembers what it was told, and fails as it is told. */
#ifndef TESTS_WORKER_FAKE_QUEUE_H
#define TESTS_WORKER_FAKE_QUEUE_H

#include <pthread.h>

#include "plugin/instance.h"
#include "video/message.h"

#define FAKE_EVENTS_MOST 256

struct fake_queue;

struct fake_queue_config {
	struct fake_queue *queue;
};

struct fake_queue {
	struct fake_queue_config config; /* points to itself */
	struct vm_queue_traits traits;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct event events[FAKE_EVENTS_MOST];
	size_t n_events;
	unsigned extended, given_back, removed;
	char receipt[64]; /* of the last extend or remove */

	size_t sends_most; /* later ones fail */
	int extend_status;
};

struct fake_queue *fake_queue_create(void);
void fake_queue_destroy(struct fake_queue *queue);

/* For a role of a pipeline, with &queue->config. */
extern const struct plugin fake_queue_plugin;

/* Waits (with a deadline) until an event of this type was sent; NULL: none came. */
const struct event *fake_queue_wait(struct fake_queue *queue, enum event_type type);
bool fake_queue_wait_extended(struct fake_queue *queue, unsigned times);
/* The last event; NULL: there is none. */
const struct event *fake_queue_last(struct fake_queue *queue);

#endif
