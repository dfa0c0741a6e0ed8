/* json_memory.c - whether jansson gave up for want of memory. */
#include "support/json_memory.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>

static _Thread_local bool failed;

static void *allocate(size_t size)
{
	void *bytes = malloc(size);

	failed |= bytes == NULL;
	return bytes;
}

/* What jansson has allocated before stays good: both ways it is malloc and free. */
static void install(void)
{
	json_set_alloc_funcs(allocate, free);
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
