/* lock.h - one at a time, across threads and processes. */
#ifndef KIT_LOCK_H
#define KIT_LOCK_H

#include <vidmill/host.h>

/*
 * Waits for the exclusive flock of the open file or folder `fd`; it is held
 * until every copy of this descriptor is closed, so by no dead process. Two
 * openings of one file exclude each other even in one thread. Fails only as
 * vm_call_check of `what` does, or when the file system has no locks.
 */
int kit_lock(int fd, const char *what, const struct vm_call *call, struct vm_error *err);

#endif
