/* instance.h - one configured plugin, and the turn that every operation on it takes. */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H

#include <pthread.h>

#include <vidmill/plugin.h>

#include "plugin/gate.h"
#include "plugin/load.h"
#include "support/retry.h"

/* The counters of one operation, for the metrics. */
struct instance_count {
	const char *operation;
	uint64_t calls;    /* turns taken */
	uint64_t failures; /* turns that ended with a failure: "not found" and "conflict" are none */
	uint64_t retries;  /* tries beyond the first */
	uint64_t refusals; /* tries that would have helped, had the budget allowed them */
};

#define INSTANCE_OPERATIONS_MAX 24

struct instance {
	struct vm_host host; /* what the plugin was given */
	const struct plugin *plugin;
	const void *config; /* borrowed from the pipeline */
	void *self;
	char *role;
	union { /* asked once, as they are constant; by the plugin's kind */
		struct vm_storage_traits storage;
		struct vm_queue_traits queue;
		struct vm_compute_traits compute;
	} traits;
	struct retry_budget budget;
	pthread_mutex_t counts_lock;
	struct instance_count counts[INSTANCE_OPERATIONS_MAX];
	struct gate gate; /* for VM_THREADS_PER_INSTANCE */
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
 *
 *	turn_begin(&turn, instance, "stat", TURN_REPEATABLE, call, err);
 *	while (turn_next(&turn))
 *		turn.status = ops->stat(instance->self, key, out, call, &turn.error);
 *	return turn.status;
 *
 * At most five tries, and between them full jitter whose bound doubles: from
 * 100 ms to 5 s, or, where the service is throttled, from 500 ms to 20 s. What the
 * service asks for (retry_after_ms) is waited in any case, and up to half of it
 * more, so that those who were told the same do not come back together. A wait
 * that would pass the call's deadline, or that the budget does not pay, is not
 * begun: the failure is told instead. A call that is cancelled while it waits,
 * for its turn or for the next try, ends with VM_ERR_CANCELLED.
 */
enum turn_kind {
	/* Doing it twice is as good as once. */
	TURN_REPEATABLE = 1,
	/* Tried again only when surely nothing happened (throttled). */
	TURN_ONCE = 2,
	/*
	 * A condition (if absent, a version, a token) makes it safe to do it twice,
	 * but the second time may be refused because of the first. So a failure that
	 * says that nothing happened, after a try whose effect is unknown, is told as
	 * VM_ERR_TIMEOUT: it may have happened.
	 */
	TURN_CONDITIONAL = 3
};

struct turn {
	struct instance *instance;
	const char *operation;
	enum turn_kind kind;
	const struct vm_call *call;
	struct vm_error *err;  /* the caller's, written when the turn fails */
	struct vm_error error; /* of one try */
	int status;
	unsigned tries;
	bool unknown; /* the effect of an earlier try may have happened */
	bool shown;   /* something of this try went out to the caller: another would show it twice */
};

void turn_begin(struct turn *turn, struct instance *instance, const char *operation,
                enum turn_kind kind, const struct vm_call *call, struct vm_error *err);
/* True when the operation is to be called now; false when the turn is over. */
bool turn_next(struct turn *turn);

/* [any thread] Adds the numbers of `add` to the operation's; the name is borrowed for ever. */
void instance_add_count(struct instance *instance, const char *operation,
                        struct instance_count add);

/* [any thread] Hands over a copy of each counter that was ever used. */
typedef void instance_count_fn(void *ctx, const struct instance_count *count);
void instance_counts(struct instance *instance, instance_count_fn *each, void *ctx);

#endif
