/* option_memory.c - the memory behind bound options: freed together, wiped before. */
#include "plugin/option_memory.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

struct option_memory {
	struct option_memory *next;
	size_t length;
	alignas(max_align_t) unsigned char bytes[];
};

void *option_memory_take(struct option_memory **memory, size_t count, size_t size)
{
	struct option_memory *taken;

	if (size != 0 && count > (SIZE_MAX - sizeof *taken) / size)
		return NULL;
	taken = calloc(1, sizeof *taken + count * size);
	if (taken == NULL)
		return NULL;
	taken->length = count * size;
	taken->next = *memory;
	*memory = taken;
	return taken->bytes;
}

char *option_memory_copy(struct option_memory **memory, const char *text, size_t length)
{
	char *copy = option_memory_take(memory, length + 1, 1);

	if (copy != NULL)
		memcpy(copy, text, length);
	return copy;
}

/* Wipes all of it: which pieces are secret is not worth remembering. */
void option_memory_free(struct option_memory *memory)
{
	while (memory != NULL) {
		struct option_memory *next = memory->next;

		explicit_bzero(memory->bytes, memory->length);
		free(memory);
		memory = next;
	}
}
