/* sandbox_parts.h - the single walls of the sandbox; sandbox_enter puts them up in order. */
#ifndef WORKER_SANDBOX_PARTS_H
#define WORKER_SANDBOX_PARTS_H

#include <vidmill/status.h>

/* Sanitizers reserve terabytes of address space and look into their own process. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

/* An empty network and an empty IPC namespace. False where a process may not have its own. */
bool sandbox_leave_namespaces(void);

/* For a worker that runs as root, and for what a new user namespace gives. */
int sandbox_drop_capabilities(struct vm_error *err);

/*
 * No file by name, no TCP, no signal and no abstract socket across the border.
 * Returns the version of Landlock that the kernel has, 0 when it has none.
 * Needs no_new_privs.
 */
int sandbox_landlock(void);

/*
 * The list of system calls, for all threads of the process. Those that libraries
 * try and can do without fail; any other ends the process with SIGSYS, and its
 * name is the last line on stderr. Needs no_new_privs.
 */
int sandbox_filter(struct vm_error *err);

#endif
