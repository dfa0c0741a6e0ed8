/* http_range.c - reads the header Range. */
#include "server/http_range.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Digits alone; a number that is too large counts as the largest. False: no digit is there. */
static bool read_digits(const char **text, uint64_t *out)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	*out = strtoull(*text, &end, 10);
	*text = end;
	return true;
}

/* "-500": the last 500 bytes. */
static enum range_kind read_suffix(const char *text, uint64_t length, uint64_t *first,
                                   uint64_t *count)
{
	uint64_t wanted;

	if (!read_digits(&text, &wanted) || *text != '\0')
		return RANGE_WHOLE;
	if (wanted == 0 || length == 0)
		return RANGE_UNSATISFIABLE;
	*count = wanted < length ? wanted : length;
	*first = length - *count;
	return RANGE_PART;
}

enum range_kind range_read(const char *header, uint64_t length, uint64_t *first, uint64_t *count)
{
	const char *text = header;
	uint64_t from;
	uint64_t last = UINT64_MAX;

	if (header == NULL || strncmp(header, "bytes=", 6) != 0)
		return RANGE_WHOLE;
	text += 6;
	if (*text == '-')
		return read_suffix(text + 1, length, first, count);
	if (!read_digits(&text, &from) || *text++ != '-')
		return RANGE_WHOLE;
	if (*text != '\0' && (!read_digits(&text, &last) || *text != '\0' || last < from))
		return RANGE_WHOLE;
	if (from >= length)
		return RANGE_UNSATISFIABLE;
	*first = from;
	*count = last - from < length - from ? last - from + 1 : length - from;
	return RANGE_PART;
}
