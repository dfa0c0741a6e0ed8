/* pool.h - a fixed number of threads that take work from one bounded queue. */
#ifndef SUPPORT_POOL_H
#define SUPPORT_POOL_H

#include <vidmill/status.h>

struct pool;

typedef void pool_work_fn(void *ctx);

int pool_create(unsigned threads, size_t waiting_most, struct pool **out, struct vm_error *err);
/* Blocks while `waiting_most` items wait. */
void pool_submit(struct pool *pool, pool_work_fn *work, void *ctx);
/* Until nothing runs and nothing waits. */
void pool_drain(struct pool *pool);
/* Drains, joins; accepts NULL. */
void pool_destroy(struct pool *pool);

#endif
