/* clock.h - what time it is, and how it is written. */
#ifndef SUPPORT_CLOCK_H
#define SUPPORT_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* [any thread] Unix time. */
int64_t clock_unix_ms(void);

/* [any thread] Since boot, suspend included (CLOCK_BOOTTIME): for deadlines and durations. */
int64_t clock_monotonic_ms(void);

#define CLOCK_TEXT_MAX 32

/* Writes RFC 3339 in UTC with milliseconds, "2026-11-24T20:00:00.000Z"; returns text. */
const char *clock_text(int64_t unix_ms, char text[CLOCK_TEXT_MAX]);

/* Writes a duration as people read it: "3.2 s", "4 min 10 s", "2 h 5 min"; returns text. */
const char *clock_duration_text(int64_t duration_ms, char text[CLOCK_TEXT_MAX]);

#endif
