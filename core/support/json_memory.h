/* json_memory.h - whether jansson gave up for want of memory. */
#ifndef SUPPORT_JSON_MEMORY_H
#define SUPPORT_JSON_MEMORY_H

#include <stdbool.h>

/*
 * Jansson says of a text for which it found no memory that it is no JSON. A
 * message that is no JSON is a dead letter, one that could not be read just now
 * is not, so it has to be known. [any thread: each has its own answer]
 */
void json_memory_watch(void);  /* from now on */
bool json_memory_failed(void); /* since then */

#endif
