/* reader.h - one stored object as a seekable source, fetched ahead of who reads it. */
#ifndef WORKER_READER_H
#define WORKER_READER_H

#include <vidmill/stream.h>

#include "plugin/storage.h"
#include "support/cancel.h"
#include "support/pool.h"

/*
 * Reads are ranged, pinned to one etag, up to READER_FETCHERS ahead in parallel,
 * and never hold more in memory than WINDOW_BYTES, a range to spare (window.h)
 * and what is being fetched. Of a store that streams, bytes are answered as they
 * arrive. The source answers from any thread.
 */
struct reader;

struct reader_want {
	struct instance *storage;
	const char *key, *etag; /* copied */
	uint64_t bytes;         /* of the whole object, as it was told */
	struct pool *fetchers;  /* has room for READER_FETCHES_MOST; one reader at a time */
	struct cancel *cancel;
};

#define READER_FETCHES_MOST 32
#define READER_FETCHERS 4 /* threads that an attempt has for it */

int reader_create(const struct reader_want *want, struct reader **out, struct vm_error *err);
/* Asks for the beginning, for somebody who will read it but is still starting himself. */
void reader_begin(struct reader *reader);
/* Waits for what is being fetched. Accepts NULL. No read may be in progress. */
void reader_destroy(struct reader *reader);

/*
 * VM_ERR_CONFLICT: the object is not the one that was told (another etag, or it
 * ends early); VM_ERR_NOT_FOUND; else as the storage says. A failed range is
 * fetched anew by the next read of it.
 */
struct vm_source *reader_source(struct reader *reader);

struct reader_stats {
	uint64_t requests, bytes; /* asked of the storage, read-ahead included */
};

struct reader_stats reader_stats(struct reader *reader);

/* The most memory that a reader takes. */
uint64_t reader_bytes_most(void);

#endif
