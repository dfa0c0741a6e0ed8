/* reader_internal.h - a reader, as the files that it is made of share it. */
#ifndef WORKER_READER_INTERNAL_H
#define WORKER_READER_INTERNAL_H

#include <pthread.h>

#include "worker/reader.h"
#include "worker/window.h"

struct fetch {
	struct reader *reader;
	struct slot *slot;
	unsigned char *arriving; /* what the store fills; who reads sees copies of it */
};

/* How fast the store is, at its best so far. */
struct speed {
	int64_t since_ms; /* of the present measure; 0: nothing is being fetched */
	uint64_t bytes;
	uint64_t bytes_a_second; /* 0: not known */
};

struct reader {
	struct vm_source source; /* first */
	struct instance *storage;
	char key[VM_KEY_MAX];
	char etag[VM_ETAG_MAX];
	struct pool *fetchers;
	struct cancel *cancel;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct window window;
	struct fetch fetches[WINDOW_SLOTS]; /* one for each slot */
	unsigned loading;
	bool streams;
	struct speed speed;
	struct reader_stats stats;
};

/* [under lock] Has the slot filled by a fetcher. */
void reader_fetch(struct reader *reader, struct slot *slot);
/* [under lock] Fetches ahead for whoever reads in sequence, as far as that makes sense. */
void reader_fetch_ahead(struct reader *reader);

#endif
