/* names.h - the names in a folder, in the order of the keys that they are part of. */
#ifndef STORAGE_LOCAL_NAMES_H
#define STORAGE_LOCAL_NAMES_H

#include <stddef.h>

/*
 * Each begins with the prefix that was asked for. A folder is there twice: as "a",
 * for it may hold an object of that key, and as "a/", for what lies in it.
 */
struct names {
	char **items;
	size_t count, capacity;
};

/*
 * The names in the folder `name` of the folder `parent` ("." is `parent` itself)
 * that are folders or plain files, ordered bytewise. 0 or errno; names_finish is
 * owed in both cases. `names` is zeroed.
 */
int names_read(int parent, const char *name, const char *prefix, struct names *names);
void names_finish(struct names *names);

#endif
