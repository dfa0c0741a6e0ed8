/* vtt_time.c - times as WebVTT writes them: 00:01:02.345. */
#include "vtt_time.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void vtt_time_write(FILE *stream, int64_t ms)
{
	fprintf(stream, "%02" PRId64 ":%02" PRId64 ":%02" PRId64 ".%03" PRId64, ms / 3600000,
	        ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

static bool digits(const char **at, size_t least, int64_t *out)
{
	size_t count = strspn(*at, "0123456789");

	if (count < least || count > 9)
		return false;
	*out = strtoll(*at, NULL, 10);
	*at += count;
	return true;
}

bool vtt_time_read(const char **at, int64_t *out_ms)
{
	int64_t hours, minutes, seconds, ms;

	if (!digits(at, 2, &hours) || *(*at)++ != ':' || !digits(at, 2, &minutes) || minutes > 59 ||
	    *(*at)++ != ':' || !digits(at, 2, &seconds) || seconds > 59 || *(*at)++ != '.' ||
	    !digits(at, 3, &ms) || ms > 999)
		return false;
	*out_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
	return true;
}

bool vtt_times_read(const char **at, int64_t *start_ms, int64_t *end_ms)
{
	static const char arrow[] = " --> ";

	if (!vtt_time_read(at, start_ms) || strncmp(*at, arrow, sizeof arrow - 1) != 0)
		return false;
	*at += sizeof arrow - 1;
	return vtt_time_read(at, end_ms);
}
