/* upload_receiver.h - bytes that arrive from a client, on their way into storage. */
#ifndef SERVER_UPLOAD_RECEIVER_H
#define SERVER_UPLOAD_RECEIVER_H

#include "plugin/instance.h"
#include "support/cancel.h"

/*
 * One object is written, if it is not there yet, through parts of the store: at
 * most one part is in memory, no copy is on a disk. Nothing is visible before
 * receiver_commit has succeeded. [one thread at a time]
 */
struct receiver;

struct receiver_want {
	struct instance *storage;
	const char *key;
	const char *content_type; /* NULL or empty: not known */
	uint64_t bytes_most;      /* more is VM_ERR_LIMIT */
	bool bytes_known;         /* exactly bytes_most will come */
	const struct cancel *cancel;
};

/* Borrows `storage` and `cancel`; asks nothing of the store yet. */
int receiver_create(const struct receiver_want *want, struct receiver **out, struct vm_error *err);

int receiver_take(struct receiver *receiver, const void *bytes, size_t length,
                  struct vm_error *err);

/* VM_ERR_CONFLICT when the object was there before. */
int receiver_commit(struct receiver *receiver, struct vm_error *err);

/* Without a commit nothing is left in the store. Accepts NULL. */
void receiver_destroy(struct receiver *receiver);

#endif
