/* record.h - the file that stands for a task: locked while it lives, then it says how it ended. */
#ifndef COMPUTE_LOCAL_RECORD_H
#define COMPUTE_LOCAL_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum record_stop {
	RECORD_NOT_ASKED = 1, /* it ended by itself */
	RECORD_ASKED = 2,     /* it was sent SIGTERM */
	RECORD_KILLED = 3     /* and SIGKILL, when its grace was over */
};

/* What the keeper writes when the task has ended. */
struct record_end {
	int32_t wait_status; /* as of waitpid */
	int32_t stop;        /* enum record_stop */
};

struct record {
	bool is_there, is_living, has_end;
	pid_t keeper; /* of a living task; 0 in a container that cannot see it */
	struct record_end end;
};

/* Reads the record of a task. 0 or errno; a record that is not there is no error. */
int record_read(int tasks, const char *token, struct record *record);

/*
 * How many tasks are living. Records of those that ended more than a day before
 * `now` are removed. 0 or errno.
 */
int record_count(int tasks, time_t now, uint32_t *living);

/*
 * For the keeper, which is to own the record from its first moment on: makes it
 * and locks it under another name, then gives it its own. Both only make system
 * calls. The descriptor, or -1 with errno.
 */
int record_open(int tasks, const char *draft);
int record_publish(int tasks, const char *draft, const char *token);

#endif
