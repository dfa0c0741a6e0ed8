/* random.c - bytes that nobody guesses, from the kernel. */
#include "support/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void random_fill(void *bytes, size_t length)
{
	unsigned char *at = bytes;

	while (length > 0) {
		ssize_t got = getrandom(at, length, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			/* Going on with what can be guessed would be worse than ending. */
			perror("getrandom");
			abort();
		}
		at += got;
		length -= (size_t)got;
	}
}

void random_hex(char *text, size_t n_bytes)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char byte;

	for (size_t i = 0; i < n_bytes; i++) {
		random_fill(&byte, 1);
		*text++ = digits[byte >> 4];
		*text++ = digits[byte & 15];
	}
	*text = '\0';
}

uint64_t random_up_to(uint64_t bound)
{
	uint64_t value, range = bound + 1;

	random_fill(&value, sizeof value);
	if (range == 0)
		return value;
	/* The last, incomplete run of `range` values would favour the small ones. */
	while (value - value % range > UINT64_MAX - bound)
		random_fill(&value, sizeof value);
	return value % range;
}
