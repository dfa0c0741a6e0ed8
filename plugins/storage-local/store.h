/* store.h - what the files of storage-local share: three folders, and how an operation begins. */
#ifndef STORAGE_LOCAL_STORE_H
#define STORAGE_LOCAL_STORE_H

#include <pthread.h>
#include <sys/stat.h>

#include <vidmill/plugin.h>

/*
 * The folder `root` holds
 *
 *	objects/<key>         the objects, each a plain file; where objects/<key> has to be a
 *	                      folder too, because of longer keys, the file lies in it: ITSELF
 *	tmp/<random>          files and folders on their way in or out; nobody reads them
 *	uploads/<upload>/     key, part-00001, part-00002, … and whole, while it is committed
 *
 * All on one file system, so that a rename moves a finished file from one to
 * the other in one step. A symbolic link below them is never followed and is
 * never an object.
 */
struct store_config {
	const char *root;
};

struct store {
	char *root; /* absolute */
	pthread_mutex_t opening;
	/* Descriptors; -1 until store_begin has returned VM_OK once, constant from then on. */
	int objects, tmp, uploads;
};

enum {
	PARTS_MAX = 10000,
	CHUNK_BYTES = 1 << 20, /* between two looks at the cancellation */
	WHAT_MAX = 256         /* "put videos/a.mp4", as errors begin; a longer key is cut off */
};
#define ITSELF ".vidmill-object"
#define PART_BYTES_MAX (UINT64_C(5) << 30)

/*
 * The beginning of every operation: writes `what` for its errors, refuses a key
 * that cannot be an object of this store, an operation that was cancelled, and
 * opens (makes) the three folders.
 */
int store_begin(struct store *store, const char *verb, const char *key, char what[WHAT_MAX],
                const struct vm_call *call, struct vm_error *err);
/* The same for all keys with a prefix, which need not be a key itself. */
int store_begin_all(struct store *store, const char *verb, const char *prefix, char what[WHAT_MAX],
                    const struct vm_call *call, struct vm_error *err);

/* Why `key` cannot be an object here, as the end of a sentence; NULL when it can. */
const char *key_refusal(const char *key);

/* The length of the UTF-8 character that `key` begins with; 0 when it is none. */
size_t key_character(const char *key);

void object_describe(const struct stat *file, struct vm_object *out);
int64_t modified_ms(const struct stat *file);
void etag_describe(const struct stat *file, char etag[VM_ETAG_MAX]);

#endif
