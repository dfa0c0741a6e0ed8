/* queue_local.h - the instance and what its files share. */
#ifndef QUEUE_LOCAL_H
#define QUEUE_LOCAL_H

#include <stdatomic.h>

#include <vidmill/queue.h>

#include "sqlite/statement.h"

struct local_config {
	const char *queue; /* NULL: named after the role */
	uint64_t visibility;
	int64_t max_receives;
};

/* [any thread] Constant but for the database, which has a lock of its own, and `ahead_ms`. */
struct local {
	const struct local_config *config;
	struct database *database;
	/* How far Unix time was ahead of the time since boot when last looked at; 0: never yet. */
	_Atomic int64_t ahead_ms;
};

/* SQS takes no longer extension; a longer delay than that has no use either. */
#define LOCAL_HIDDEN_MOST_MS ((uint64_t)12 * 60 * 60 * 1000)
/* As SQS: a pipeline that works here works there. */
#define LOCAL_MESSAGE_BYTES_MOST ((uint64_t)256 * 1024)

enum local_statement {
	LOCAL_SEND,
	LOCAL_IS_DUE,
	LOCAL_IS_OF_FUTURE,
	LOCAL_WAKE,
	LOCAL_NEXT,
	LOCAL_TAKE,
	LOCAL_EXTEND,
	LOCAL_REMOVE,
	LOCAL_EXISTS,
	LOCAL_BURY,
	LOCAL_BURY_RECEIVED,
	LOCAL_FORGET,
	LOCAL_IS_DEAD,
	LOCAL_LIST_DEAD,
	LOCAL_REVIVE,
	LOCAL_REMOVE_DEAD,
	LOCAL_REVIVE_ALL,
	LOCAL_REMOVE_ALL_DEAD,
	LOCAL_STATS
};

extern const struct database_plan local_plan;

int64_t local_now_ms(void); /* Unix time */

/* "17.5f0c81d2a4b7e963": the message and a word of this one receive. False: not one of ours. */
bool local_receipt_read(const char *receipt, int64_t *id);
/* An id of ours as text; false for any other text. */
bool local_id_read(const char *text, int64_t *id);

/* A statement whose only parameter is a message's id: whether it finds a row. */
int local_finds(struct connection *connection, enum local_statement number, int64_t id, bool *found,
                struct vm_error *err);
/* … how many rows it changes (may be NULL). */
int local_change(struct connection *connection, enum local_statement number, int64_t id,
                 int64_t *changes, struct vm_error *err);

int local_send(void *self, const void *body, size_t length, uint64_t delay_ms,
               const struct vm_call *call, struct vm_error *err);
int local_receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                  const struct vm_call *call, struct vm_error *err);
int local_extend(void *self, const char *receipt, uint64_t visibility_ms,
                 const struct vm_call *call, struct vm_error *err);
int local_remove(void *self, const char *receipt, const struct vm_call *call, struct vm_error *err);
int local_stats(void *self, struct vm_queue_stats *out, const struct vm_call *call,
                struct vm_error *err);

int local_dead_letter(void *self, const struct vm_message *message, const char *reason,
                      const struct vm_call *call, struct vm_error *err);
int local_list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err);
int local_redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                  struct vm_error *err);
int local_remove_dead(void *self, const char *id, const struct vm_call *call, struct vm_error *err);

#endif
