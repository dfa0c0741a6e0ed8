/* spawn.h - the codec child as a process: started bare, watched, ended. */
#ifndef WORKER_SPAWN_H
#define WORKER_SPAWN_H

#include <sys/types.h>

#include "worker/verdict.h"

struct spawn {
	const char *program; /* NULL: the one that runs now */
	const char *pipeline_path, *stage;
	const char *state_dir;
	const char *plugin_path; /* may be NULL */
};

struct child {
	pid_t pid;
	int socket; /* to its descriptor 3; the caller's from here on */
	int words;  /* what it writes to stderr; never blocks; the caller's */
	/* as child_measure saw them */
	uint64_t memory_most, address_most;
	uint64_t threads_most;
};

/*
 * The child has no environment, /dev/null for input and output, a session of
 * its own, and no other descriptor. The thread that starts it must outlive it:
 * it is ended with that thread.
 */
int child_start(const struct spawn *spawn, struct child *out, struct vm_error *err);

/* Reads from the kernel what the living child uses now. */
void child_measure(struct child *child);

void child_kill(const struct child *child);
/* Waits up to wait_ms, then kills; collects it. The pid means nothing after that. */
void child_end(struct child *child, uint64_t wait_ms, struct child_end *end);

#endif
