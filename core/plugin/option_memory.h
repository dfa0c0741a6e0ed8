/* option_memory.h - the memory behind bound options: freed together, wiped before. */
#ifndef PLUGIN_OPTION_MEMORY_H
#define PLUGIN_OPTION_MEMORY_H

#include "plugin/option_bind.h"

/* Zeroed bytes that live until option_memory_free; NULL: out of memory. A NULL *memory is empty. */
void *option_memory_take(struct option_memory **memory, size_t count, size_t size);
char *option_memory_copy(struct option_memory **memory, const char *text, size_t length);

#endif
