/* tally.h - what the histories cost, counted over all of them: what thrift saves is seen here. */
#ifndef TESTS_SIM_TALLY_H
#define TESTS_SIM_TALLY_H

#include <stdint.h>

enum tally {
	TALLY_VIDEOS,          /* uploaded */
	TALLY_PROCESSED,       /* results that were shown */
	TALLY_LAUNCHES,        /* tasks that compute has started */
	TALLY_ATTEMPTS,        /* counted: failed or lost */
	TALLY_LOST,            /* of these, lost */
	TALLY_WORKER_SECONDS,  /* of all tasks, paid for whatever comes of them */
	TALLY_WAITING_SECONDS, /* from upload to outcome, of all generations */
	TALLY_TASK_RECEIVES,   /* of the unprocessed queue */
	TALLY_META_CALLS,
	TALLY_QUEUE_CALLS,
	TALLY_STORAGE_CALLS,
	TALLY_COMPUTE_CALLS,
	TALLY_HASTE,    /* launches within two seconds of a failure */
	TALLY_REFUSALS, /* starts that compute had no room for */
	TALLY_COUNT
};

/* Before any process is forked that counts. */
void tally_open(void);
void tally_add(enum tally tally, uint64_t count);
/* One object of JSON, each figure by its name, and the number of histories. */
void tally_print(uint64_t histories);

#endif
