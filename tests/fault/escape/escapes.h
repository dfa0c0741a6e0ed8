/* escapes.h - what a decoder does that a hostile file has taken over. */
#ifndef TESTS_ESCAPES_H
#define TESTS_ESCAPES_H

#include <stdbool.h>

/*
 * True when it got out. False when it was refused, with errno of the refusal.
 * Some do not return where they are stopped.
 */
typedef bool escape_fn(const char *argument);

struct escape {
	const char *name;
	escape_fn *attempt;
};

/* NULL when there is none of this name. */
const struct escape *escape_find(const char *name);

escape_fn escape_open;        /* a file that is there */
escape_fn escape_create;      /* a file that is not */
escape_fn escape_proc_parent; /* the environment of its worker */
escape_fn escape_read_env;
escape_fn escape_write_fd; /* any descriptor but its own */

escape_fn escape_exec;
escape_fn escape_fork;
escape_fn escape_threads; /* `argument` many */
escape_fn escape_ptrace;
escape_fn escape_signal_parent;
escape_fn escape_signal_thread;
escape_fn escape_orphan; /* outlives its worker */
escape_fn escape_core;   /* leaves its memory on the disk */

escape_fn escape_connect; /* to port `argument` of this machine */
escape_fn escape_connect_deaf;
escape_fn escape_connect_shameless;
escape_fn escape_mmap_exec;
escape_fn escape_mprotect_exec;
escape_fn escape_io_uring;
escape_fn escape_userns;
escape_fn escape_bpf;
escape_fn escape_userfaultfd;
escape_fn escape_keyctl;

escape_fn escape_allocate;        /* `argument` MiB of addresses */
escape_fn escape_allocate_slowly; /* `argument` MiB, each in use before the next */
escape_fn escape_spin;            /* `argument` ms of processor time */

#endif
