/* crash.h - work in a process that is killed, or refused something, at a chosen system call. */
#ifndef TESTS_STORAGE_LOCAL_CRASH_H
#define TESTS_STORAGE_LOCAL_CRASH_H

#include <stdbool.h>
#include <stddef.h>

/* What the process does; its result, below 100, is that of the functions here. */
typedef int crash_fn(void *ctx);

/* Runs `work` in a process of its own. */
int crash_none(crash_fn *work, void *ctx);

/*
 * Kills the process at the entry of its nth system call, from 0. True with the
 * result when the work was over before that.
 */
bool crash_at(unsigned n, crash_fn *work, void *ctx, int *result);

/* Writes down the numbers of the system calls that are in `wanted` (ended by -1), in order. */
size_t crash_trace(crash_fn *work, void *ctx, const int *wanted, int *seen, size_t most);

/* From now on the system call fails with this errno in this process. */
void crash_refuse(int system_call, int code);

/* False, with the reason on the standard error, where processes may not be traced. */
bool crash_is_possible(void);

#endif
