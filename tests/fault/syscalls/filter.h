/* filter.h - the system calls that change something, and the filter that reports them. */
#ifndef FAULT_FILTER_H
#define FAULT_FILTER_H

#include <stdbool.h>

/* NULL: none of those that are reported. */
const char *filter_name(int system_call);
/* Whether a call of this name can fail for want of room on the disk. */
bool filter_needs_room(const char *name);

/*
 * Puts the filter on this process and all that come from it; a descriptor that
 * reports each of the calls before it happens (seccomp_unotify(2)), or -1.
 */
int filter_install(void);

#endif
