/* known.c - one entry for each video of the history. */
#include "known.h"

#include <stdlib.h>
#include <string.h>

#define KNOWN_MAX 64

static struct known all[KNOWN_MAX];
static size_t count;

void known_reset(void)
{
	memset(all, 0, sizeof all);
	count = 0;
}

struct known *know(const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].id, id) == 0)
			return &all[i];
	if (count == KNOWN_MAX)
		abort();
	snprintf(all[count].id, sizeof all[count].id, "%s", id);
	return &all[count++];
}

void known_each(void (*visit)(struct known *known))
{
	for (size_t i = 0; i < count; i++)
		visit(&all[i]);
}
