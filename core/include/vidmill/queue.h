/* queue.h - the operations of a queue plugin: messages at least once, with dead letters. */
#ifndef VIDMILL_QUEUE_H
#define VIDMILL_QUEUE_H

#include <vidmill/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VM_RECEIPT_MAX 2048
#define VM_MESSAGE_ID_MAX 256

/*
 * A message as received, borrowed for the emit call. The receipt stands for
 * this one receive: text that may be handed to another process. Once the
 * message was received again an older receipt need not work any more (then
 * VM_ERR_CONFLICT), and no promise of the system leans on its working.
 */
struct vm_message {
	const char *id;
	const char *receipt;
	const void *body;
	size_t length;
	uint32_t receives; /* this one included; about right is enough */
	uint32_t reserved;
	int64_t sent_ms; /* Unix time; 0 when not known */
};

struct vm_dead_letter {
	const char *id; /* good for redrive */
	const void *body;
	size_t length;
	/* As given to dead_letter, or the plugin's own words for too many receives. */
	const char *reason;
	uint32_t receives;
	uint32_t reserved;
	int64_t died_ms; /* Unix time; 0 when not known */
};

/* Constant over the life of an instance. */
struct vm_queue_traits {
	uint32_t size;
	uint32_t max_receives;  /* received more often than this, a message is dead */
	uint64_t visibility_ms; /* how long a received message stays hidden unless extended */
	uint64_t extend_max_ms; /* the longest that one extend may ask for */
	uint64_t delay_max_ms;  /* the longest delay that send takes */
	uint64_t message_bytes_max;
};

struct vm_queue_stats {
	uint32_t size;
	uint32_t reserved;
	uint64_t visible;   /* could be received now */
	uint64_t invisible; /* received, neither removed nor given back */
	uint64_t delayed;   /* not due yet */
	uint64_t dead;
	uint64_t oldest_ms; /* age of the oldest message that is not dead; 0 when there is none */
};

typedef enum vm_more vm_message_fn(void *ctx, const struct vm_message *message);
typedef enum vm_more vm_dead_letter_fn(void *ctx, const struct vm_dead_letter *letter);

/* [worker thread, blocking, cancellable] all but traits, which does no I/O. None is optional. */
struct vm_queue_ops {
	uint32_t size;
	uint32_t reserved;

	void (*traits)(void *self, struct vm_queue_traits *out);

	/* Durable when it returns VM_OK. Not receivable before delay_ms have passed. */
	int (*send)(void *self, const void *body, size_t length, uint64_t delay_ms,
	            const struct vm_call *call, struct vm_error *err);

	/*
	 * Waits up to wait_ms for a first message, then emits what is there, at most
	 * `max`, and hides each for visibility_ms. A message received more than
	 * max_receives times goes to the dead letters by itself and is not emitted.
	 * None in time is VM_OK. Messages emitted after VM_STOP was answered: none;
	 * those already taken are given back.
	 */
	int (*receive)(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
	               const struct vm_call *call, struct vm_error *err);

	/* Hides the message for visibility_ms from now; 0 gives it back at once. */
	int (*extend)(void *self, const char *receipt, uint64_t visibility_ms,
	              const struct vm_call *call, struct vm_error *err);

	/* Removing what was removed already succeeds. */
	int (*remove)(void *self, const char *receipt, const struct vm_call *call,
	              struct vm_error *err);

	/* Moves a received message to the dead letters; kept with the reason, in one step or so
	 * that a crash between leaves it in both places, never in none. */
	int (*dead_letter)(void *self, const struct vm_message *message, const char *reason,
	                   const struct vm_call *call, struct vm_error *err);

	int (*stats)(void *self, struct vm_queue_stats *out, const struct vm_call *call,
	             struct vm_error *err);

	/* The dead letters, oldest first where the service keeps an order. Changes nothing. */
	int (*list_dead)(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
	                 const struct vm_call *call, struct vm_error *err);

	/*
	 * Makes one dead letter (id) or all of them (NULL) receivable again, with
	 * their receives counted from 0; *moved is how many. An id that is not there:
	 * VM_ERR_NOT_FOUND.
	 */
	int (*redrive)(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
	               struct vm_error *err);

	/* Removes one dead letter for good: VM_ERR_NOT_FOUND when it is not there. */
	int (*remove_dead)(void *self, const char *id, const struct vm_call *call,
	                   struct vm_error *err);
};

#ifdef __cplusplus
}
#endif

#endif
