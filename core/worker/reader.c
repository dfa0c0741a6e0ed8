/* reader.c - fills the window by ranged reads in parallel and answers from it. */
#include "worker/reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "support/call.h"
#include "worker/window.h"

struct fetch {
	struct reader *reader;
	struct slot *slot;
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
	struct reader_stats stats;
};

_Static_assert(READER_FETCHES_MOST >= WINDOW_SLOTS, "a full queue would be waited for under lock");

/* Fills memory that belongs to no slot yet: the window is not locked meanwhile. */
static int fetch_bytes(struct reader *reader, uint64_t offset, size_t length, unsigned char *bytes,
                       struct vm_error *err)
{
	struct call call;
	size_t got = 0;
	int status;

	if (bytes == NULL)
		return vm_fail_memory(err);
	call_init(&call, reader->cancel, 0);
	status = storage_read_at(reader->storage, reader->key, reader->etag, offset, bytes, length,
	                         &got, &call.vm, err);
	if (status == VM_OK && got < length)
		return vm_fail(err, VM_ERR_CONFLICT, "read %s: it ends after %llu of %llu bytes",
		               reader->key, (unsigned long long)(offset + got),
		               (unsigned long long)reader->source.bytes);
	return status;
}

/* [fetcher thread] */
static void fetch(void *ctx)
{
	struct fetch *fetch = ctx;
	struct reader *reader = fetch->reader;
	struct slot *slot = fetch->slot;
	/* Nobody but this thread touches a slot that is loading. */
	unsigned char *bytes = slot->bytes != NULL ? slot->bytes : malloc(slot->length);
	struct vm_error error;
	int status = fetch_bytes(reader, slot->offset, slot->length, bytes, &error);

	pthread_mutex_lock(&reader->lock);
	slot->bytes = bytes;
	if (status == VM_OK) {
		reader->stats.bytes += slot->length;
		slot->state = SLOT_READY;
	} else {
		slot->error = error;
		slot->state = SLOT_FAILED;
		/* Read ahead for nobody: whoever comes here later tries for himself. */
		if (slot->waiting == 0)
			window_release(&reader->window, slot);
	}
	reader->stats.requests++;
	reader->loading--;
	pthread_cond_broadcast(&reader->changed);
	pthread_mutex_unlock(&reader->lock);
}

static void start_fetch(struct reader *reader, struct slot *slot)
{
	struct fetch *fetch_of_slot = &reader->fetches[slot - reader->window.slots];

	*fetch_of_slot = (struct fetch){.reader = reader, .slot = slot};
	reader->loading++;
	pool_submit(reader->fetchers, fetch, fetch_of_slot);
}

/* Waits until a slot has the byte at `offset`. */
static int wait_for(struct reader *reader, struct cursor *cursor, uint64_t offset,
                    struct slot **out, struct vm_error *err)
{
	struct slot *slot;
	struct vm_error error;

	while ((slot = window_find(&reader->window, offset)) == NULL || slot->state == SLOT_LOADING) {
		if (slot != NULL) {
			slot->waiting++;
			pthread_cond_wait(&reader->changed, &reader->lock);
			slot->waiting--;
		} else if ((slot = window_claim(&reader->window, cursor, offset)) != NULL)
			start_fetch(reader, slot);
		else
			pthread_cond_wait(&reader->changed, &reader->lock);
	}
	*out = slot;
	if (slot->state == SLOT_READY)
		return VM_OK;
	error = slot->error;
	if (slot->waiting == 0)
		window_release(&reader->window, slot);
	if (err != NULL)
		*err = error;
	return error.status;
}

static int read_locked(struct reader *reader, uint64_t offset, unsigned char *into, size_t length,
                       struct vm_error *err)
{
	struct slot *slot, *ahead;
	struct cursor *cursor;
	size_t here;
	int status;

	while (length > 0) {
		cursor = window_cursor(&reader->window, offset);
		if ((status = wait_for(reader, cursor, offset, &slot, err)) != VM_OK)
			return status;
		here = (size_t)(slot->offset + slot->length - offset);
		if (here > length)
			here = length;
		memcpy(into, slot->bytes + (offset - slot->offset), here);
		window_advance(&reader->window, cursor, slot, offset, here);
		while ((ahead = window_claim_ahead(&reader->window, cursor)) != NULL)
			start_fetch(reader, ahead);
		offset += here;
		into += here;
		length -= here;
	}
	return VM_OK;
}

static int read_at(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                   size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct reader *reader = (struct reader *)source;
	int status;

	/* One fetch serves many reads, so it ends by the reader's own token. */
	(void)call;
	if (offset >= source->bytes)
		length = 0;
	else if (length > source->bytes - offset)
		length = (size_t)(source->bytes - offset);
	pthread_mutex_lock(&reader->lock);
	status = read_locked(reader, offset, buffer, length, err);
	pthread_mutex_unlock(&reader->lock);
	if (status == VM_OK)
		*got = length;
	return status;
}

int reader_create(const struct reader_want *want, struct reader **out, struct vm_error *err)
{
	struct reader *reader = calloc(1, sizeof *reader);
	int status;

	if (reader == NULL)
		return vm_fail_memory(err);
	status = cancel_create(want->cancel, &reader->cancel, err);
	if (status != VM_OK) {
		free(reader);
		return status;
	}
	reader->source = (struct vm_source){.bytes = want->bytes, .read_at = read_at};
	reader->storage = want->storage;
	snprintf(reader->key, sizeof reader->key, "%s", want->key);
	snprintf(reader->etag, sizeof reader->etag, "%s", want->etag);
	reader->fetchers = want->fetchers;
	reader->window.bytes = want->bytes;
	pthread_mutex_init(&reader->lock, NULL);
	pthread_cond_init(&reader->changed, NULL);
	*out = reader;
	return VM_OK;
}

void reader_begin(struct reader *reader)
{
	struct slot *slot;

	if (reader->source.bytes == 0)
		return;
	pthread_mutex_lock(&reader->lock);
	slot = window_claim(&reader->window, window_cursor(&reader->window, 0), 0);
	if (slot != NULL)
		start_fetch(reader, slot);
	pthread_mutex_unlock(&reader->lock);
}

void reader_destroy(struct reader *reader)
{
	if (reader == NULL)
		return;
	cancel_trigger(reader->cancel);
	pthread_mutex_lock(&reader->lock);
	while (reader->loading > 0)
		pthread_cond_wait(&reader->changed, &reader->lock);
	pthread_mutex_unlock(&reader->lock);
	window_finish(&reader->window);
	pthread_cond_destroy(&reader->changed);
	pthread_mutex_destroy(&reader->lock);
	cancel_destroy(reader->cancel);
	free(reader);
}

struct vm_source *reader_source(struct reader *reader)
{
	return &reader->source;
}

uint64_t reader_bytes_most(void)
{
	return sizeof(struct reader) + WINDOW_BYTES;
}

struct reader_stats reader_stats(struct reader *reader)
{
	struct reader_stats stats;

	pthread_mutex_lock(&reader->lock);
	stats = reader->stats;
	pthread_mutex_unlock(&reader->lock);
	return stats;
}
