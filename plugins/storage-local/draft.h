/* draft.h - a file in tmp/ that nobody sees yet, and its way into objects/. */
#ifndef STORAGE_LOCAL_DRAFT_H
#define STORAGE_LOCAL_DRAFT_H

#include "store.h"

enum { DRAFT_NAME_MAX = 33 };

/* {.fd = -1} is no draft. */
struct draft {
	int fd;                    /* open for writing until draft_seal; -1 then */
	char name[DRAFT_NAME_MAX]; /* in tmp/; empty: none */
};

/* Writes 32 hexadecimal digits that nobody else has. */
int draft_name(char name[DRAFT_NAME_MAX], const char *what, struct vm_error *err);

int draft_open(struct store *store, struct draft *draft, const char *what, struct vm_error *err);
int draft_write(struct store *store, struct draft *draft, const void *bytes, size_t length,
                const char *what, const struct vm_call *call, struct vm_error *err);

/*
 * Makes the bytes durable, closes the file and describes it: its etag stays the
 * same wherever it is moved. After a failure nothing is to be done with the
 * draft but to drop it: what a failed fsync left on the disk is not known.
 */
int draft_seal(struct store *store, struct draft *draft, struct stat *file, const char *what,
               struct vm_error *err);

/* Removes the file from tmp/, and with it all that was written, unless it was published. */
void draft_drop(struct store *store, struct draft *draft);

/*
 * Gives the sealed draft the key's name, replacing what had it, or with
 * if_absent VM_ERR_CONFLICT; whole or not at all, and durable. When it fails at
 * the very last step, making the name durable, the object is there already.
 */
int draft_publish(struct store *store, struct draft *draft, const char *key, bool if_absent,
                  const char *what, const struct vm_call *call, struct vm_error *err);

/* Copies `bytes` bytes from where `from` stands to where `to` stands; *done counts on for the
 * progress of `total`. */
int copy_bytes(struct store *store, int from, int to, uint64_t bytes, uint64_t *done,
               uint64_t total, const char *what, const struct vm_call *call, struct vm_error *err);

#endif
