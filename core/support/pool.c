/* pool.c - threads that take work from one bounded ring. */
#include "support/pool.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct item {
	pool_work_fn *work;
	void *ctx;
};

struct pool {
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t arrived, taken, idle;
	pthread_t *threads;
	unsigned n_threads; /* started, so to be joined */
	struct item *ring;
	size_t ring_size, first, waiting;
	unsigned running;
	bool ending;
};

static void *run(void *ctx)
{
	struct pool *pool = ctx;
	struct item item;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		while (pool->waiting == 0 && !pool->ending)
			pthread_cond_wait(&pool->arrived, &pool->lock);
		if (pool->waiting == 0)
			break;
		item = pool->ring[pool->first];
		pool->first = (pool->first + 1) % pool->ring_size;
		pool->waiting--;
		pool->running++;
		pthread_cond_signal(&pool->taken);
		pthread_mutex_unlock(&pool->lock);

		item.work(item.ctx);

		pthread_mutex_lock(&pool->lock);
		pool->running--;
		if (pool->running == 0 && pool->waiting == 0)
			pthread_cond_broadcast(&pool->idle);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

int pool_create(unsigned threads, size_t waiting_most, struct pool **out, struct vm_error *err)
{
	struct pool *pool = calloc(1, sizeof *pool);
	int status = VM_OK, error;

	if (pool == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->arrived, NULL);
	pthread_cond_init(&pool->taken, NULL);
	pthread_cond_init(&pool->idle, NULL);
	pool->ring_size = waiting_most > 0 ? waiting_most : 1;
	pool->ring = calloc(pool->ring_size, sizeof *pool->ring);
	pool->threads = calloc(threads, sizeof *pool->threads);
	if (pool->ring == NULL || pool->threads == NULL) {
		status = vm_fail_memory(err);
		goto fail;
	}
	while (pool->n_threads < threads) {
		error = pthread_create(&pool->threads[pool->n_threads], NULL, run, pool);
		if (error != 0) {
			status = vm_fail(err, VM_ERR_UNAVAILABLE, "start thread %u of %u: %s",
			                 pool->n_threads + 1, threads, strerror(error));
			goto fail;
		}
		pool->n_threads++;
	}
	*out = pool;
	return VM_OK;

fail:
	pool_destroy(pool);
	return status;
}

void pool_submit(struct pool *pool, pool_work_fn *work, void *ctx)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->waiting == pool->ring_size)
		pthread_cond_wait(&pool->taken, &pool->lock);
	pool->ring[(pool->first + pool->waiting) % pool->ring_size] = (struct item){work, ctx};
	pool->waiting++;
	pthread_cond_signal(&pool->arrived);
	pthread_mutex_unlock(&pool->lock);
}

void pool_drain(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->running > 0 || pool->waiting > 0)
		pthread_cond_wait(&pool->idle, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

void pool_destroy(struct pool *pool)
{
	if (pool == NULL)
		return;
	/* The threads end when nothing waits any more, so this drains too. */
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->arrived);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->idle);
	pthread_cond_destroy(&pool->taken);
	pthread_cond_destroy(&pool->arrived);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool->ring);
	free(pool);
}
