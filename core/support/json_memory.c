/* json_memory.c - whether jansson gave up for want of memory. */
#include "support/json_memory.h"

#include <jansson.h>
#include <pthread.h>

static _Thread_local bool failed;
static json_malloc_t allocate_before; /* plugins may watch as well: all of them are asked in turn */

static void *allocate(size_t size)
{
	void *bytes = allocate_before(size);

	failed |= bytes == NULL;
	return bytes;
}

/* What jansson has allocated before stays good: both ways it is malloc and free. */
static void install(void)
{
	json_free_t release;

	json_get_alloc_funcs(&allocate_before, &release);
	json_set_alloc_funcs(allocate, release);
}

void json_memory_watch(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, install);
	failed = false;
}

bool json_memory_failed(void)
{
	return failed;
}
