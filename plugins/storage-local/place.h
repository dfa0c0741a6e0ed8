/* place.h - the folder in which the object of a key lies. */
#ifndef STORAGE_LOCAL_PLACE_H
#define STORAGE_LOCAL_PLACE_H

#include "store.h"

struct place {
	int folder;   /* open; -1: none */
	char *name;   /* the file's name in the folder: the last segment, or ITSELF */
	size_t depth; /* how many folders there are between objects/ and the file */
	char key[VM_KEY_MAX + sizeof ITSELF]; /* the segments and ITSELF, each ended by NUL */
};

/*
 * Opens the folder of `key`, which key_refusal has accepted, one segment after
 * the other and through no symbolic link; with `make`, missing folders are made
 * and every name on the way is durable. 0 or errno. ENOTDIR means that the place
 * is that of a shorter key, where something that is no folder stands in the way.
 * place_close is owed in all cases.
 */
int place_open(struct store *store, const char *key, bool make, struct place *place);
void place_close(struct place *place);

/* Where the name turned out to be a folder: goes into it, to ITSELF. 0 or errno. */
int place_enter(struct place *place);

/*
 * Closes the place after the object was removed, and removes the folders that
 * became empty thereby; durable. 0 or errno.
 */
int place_prune(struct place *place);

#endif
