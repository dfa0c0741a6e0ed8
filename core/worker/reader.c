/* reader.c - answers reads from the window, and waits for what is not there. */
#include "worker/reader_internal.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"

/* Waits until a slot has the byte at `offset`. */
static int wait_for(struct reader *reader, struct cursor *cursor, uint64_t offset,
                    struct slot **out, struct vm_error *err)
{
	struct slot *slot;
	struct vm_error error;

	while ((slot = window_find(&reader->window, offset)) == NULL ||
	       (slot->state == SLOT_LOADING && !slot_has(slot, offset))) {
		if (slot != NULL) {
			slot->waiting++;
			pthread_cond_wait(&reader->changed, &reader->lock);
			slot->waiting--;
		} else if ((slot = window_claim(&reader->window, cursor, offset)) != NULL)
			reader_fetch(reader, slot);
		else
			pthread_cond_wait(&reader->changed, &reader->lock);
	}
	*out = slot;
	if (slot_has(slot, offset))
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
	struct slot *slot;
	struct cursor *cursor;
	size_t here;
	int status;

	while (length > 0) {
		cursor = window_cursor(&reader->window, offset);
		if ((status = wait_for(reader, cursor, offset, &slot, err)) != VM_OK)
			return status;
		here = (size_t)(slot->offset + slot->ready - offset);
		if (here > length)
			here = length;
		memcpy(into, slot->bytes + (offset - slot->offset), here);
		window_advance(&reader->window, cursor, slot, offset, here);
		reader_fetch_ahead(reader);
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
	struct vm_storage_traits traits = {0};
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
	traits.size = sizeof traits;
	storage_traits(want->storage, &traits);
	reader->streams = traits.streams;
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
		reader_fetch(reader, slot);
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
	return sizeof(struct reader) + WINDOW_BYTES +
	       (READER_FETCHERS + 1) * (uint64_t)WINDOW_FETCH_MOST;
}

struct reader_stats reader_stats(struct reader *reader)
{
	struct reader_stats stats;

	pthread_mutex_lock(&reader->lock);
	stats = reader->stats;
	pthread_mutex_unlock(&reader->lock);
	return stats;
}
