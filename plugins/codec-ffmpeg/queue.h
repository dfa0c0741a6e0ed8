/* queue.h - a bounded queue of pointers between two threads: who is too fast waits. */
#ifndef CODEC_FFMPEG_QUEUE_H
#define CODEC_FFMPEG_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <vidmill/status.h>

enum { QUEUE_MAX = 64 };

/* [any thread] */
struct queue {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	void *items[QUEUE_MAX];
	size_t capacity; /* 0: not initialised */
	size_t first, count;
	bool closed, aborted;
};

void queue_init(struct queue *queue, size_t capacity);

/* Drops what is still in it. Nobody may wait on it any more. */
void queue_finish(struct queue *queue, void (*drop)(void *item));

/* Waits for room. False: the queue was aborted, and the item is still the caller's. */
bool queue_push(struct queue *queue, void *item);

/* Waits for an item. NULL: closed and empty, or aborted. */
void *queue_pop(struct queue *queue);

/* Nothing more will be pushed. */
void queue_close(struct queue *queue);

/* Nobody shall wait any more. */
void queue_abort(struct queue *queue);

#endif
