/* base.h - what every other header of the plugin ABI stands on. */
#ifndef VIDMILL_BASE_H
#define VIDMILL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define VM_EXPORT __attribute__((visibility("default")))
#define VM_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define VM_EXPORT
#define VM_PRINTF(text, first)
#endif

/*
 * A table of functions begins with its size, so that it can grow at its end.
 * VM_HAS asks whether a table is long enough to have a member, and has it.
 */
#define VM_HAS(table, member)                                                                      \
	((table)->size >= offsetof(__typeof__(*(table)), member) + sizeof((table)->member) &&          \
	 (table)->member != NULL)

#endif
