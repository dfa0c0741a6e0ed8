/* gate.h - one at a time, first come first served, and a wait that cancellation ends. */
#ifndef PLUGIN_GATE_H
#define PLUGIN_GATE_H

#include <pthread.h>

#include <vidmill/host.h>

/*
 * A mutex lets a thread that comes back at once overtake those who wait; here
 * the one who waits longest is let in, so that a queue's receive, which comes
 * back for ever, leaves room for the others.
 */
struct gate {
	pthread_mutex_t lock; /* of all below, held for moments */
	struct gate_waiter *first, **last;
	bool busy;
};

void gate_init(struct gate *gate);
void gate_finish(struct gate *gate); /* nobody is inside */

/* [any thread] Waits; VM_ERR_CANCELLED or VM_ERR_TIMEOUT, said of `what`, where the call ends. */
int gate_enter(struct gate *gate, const char *what, const struct vm_call *call,
               struct vm_error *err);
/* [the thread that entered] */
void gate_leave(struct gate *gate);

#endif
