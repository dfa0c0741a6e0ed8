/* clock.c - the two clocks of the kernel that are used, and times as text. */
#include "support/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_ms(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now); /* both clocks exist on every kernel that runs this program */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_unix_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

const char *clock_text(int64_t unix_ms, char text[CLOCK_TEXT_MAX])
{
	int64_t ms = unix_ms % 1000;
	time_t seconds = (time_t)(unix_ms / 1000);
	struct tm utc;
	size_t length;

	if (ms < 0) { /* before 1970 the fraction still counts forwards */
		ms += 1000;
		seconds--;
	}
	gmtime_r(&seconds, &utc); /* every int64_t of milliseconds has a year that fits into an int */
	length = strftime(text, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + length, CLOCK_TEXT_MAX - length, ".%03dZ", (int)ms);
	return text;
}

const char *clock_duration_text(int64_t duration_ms, char text[CLOCK_TEXT_MAX])
{
	int64_t ms = duration_ms > 0 ? duration_ms : 0;
	int64_t s = ms / 1000, min = s / 60, h = min / 60, d = h / 24;

	if (s == 0)
		snprintf(text, CLOCK_TEXT_MAX, "%d ms", (int)ms);
	else if (min == 0)
		snprintf(text, CLOCK_TEXT_MAX, "%d.%d s", (int)s, (int)(ms % 1000 / 100));
	else if (h == 0)
		snprintf(text, CLOCK_TEXT_MAX, "%d min %d s", (int)min, (int)(s % 60));
	else if (d == 0)
		snprintf(text, CLOCK_TEXT_MAX, "%d h %d min", (int)h, (int)(min % 60));
	else
		snprintf(text, CLOCK_TEXT_MAX, "%lld d %d h", (long long)d, (int)(h % 24));
	return text;
}
