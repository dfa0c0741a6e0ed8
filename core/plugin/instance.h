/* instance.h - one configured plugin, and the turn that every operation on it takes. */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H

#include <pthread.h>

#include <vidmill/plugin.h>

#include "plugin/load.h"
#include "support/retry.h"

/* The counters of one operation, for the metrics. */
struct instance_count {
	const char *operation;
	uint64_t calls, failures, retries;
};

#define INSTANCE_OPERATIONS_MAX 24

struct instance {
	struct vm_host host; /* first: the log finds the instance by it */
	const struct plugin *plugin;
	const void *config; /* borrowed from the pipeline */
	void *self;
	char *role;
	struct retry_budget budget;
	pthread_mutex_t counts_lock;
	struct instance_count counts[INSTANCE_OPERATIONS_MAX];
	pthread_mutex_t serial; /* for VM_THREADS_PER_INSTANCE */
};

/*
 * Loads the plugin when that is not done yet and calls its create. `state_dir`
 * and `pipeline` are borrowed for the instance's life. Unless a status is
 * returned the instance must be destroyed. [main thread]
 */
int instance_create(const struct plugin *plugin, const void *config, const char *role,
                    const char *state_dir, const char *pipeline, struct instance **out,
                    struct vm_error *err);
void instance_destroy(struct instance *instance); /* accepts NULL */

/*
 * A turn is one use of an operation: it keeps to the plugin's threading word,
 * counts, and tries again while that helps and the budget, the deadline and the
 * cancellation allow it. Plugins never retry; this is where it is done.
 *
 *	struct turn turn;
 *	int status;
 *
 *	turn_begin(&turn, instance, "stat", TURN_REPEATABLE, call);
 *	do
 *		status = ops->stat(instance->self, key, out, call, err);
 *	while (turn_again(&turn, status, err));
 *	return status;
 */
enum turn_kind {
	TURN_REPEATABLE = 1, /* doing it twice is as good as once */
	TURN_ONCE = 2,       /* tried again only when surely nothing happened (throttled) */
	TURN_WAITING = 3     /* as REPEATABLE, but holds no lock: receive, which waits */
};

struct turn {
	struct instance *instance;
	const char *operation;
	enum turn_kind kind;
	const struct vm_call *call;
	unsigned tries;
};

void turn_begin(struct turn *turn, struct instance *instance, const char *operation,
                enum turn_kind kind, const struct vm_call *call);
/* Ends this try; true when the operation is to be called again (after the wait). */
bool turn_again(struct turn *turn, int status, struct vm_error *err);

/* [any thread] Hands over a copy of each counter that was ever used. */
typedef void instance_count_fn(void *ctx, const struct instance_count *count);
void instance_counts(struct instance *instance, instance_count_fn *each, void *ctx);

#endif
