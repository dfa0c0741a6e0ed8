/* keeper.h - the process between the server and one task. */
#ifndef COMPUTE_LOCAL_KEEPER_H
#define COMPUTE_LOCAL_KEEPER_H

#include <stdint.h>
#include <stdnoreturn.h>

/* All that a keeper needs, made before it is forked: afterwards nothing can be allocated. */
struct keeper {
	int tasks;  /* the folder of records, open and locked with flock, so that we start alone */
	int report; /* where the outcome of the start is written: nothing, or a keeper_report */
	const char *token, *draft; /* the names of the record, and of what it is before */
	const char *file;          /* of the program, as for execvp */
	char *const *arguments, *const *environment;
	uint64_t grace_ms;
};

/* Why no task was started. */
struct keeper_report {
	int32_t step; /* enum keeper_step */
	int32_t code; /* errno */
};

enum keeper_step { KEEPER_DESCRIPTORS = 1, KEEPER_RECORD = 2, KEEPER_FORK = 3, KEEPER_EXEC = 4 };

/*
 * What the forked process does, with all signals blocked: it publishes the record
 * before it starts the task, reports, stays until the task and its process group
 * have ended, and writes down how. SIGTERM to it asks the task to stop; SIGTERM
 * goes to the group, and SIGKILL when the grace is over, whether or not a server
 * still runs then. The task does not outlive it.
 */
noreturn void keeper_run(const struct keeper *keeper);

#endif
