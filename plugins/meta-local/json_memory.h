/* json_memory.h - whether jansson gave up for want of memory. */
#ifndef META_LOCAL_JSON_MEMORY_H
#define META_LOCAL_JSON_MEMORY_H

#include <stdbool.h>

/* Jansson says of a text for which it found no memory that it is no JSON, which would be said of
 * the document. [any thread: each has its own answer] */
void json_memory_watch(void);  /* from now on */
bool json_memory_failed(void); /* since then */

#endif
