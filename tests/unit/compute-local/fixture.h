/* fixture.h - a compute instance in a folder of its own, with shell commands as its tasks. */
#ifndef TESTS_COMPUTE_LOCAL_FIXTURE_H
#define TESTS_COMPUTE_LOCAL_FIXTURE_H

#include <vidmill/plugin.h>

#include "compute.h"

struct fixture {
	char folder[64]; /* the state directory */
	struct compute_config config;
	struct vm_host host;
	const struct vm_compute_ops *ops;
	void *self;
};

/* Two tasks at once, with a short grace. */
void fixture_init(struct fixture *fixture);
/* Another instance over the same folder, as another server has it. */
void fixture_share(struct fixture *fixture, struct fixture *other);
void fixture_finish(struct fixture *fixture); /* stops all tasks and removes the folder */

/* The status of start; the task runs `script` in the fixture's folder, with the job "{}". */
int start(struct fixture *fixture, const char *token, const char *script, struct vm_error *err);
/* Fails the test when that is not VM_OK. */
void must_start(struct fixture *fixture, const char *token, const char *script);
void stop(struct fixture *fixture, const char *token);

struct vm_task_status status_of(struct fixture *fixture, const char *token);
/* Waits until the task has ended. */
struct vm_task_status wait_end(struct fixture *fixture, const char *token);
void check_end(struct fixture *fixture, const char *token, int32_t exit_code, const char *reason);
uint32_t capacity(struct fixture *fixture);

/* A file in the folder: its text, waited for until it ends with a newline. */
const char *wait_file(struct fixture *fixture, const char *name);
int count_lines(struct fixture *fixture, const char *name); /* 0 when there is no such file */
bool is_alive(long pid);                                    /* and no zombie */
void wait_dead(long pid);
void pause_ms(long duration_ms);

#endif
