/* compute_kit.h - the compute service under test, and c_: the steps that most cases take. */
#ifndef CONTRACT_COMPUTE_KIT_H
#define CONTRACT_COMPUTE_KIT_H

#include "harness.h"

/* A service with more room than this is not filled. */
#define COMPUTE_FILL_MOST 8

struct compute {
	struct contract *t;
	const struct vm_compute_ops *ops;
	void *self;
	struct vm_compute_traits traits;
};

struct compute c_open(struct contract *t);
struct compute c_of(struct contract *t, void *self);

/* A token of the case; and what it starts: a task that does `deed`, exits with `code`. */
const char *c_token(struct contract *t, const char *name);
struct vm_task c_task(struct contract *t, const char *name, const char *deed, int code);

/* How often a task of that name has begun, as far as it can be seen from here. */
unsigned c_traces(struct contract *t, const char *name);

/* Each of these expects to succeed. */
const char *c_start(const struct compute *c, const char *name, const char *deed, int code);
struct vm_task_status c_status(const struct compute *c, const char *task);
void c_stop(const struct compute *c, const char *task);
uint32_t c_capacity(const struct compute *c);

/* Waits until the task is in that state, or a later one. */
struct vm_task_status c_wait(const struct compute *c, const char *task, enum vm_task_state state);
/* Waits until it stopped and expects that exit code. */
void c_expect_exit(const struct compute *c, const char *task, int32_t code);

#endif
