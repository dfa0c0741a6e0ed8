/* queue.c - a bounded queue of pointers between two threads: who is too fast waits. */
#include "queue.h"

#include <assert.h>
#include <string.h>

void queue_init(struct queue *queue, size_t capacity)
{
	assert(capacity > 0 && capacity <= QUEUE_MAX);
	memset(queue, 0, sizeof *queue);
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->changed, NULL);
	queue->capacity = capacity;
}

void queue_finish(struct queue *queue, void (*drop)(void *item))
{
	if (queue->capacity == 0)
		return;
	for (; queue->count > 0; queue->count--) {
		drop(queue->items[queue->first]);
		queue->first = (queue->first + 1) % queue->capacity;
	}
	pthread_cond_destroy(&queue->changed);
	pthread_mutex_destroy(&queue->lock);
	queue->capacity = 0;
}

bool queue_push(struct queue *queue, void *item)
{
	bool pushed;

	pthread_mutex_lock(&queue->lock);
	while (queue->count == queue->capacity && !queue->aborted)
		pthread_cond_wait(&queue->changed, &queue->lock);
	pushed = !queue->aborted;
	if (pushed) {
		queue->items[(queue->first + queue->count) % queue->capacity] = item;
		queue->count++;
		pthread_cond_broadcast(&queue->changed);
	}
	pthread_mutex_unlock(&queue->lock);
	return pushed;
}

void *queue_pop(struct queue *queue)
{
	void *item = NULL;

	pthread_mutex_lock(&queue->lock);
	while (queue->count == 0 && !queue->closed && !queue->aborted)
		pthread_cond_wait(&queue->changed, &queue->lock);
	if (queue->count > 0 && !queue->aborted) {
		item = queue->items[queue->first];
		queue->first = (queue->first + 1) % queue->capacity;
		queue->count--;
		pthread_cond_broadcast(&queue->changed);
	}
	pthread_mutex_unlock(&queue->lock);
	return item;
}

static void set(struct queue *queue, bool *flag)
{
	if (queue->capacity == 0)
		return;
	pthread_mutex_lock(&queue->lock);
	*flag = true;
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}

void queue_close(struct queue *queue)
{
	set(queue, &queue->closed);
}

void queue_abort(struct queue *queue)
{
	set(queue, &queue->aborted);
}
