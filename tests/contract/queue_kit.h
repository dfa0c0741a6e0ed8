/* queue_kit.h - the queue under test, and q_: the steps that most of its cases take. */
#ifndef CONTRACT_QUEUE_KIT_H
#define CONTRACT_QUEUE_KIT_H

#include "harness.h"

/* "At once" of a service that has a little delay; and how long to wait for what must come. */
#define QUEUE_SOON_MS 5000
#define QUEUE_PATIENCE_MS 20000

struct queue {
	struct contract *t;
	const struct vm_queue_ops *ops;
	void *self;
	struct vm_queue_traits traits;
};

/* A copy of a message that the case itself has sent. */
struct taken {
	char id[VM_MESSAGE_ID_MAX];
	char receipt[VM_RECEIPT_MAX];
	char *body; /* ended by NUL; without the case's tag, which `length` does not count either */
	size_t length;
	uint32_t receives;
	int64_t sent_ms;
};

struct queue q_open(struct contract *t);
struct queue q_of(struct contract *t, void *self);

/* Each of these expects to succeed. */
void q_send(const struct queue *q, const char *text, uint64_t delay_ms);
void q_send_bytes(const struct queue *q, const void *bytes, size_t length);
void q_extend(const struct queue *q, const struct taken *message, uint64_t visibility_ms);
void q_remove(const struct queue *q, const struct taken *message);

/*
 * Receives until a message of the case has come or the time is over: false.
 * Messages of others, who may have used the queue before, are removed.
 */
bool q_find(const struct queue *q, uint64_t wait_ms, struct taken *out);
/* The same for what must come. */
struct taken q_take(const struct queue *q);
/* Takes it and checks its text. */
struct taken q_take_text(const struct queue *q, const char *text);
void q_expect_none(const struct queue *q, uint64_t wait_ms);

/* As emitted: whether the message is the case's own, and then a copy of it. */
bool q_is_own(const struct queue *q, const void *body, size_t length);
struct taken q_copy(const struct queue *q, const struct vm_message *message);

/* A dead letter of the case with that text; false when there is none. */
struct dead {
	char id[VM_MESSAGE_ID_MAX];
	char reason[512];
	uint32_t receives;
	int64_t died_ms;
};

/* Of any text when it is NULL. */
bool q_find_dead(const struct queue *q, const char *text, struct dead *out);
/* Waits for one that must come. */
struct dead q_wait_dead(const struct queue *q, const char *text);
/* Sends a text, receives it and makes it a dead letter. */
struct dead q_bury(const struct queue *q, const char *text, const char *reason);

/*
 * Takes away what others have left, of the living and of the dead, for a case
 * that counts. False when there is still something after a while.
 */
bool q_empty(const struct queue *q);

/* Removes what the case has left: the queue of a service outlives it. */
void q_clean(const struct queue *q);

#endif
