/* suggest.c - "did you mean": the nearest of some names. */
#include "support/suggest.h"

#include <ctype.h>
#include <string.h>

#define WORD_MAX 64

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned differs(char a, char b)
{
	return tolower((unsigned char)a) != tolower((unsigned char)b);
}

/*
 * Optimal string alignment: insertions, deletions, replacements and swaps of
 * neighbours; upper and lower case count as the same.
 */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_length; j++)
		above[j] = (unsigned)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *spare = before;

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
			               above[j - 1] + differs(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && !differs(a[i - 1], b[j - 2]) && !differs(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[b_length];
}

const char *suggest_name(const char *word, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t length = strlen(word);
	unsigned best = (unsigned)(1 + length / 4) + 1; /* a third of a word wrong is another word */

	if (length == 0 || length > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t name_length = strlen(names[i]);
		unsigned found;

		if (name_length > WORD_MAX)
			continue;
		found = distance(word, length, names[i], name_length);
		if (found < best && found < length) {
			best = found;
			nearest = names[i];
		}
	}
	return nearest;
}
