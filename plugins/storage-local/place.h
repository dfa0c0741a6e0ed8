/* place.h - the folder in which the object of a key lies. */
#ifndef STORAGE_LOCAL_PLACE_H
#define STORAGE_LOCAL_PLACE_H

#include "store.h"

struct place {
	int folder;           /* open */
	const char *name;     /* the last segment: the file's name in the folder */
	char key[VM_KEY_MAX]; /* its segments, each ended by NUL */
	size_t depth;         /* how many folders there are between objects/ and the file */
};

/*
 * Opens the folder of `key`, which key_refusal has accepted, one segment after
 * the other and through no symbolic link; with `make`, missing folders are made
 * and every name on the way is durable. 0, and place_close is owed; or errno,
 * ENOTDIR when an object or a link stands in the way.
 */
int place_open(struct store *store, const char *key, bool make, struct place *place);
void place_close(struct place *place);

/* 0, or errno: ENOENT also when what is there is no plain file. */
int place_stat(const struct place *place, struct stat *file);

/*
 * Closes the place after the object was removed, and removes the folders that
 * became empty thereby; durable. 0 or errno.
 */
int place_prune(struct place *place);

#endif
