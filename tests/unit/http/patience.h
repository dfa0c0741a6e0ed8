/* patience.h - a call that a test cancels, and how long things took. */
#ifndef TESTS_UNIT_HTTP_PATIENCE_H
#define TESTS_UNIT_HTTP_PATIENCE_H

#include <pthread.h>
#include <stdatomic.h>

#include <vidmill/host.h>

/* Cancelled by a thread of its own, or at its deadline. */
struct patience {
	struct vm_call call; /* first: it is what the functions are given */
	atomic_bool cancelled;
	int pipe[2];
	bool with_fd;
	int64_t end_ms; /* monotonic; 0: none */
	uint64_t after_ms;
	pthread_t thread;
};

int64_t patience_now_ms(void);

/* Never cancelled; it ends `deadline_ms` from now, 0: never. */
void patience_start(struct patience *patience, uint64_t deadline_ms);

/* Cancels by itself after so long; with_fd: also tells by a descriptor. */
void patience_cancel_after(struct patience *patience, uint64_t after_ms, bool with_fd);
void patience_finish(struct patience *patience);

#endif
