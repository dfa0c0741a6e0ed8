/* budget.h - how much memory a worker and its codec child may take, told by those who take it. */
#ifndef WORKER_BUDGET_H
#define WORKER_BUDGET_H

#include "pipeline/pipeline.h"

struct budget_part {
	const char *name;
	uint64_t bytes; /* at the most */
};

#define BUDGET_PARTS 6

/*
 * What the parts of a worker may take, each by its own bound. Beside it are the
 * program, its libraries and what storage and queue plugins take for themselves.
 */
void budget_read(const struct pipeline *pipeline, struct budget_part parts[BUDGET_PARTS]);

/* Logs the parts, their sum and what a codec child may take. */
void budget_tell(const struct pipeline *pipeline);
/* Logs the largest size that this process has had. */
void budget_tell_used(void);

#endif
