/* window.c - slots, cursors, and the rules by which they move. */
#include "worker/window.h"

#include <stdlib.h>

enum {
	REACH = 1 << 20,     /* a read this near to a cursor belongs to it */
	RECENT = 256,        /* reads after which a cursor no longer claims a share */
	AHEAD_FROM = 1 << 19 /* read so much in sequence before anything is read ahead */
};

static uint64_t slot_end(const struct slot *slot)
{
	return slot->offset + slot->length;
}

bool slot_has(const struct slot *slot, uint64_t offset)
{
	return offset - slot->offset < slot->ready;
}

void window_release(struct window *window, struct slot *slot)
{
	window->held -= slot->length;
	/* Fresh memory costs a fault for each of its pages. */
	if (slot->length == WINDOW_FETCH_MOST && window->spare == NULL)
		window->spare = slot->bytes;
	else
		free(slot->bytes);
	*slot = (struct slot){0};
}

void window_finish(struct window *window)
{
	for (size_t i = 0; i < WINDOW_SLOTS; i++)
		window_release(window, &window->slots[i]);
	free(window->spare);
	window->spare = NULL;
}

struct slot *window_find(struct window *window, uint64_t offset)
{
	for (size_t i = 0; i < WINDOW_SLOTS; i++) {
		struct slot *slot = &window->slots[i];

		if (slot->state != SLOT_FREE && slot->offset <= offset && offset < slot_end(slot))
			return slot;
	}
	return NULL;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static bool reaches(const struct cursor *cursor, uint64_t offset)
{
	return cursor->next_fetch != 0 && offset + REACH >= cursor->position &&
	       offset <= cursor->edge + REACH;
}

struct cursor *window_cursor(struct window *window, uint64_t offset)
{
	struct cursor *nearest = NULL, *oldest = &window->cursors[0];

	for (size_t i = 0; i < WINDOW_CURSORS; i++) {
		struct cursor *cursor = &window->cursors[i];

		if (reaches(cursor, offset) && (nearest == NULL || distance(cursor->position, offset) <
		                                                       distance(nearest->position, offset)))
			nearest = cursor;
		if (cursor->used < oldest->used)
			oldest = cursor;
	}
	if (nearest == NULL) {
		nearest = oldest;
		*nearest = (struct cursor){
		    .position = offset, .edge = offset, .next_fetch = WINDOW_FETCH_FIRST};
	}
	nearest->used = ++window->tick;
	return nearest;
}

void window_advance(struct window *window, struct cursor *cursor, struct slot *slot,
                    uint64_t offset, size_t length)
{
	slot->used = window->tick;
	cursor->position = offset + length;
	cursor->run += length;
	if (cursor->edge < slot_end(slot))
		cursor->edge = slot_end(slot);
}

/* Still to be read by a cursor that was lately in use. */
static bool is_wanted(const struct window *window, const struct slot *slot)
{
	for (size_t i = 0; i < WINDOW_CURSORS; i++) {
		const struct cursor *cursor = &window->cursors[i];

		if (cursor->next_fetch != 0 && window->tick - cursor->used < RECENT &&
		    slot_end(slot) > cursor->position && slot->offset < cursor->edge)
			return true;
	}
	return false;
}

/* Frees the slot that was not read from for the longest time. */
static bool evict(struct window *window, bool spare_wanted)
{
	struct slot *victim = NULL;

	for (size_t i = 0; i < WINDOW_SLOTS; i++) {
		struct slot *slot = &window->slots[i];

		if ((slot->state != SLOT_READY && slot->state != SLOT_FAILED) || slot->waiting > 0)
			continue;
		if ((victim == NULL || slot->used < victim->used) &&
		    !(spare_wanted && is_wanted(window, slot)))
			victim = slot;
	}
	if (victim == NULL)
		return false;
	window_release(window, victim);
	return true;
}

static struct slot *find_free(struct window *window)
{
	for (size_t i = 0; i < WINDOW_SLOTS; i++)
		if (window->slots[i].state == SLOT_FREE)
			return &window->slots[i];
	return NULL;
}

/* How much to fetch at `offset`: what the cursor asks for, up to the next slot or the end. */
static size_t fetch_length(const struct window *window, const struct cursor *cursor,
                           uint64_t offset)
{
	uint64_t length = window->bytes - offset;

	/* A short rest is taken along: it would cost a request of its own. */
	if (length > WINDOW_FETCH_MOST || length / 2 > cursor->next_fetch)
		length = cursor->next_fetch;
	for (size_t i = 0; i < WINDOW_SLOTS; i++) {
		const struct slot *slot = &window->slots[i];

		if (slot->state != SLOT_FREE && slot->offset > offset && slot->offset - offset < length)
			length = slot->offset - offset;
	}
	return (size_t)length;
}

static struct slot *claim(struct window *window, struct cursor *cursor, uint64_t offset,
                          bool spare_wanted)
{
	size_t length = fetch_length(window, cursor, offset);
	struct slot *slot;

	while (window->held + length > WINDOW_BYTES || find_free(window) == NULL)
		if (!evict(window, spare_wanted))
			return NULL;
	slot = find_free(window);
	*slot = (struct slot){
	    .state = SLOT_LOADING, .offset = offset, .length = length, .used = window->tick};
	if (length == WINDOW_FETCH_MOST) {
		slot->bytes = window->spare;
		window->spare = NULL;
	}
	window->held += length;
	if (cursor->edge < slot_end(slot))
		cursor->edge = slot_end(slot);
	if (cursor->next_fetch < WINDOW_FETCH_MOST)
		cursor->next_fetch *= 2;
	return slot;
}

struct slot *window_claim(struct window *window, struct cursor *cursor, uint64_t offset)
{
	return claim(window, cursor, offset, false);
}

/* Reads in sequence, and lately. */
static bool is_active(const struct window *window, const struct cursor *cursor)
{
	return cursor->run >= AHEAD_FROM && window->tick - cursor->used < RECENT;
}

/* What a cursor may hold ahead of itself: its share, and no more than twice what it has read. */
static uint64_t ahead_most(const struct window *window, const struct cursor *cursor)
{
	uint64_t share, active = 0;

	if (cursor->run < AHEAD_FROM)
		return 0;
	for (size_t i = 0; i < WINDOW_CURSORS; i++)
		active += is_active(window, &window->cursors[i]) ? 1 : 0;
	share = WINDOW_BYTES / 4 * 3 / (active > 0 ? active : 1);
	return cursor->run < share / 2 ? 2 * cursor->run : share;
}

struct slot *window_claim_ahead(struct window *window, struct cursor *cursor)
{
	struct slot *slot;

	/* What another cursor fetched need not be fetched again. */
	while ((slot = window_find(window, cursor->edge)) != NULL)
		cursor->edge = slot_end(slot);
	if (cursor->edge >= window->bytes ||
	    cursor->edge >= cursor->position + ahead_most(window, cursor))
		return NULL;
	return claim(window, cursor, cursor->edge, true);
}

struct slot *window_claim_next(struct window *window)
{
	bool tried[WINDOW_CURSORS] = {false};
	struct slot *slot = NULL;

	for (size_t turns = 0; turns < WINDOW_CURSORS && slot == NULL; turns++) {
		size_t next = WINDOW_CURSORS;

		for (size_t i = 0; i < WINDOW_CURSORS; i++) {
			const struct cursor *cursor = &window->cursors[i], *best = &window->cursors[next];

			if (tried[i] || !is_active(window, cursor))
				continue;
			if (next == WINDOW_CURSORS ||
			    cursor->edge - cursor->position < best->edge - best->position)
				next = i;
		}
		if (next == WINDOW_CURSORS)
			return NULL;
		tried[next] = true;
		slot = window_claim_ahead(window, &window->cursors[next]);
	}
	return slot;
}
