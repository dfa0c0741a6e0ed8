/* memory.c - what a case allocates, and the bytes that it writes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"

struct contract_memory {
	struct contract_memory *next;
	max_align_t bytes[];
};

void *contract_alloc(struct contract *t, size_t size)
{
	struct contract_memory *memory = calloc(1, sizeof *memory + size);

	expect(t, memory != NULL, "the suite is out of memory");
	pthread_mutex_lock(&t->lock);
	memory->next = t->memory;
	t->memory = memory;
	pthread_mutex_unlock(&t->lock);
	return memory->bytes;
}

void *contract_shared(struct contract *t, size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	expect(t, memory != MAP_FAILED, "the suite cannot share memory: %s", strerror(errno));
	return memory;
}

char *contract_print(struct contract *t, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	expect(t, length >= 0, "the suite cannot write a text");
	text = contract_alloc(t, (size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}

unsigned char *contract_bytes(struct contract *t, size_t length, unsigned seed)
{
	unsigned char *bytes = contract_alloc(t, length + 1);
	uint64_t state = seed * 2654435761u + 1;

	/* xorshift64: every byte value comes, zero and newline too. */
	for (size_t i = 0; i < length; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		bytes[i] = (unsigned char)(state >> 24);
	}
	return bytes;
}
