/* place.h - where keys are looked for: an environment and a folder that are the test's own. */
#ifndef TESTS_UNIT_AWS_PLACE_H
#define TESTS_UNIT_AWS_PLACE_H

#include <stddef.h>

/* Nothing of AWS in the environment, HOME an empty folder, and no machine's service is asked. */
void place_open(void);
void place_close(void);

/* The path of a file of this text; the name's folders are made. Good until the next call. */
const char *place_write(const char *name, const char *text);

void place_set(const char *variable, const char *value);

/* "2026-11-25T01:02:03Z": so many seconds from now. Good until the next call. */
const char *place_time(long from_now_s);

#endif
