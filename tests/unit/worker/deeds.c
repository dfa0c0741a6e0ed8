/* deeds.c - what an attempt does that lasts, in the order in which it does it. */
#include "deeds.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char list[4096];
static const char *last = "";

void deeds_add(const char *deed)
{
	size_t length;

	pthread_mutex_lock(&lock);
	length = strlen(list);
	if (strcmp(last, deed) != 0 && length < sizeof list)
		snprintf(list + length, sizeof list - length, "%s%s", length > 0 ? ", " : "", deed);
	last = deed;
	pthread_mutex_unlock(&lock);
}

const char *deeds(void)
{
	return list;
}
