/* sandbox.h - what a codec child gives up before it touches a byte of a stranger. */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <vidmill/status.h>

struct sandbox {
	uint64_t memory_bytes; /* 0: no limit */
	uint64_t cpu_ms;       /* 0: no limit */
};

/* The walls that not every machine has. The others stand, or the child does not start. */
struct sandbox_walls {
	int landlock;    /* version of its interface; 0: the kernel has none */
	bool namespaces; /* a network of its own, without any interface */
};

/*
 * [main thread of the child, before it has others] For ever: hidden, no new
 * privileges, no capability, limits on address space, processor time, files and
 * cores, and a list of the system calls that are left. Everything that needs a
 * file was opened before. VM_ERR_UNAVAILABLE: this machine cannot lock it in,
 * and it must not go on.
 */
int sandbox_enter(const struct sandbox *sandbox, struct sandbox_walls *out, struct vm_error *err);

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

/*
 * Threads of one child, counted by its worker: the kernel's own limit counts all
 * processes of a user together. Far more than encoders start on large machines.
 */
#define SANDBOX_THREADS_MOST 2000

#endif
