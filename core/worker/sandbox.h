/* sandbox.h - what a codec child gives up before it touches a byte of a stranger. */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <vidmill/status.h>

struct sandbox {
	uint64_t memory_bytes; /* 0: no limit */
	uint64_t cpu_ms;       /* 0: no limit */
};

/*
 * [main thread of the child, before it has others] For ever: hidden, no new
 * privileges, and limits on address space, processor time, files, and cores.
 * Everything that needs a file was opened before.
 */
int sandbox_enter(const struct sandbox *sandbox, struct vm_error *err);

/*
 * Other processes of this user, the child among them, may not look into this
 * one: neither its memory nor the environment that it was started with. It also
 * leaves no core behind.
 */
int sandbox_hide(struct vm_error *err);

/* [the child, first of all] The kernel ends it when its worker dies. */
int sandbox_follow_parent(struct vm_error *err);

/* The address space that a child of this budget gets; 0: no limit. */
uint64_t sandbox_address_bytes(uint64_t memory_bytes);

#endif
