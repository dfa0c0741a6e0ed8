/* gate.c - who waits stands in a list; who leaves hands the gate to the first of it. */
#include "plugin/gate.h"

#include <time.h>

/* How often a thread that waits looks whether its call must end. */
enum { LOOK_MS = 100 };

struct gate_waiter {
	pthread_cond_t let_in;
	bool inside;
	struct gate_waiter *next;
};

void gate_init(struct gate *gate)
{
	*gate = (struct gate){.last = &gate->first};
	pthread_mutex_init(&gate->lock, NULL);
}

void gate_finish(struct gate *gate)
{
	pthread_mutex_destroy(&gate->lock);
}

static void append(struct gate *gate, struct gate_waiter *waiter)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&waiter->let_in, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*gate->last = waiter;
	gate->last = &waiter->next;
}

static void remove_waiter(struct gate *gate, struct gate_waiter *waiter)
{
	struct gate_waiter **link = &gate->first;

	while (*link != waiter)
		link = &(*link)->next;
	*link = waiter->next;
	if (gate->last == &waiter->next)
		gate->last = link;
}

static void wait_a_little(struct gate *gate, struct gate_waiter *waiter)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_cond_timedwait(&waiter->let_in, &gate->lock, &until);
}

int gate_enter(struct gate *gate, const char *what, const struct vm_call *call,
               struct vm_error *err)
{
	struct gate_waiter self = {0};
	int status = vm_call_check(call, what, err);

	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&gate->lock);
	if (!gate->busy) {
		gate->busy = true;
		pthread_mutex_unlock(&gate->lock);
		return VM_OK;
	}
	append(gate, &self);
	while (!self.inside && status == VM_OK) {
		wait_a_little(gate, &self);
		if (!self.inside)
			status = vm_call_check(call, what, err);
	}
	if (!self.inside)
		remove_waiter(gate, &self);
	pthread_mutex_unlock(&gate->lock);
	pthread_cond_destroy(&self.let_in);
	return status;
}

void gate_leave(struct gate *gate)
{
	struct gate_waiter *next;

	pthread_mutex_lock(&gate->lock);
	next = gate->first;
	if (next != NULL) {
		remove_waiter(gate, next);
		next->inside = true;
		pthread_cond_signal(&next->let_in);
	} else {
		gate->busy = false;
	}
	pthread_mutex_unlock(&gate->lock);
}
