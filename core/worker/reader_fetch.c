/* reader_fetch.c - fills slots of the window from the store, and says what to fill next. */
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "support/call.h"
#include "support/clock.h"
#include "worker/reader_internal.h"

enum {
	/* The line is kept busy for so long by what is under way. More would arrive no sooner, and
	 * take the line from what is read next. */
	UNDER_WAY_MS = 500,
	/* So long is looked before it is said how fast a line is. */
	MEASURE_MS = 250
};

_Static_assert(READER_FETCHES_MOST >= WINDOW_SLOTS, "a full queue would be waited for under lock");

static void measure(struct speed *speed, size_t bytes)
{
	int64_t now_ms = clock_monotonic_ms(), passed_ms = now_ms - speed->since_ms;
	uint64_t seen;

	speed->bytes += bytes;
	if (speed->since_ms == 0 || passed_ms < MEASURE_MS)
		return;
	seen = speed->bytes * 1000 / (uint64_t)passed_ms;
	if (seen > speed->bytes_a_second)
		speed->bytes_a_second = seen;
	speed->since_ms = now_ms;
	speed->bytes = 0;
}

/* Under lock: who reads gets a copy: the store may have to fill the buffer anew. */
static void publish(struct fetch *fetch, size_t done)
{
	struct slot *slot = fetch->slot;

	if (slot->bytes == NULL)
		slot->bytes = malloc(slot->length);
	if (slot->bytes == NULL || done <= slot->ready)
		return;
	memcpy(slot->bytes + slot->ready, fetch->arriving + slot->ready, done - slot->ready);
	slot->ready = done;
}

/* [fetcher thread] The store says that so much of the buffer is what it will be. */
static void note_arrived(void *ctx, uint64_t done, uint64_t total)
{
	struct fetch *fetch = ctx;
	struct reader *reader = fetch->reader;
	struct slot *slot = fetch->slot;

	(void)total;
	if (done > slot->length)
		return;
	pthread_mutex_lock(&reader->lock);
	measure(&reader->speed, done > slot->arrived ? (size_t)done - slot->arrived : 0);
	slot->arrived = (size_t)done;
	if (slot->waiting > 0) {
		publish(fetch, (size_t)done);
		pthread_cond_broadcast(&reader->changed);
	}
	pthread_mutex_unlock(&reader->lock);
}

/* Under lock: all of it is there, or nothing more will come. */
static void settle(struct fetch *fetch, bool complete)
{
	struct slot *slot = fetch->slot;

	if (slot->ready == 0) {
		free(slot->bytes);
		slot->bytes = fetch->arriving;
		slot->ready = complete ? slot->length : 0;
		return;
	}
	if (complete)
		publish(fetch, slot->length);
	free(fetch->arriving);
}

static int fetch_bytes(struct fetch *fetch, struct vm_error *err)
{
	struct reader *reader = fetch->reader;
	/* Nobody but this thread changes where a loading slot lies. */
	uint64_t offset = fetch->slot->offset;
	size_t length = fetch->slot->length, got = 0;
	struct call call;
	int status;

	if (fetch->arriving == NULL)
		return vm_fail_memory(err);
	call_init(&call, reader->cancel, 0);
	if (reader->streams) {
		call.progress = note_arrived;
		call.progress_ctx = fetch;
	}
	status = storage_read_at(reader->storage, reader->key, reader->etag, offset, fetch->arriving,
	                         length, &got, &call.vm, err);
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
	struct vm_error error;
	int status;

	fetch->arriving = slot->bytes != NULL ? slot->bytes : malloc(slot->length);
	slot->bytes = NULL;
	status = fetch_bytes(fetch, &error);

	pthread_mutex_lock(&reader->lock);
	settle(fetch, status == VM_OK);
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
	if (--reader->loading == 0)
		reader->speed.since_ms = 0;
	if (status == VM_OK)
		reader_fetch_ahead(reader);
	pthread_cond_broadcast(&reader->changed);
	pthread_mutex_unlock(&reader->lock);
}

void reader_fetch(struct reader *reader, struct slot *slot)
{
	struct fetch *fetch_of_slot = &reader->fetches[slot - reader->window.slots];

	*fetch_of_slot = (struct fetch){.reader = reader, .slot = slot};
	if (reader->loading++ == 0) {
		reader->speed.since_ms = clock_monotonic_ms();
		reader->speed.bytes = 0;
	}
	pool_submit(reader->fetchers, fetch, fetch_of_slot);
}

/* Under lock. */
static bool is_line_busy(const struct reader *reader)
{
	uint64_t under_way = 0;

	if (reader->loading >= READER_FETCHERS)
		return true;
	if (reader->speed.bytes_a_second == 0)
		return false;
	for (size_t i = 0; i < WINDOW_SLOTS; i++)
		if (reader->window.slots[i].state == SLOT_LOADING)
			under_way += reader->window.slots[i].length - reader->window.slots[i].arrived;
	return under_way > reader->speed.bytes_a_second * UNDER_WAY_MS / 1000;
}

void reader_fetch_ahead(struct reader *reader)
{
	struct slot *slot;

	while (!cancel_triggered(reader->cancel) && !is_line_busy(reader) &&
	       (slot = window_claim_next(&reader->window)) != NULL)
		reader_fetch(reader, slot);
}
