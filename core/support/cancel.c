/* cancel.c - a token over an eventfd; triggering one walks down to its children. */
#include "support/cancel.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "support/clock.h"

/*
 * A parent's lock is taken before its children's, never the other way round:
 * a child that is destroyed leaves its parent under the parent's lock alone.
 */
struct cancel {
	pthread_mutex_t lock; /* of triggering and of the list of children */
	atomic_bool triggered;
	int fd; /* written once, never read: readable for ever */
	struct cancel *parent;
	struct cancel *first_child;
	struct cancel *next, **link; /* among the parent's children; the parent's lock */
};

/* How long a wait may go without a look at the clock, which runs on while the machine sleeps. */
enum { WAIT_SLICE_MS = 60 * 1000 };

int cancel_create(struct cancel *parent, struct cancel **out, struct vm_error *err)
{
	struct cancel *cancel = calloc(1, sizeof *cancel);
	bool triggered;

	if (cancel == NULL)
		return vm_fail_memory(err);
	cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (cancel->fd < 0) {
		vm_fail(err, VM_ERR_UNAVAILABLE, "eventfd: %s", strerror(errno));
		if (err != NULL)
			err->native = errno;
		free(cancel);
		return VM_ERR_UNAVAILABLE;
	}
	pthread_mutex_init(&cancel->lock, NULL);
	*out = cancel;
	if (parent == NULL)
		return VM_OK;

	pthread_mutex_lock(&parent->lock);
	cancel->parent = parent;
	cancel->next = parent->first_child;
	cancel->link = &parent->first_child;
	if (cancel->next != NULL)
		cancel->next->link = &cancel->next;
	parent->first_child = cancel;
	triggered = atomic_load(&parent->triggered);
	pthread_mutex_unlock(&parent->lock);
	/* A trigger from here on finds the child in the list. */
	if (triggered)
		cancel_trigger(cancel);
	return VM_OK;
}

void cancel_destroy(struct cancel *cancel)
{
	if (cancel == NULL)
		return;
	if (cancel->parent != NULL) {
		pthread_mutex_lock(&cancel->parent->lock);
		*cancel->link = cancel->next;
		if (cancel->next != NULL)
			cancel->next->link = cancel->link;
		pthread_mutex_unlock(&cancel->parent->lock);
	}
	pthread_mutex_destroy(&cancel->lock);
	close(cancel->fd);
	free(cancel);
}

void cancel_trigger(struct cancel *cancel)
{
	const uint64_t one = 1;

	pthread_mutex_lock(&cancel->lock);
	if (!atomic_exchange(&cancel->triggered, true)) {
		/* The counter starts at 0 and is written once, so this neither blocks nor falls short. */
		while (write(cancel->fd, &one, sizeof one) < 0 && errno == EINTR)
			;
		for (struct cancel *child = cancel->first_child; child != NULL; child = child->next)
			cancel_trigger(child);
	}
	pthread_mutex_unlock(&cancel->lock);
}

bool cancel_triggered(const struct cancel *cancel)
{
	return cancel != NULL && atomic_load(&cancel->triggered);
}

int cancel_fd(const struct cancel *cancel)
{
	return cancel != NULL ? cancel->fd : -1;
}

bool cancel_sleep_ms(const struct cancel *cancel, uint64_t duration_ms)
{
	int64_t now = clock_monotonic_ms();
	int64_t end = duration_ms < (uint64_t)(INT64_MAX - now) ? now + (int64_t)duration_ms
	                                                        : INT64_MAX;
	struct pollfd wait = {.fd = cancel_fd(cancel), .events = POLLIN}; /* -1 is passed over */

	for (; now < end && !cancel_triggered(cancel); now = clock_monotonic_ms())
		poll(&wait, 1, end - now < WAIT_SLICE_MS ? (int)(end - now) : WAIT_SLICE_MS);
	return !cancel_triggered(cancel);
}
