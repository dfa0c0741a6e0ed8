/* window.h - which parts of a source are held in memory, and which to fetch next; no I/O. */
#ifndef WORKER_WINDOW_H
#define WORKER_WINDOW_H

#include <vidmill/stream.h>

/*
 * A demuxer reads at several places in turn: an index here, sound there,
 * pictures elsewhere. Each place is a cursor with a read-ahead of its own, so
 * that going to and fro costs no request. What is fetched lies in slots; the
 * first fetch of a cursor is short, for the sake of an answer, and each further
 * one doubles, for the sake of throughput.
 */
#define WINDOW_BYTES (32u << 20) /* of all slots together */
#define WINDOW_SLOTS 32
#define WINDOW_CURSORS 8
#define WINDOW_FETCH_FIRST (1u << 20)
#define WINDOW_FETCH_MOST (4u << 20)

enum slot_state { SLOT_FREE = 0, SLOT_LOADING = 1, SLOT_READY = 2, SLOT_FAILED = 3 };

struct slot {
	enum slot_state state;
	uint64_t offset;
	size_t length;
	uint64_t used;         /* the window's tick when it was last read from */
	unsigned char *bytes;  /* while it is loading: memory to spare, or what is there, or NULL */
	size_t arrived;        /* while it is loading: so many have come, from the front */
	size_t ready;          /* so many of `bytes`, from the front, can be read */
	unsigned waiting;      /* reads that sleep until it is loaded: it stays for them */
	struct vm_error error; /* SLOT_FAILED */
};

struct cursor {
	uint64_t position; /* where the next read is expected */
	uint64_t edge;     /* up to here everything was asked for */
	uint64_t run;      /* read in sequence since this cursor came here */
	size_t next_fetch; /* bytes; 0: this cursor is not in use */
	uint64_t used;
};

/* Zero but for `bytes` in the beginning. [under its owner's lock] */
struct window {
	uint64_t bytes; /* of the source */
	struct slot slots[WINDOW_SLOTS];
	struct cursor cursors[WINDOW_CURSORS];
	size_t held; /* bytes of all slots that are not free */
	/* WINDOW_FETCH_MOST bytes of a slot given up, for the next one; or NULL */
	unsigned char *spare;
	uint64_t tick;
};

void window_finish(struct window *window);

/* The slot that has or will have the byte at `offset`; NULL: none. */
struct slot *window_find(struct window *window, uint64_t offset);

/* The cursor that a read at `offset` belongs to; the one least used moves there when none does. */
struct cursor *window_cursor(struct window *window, uint64_t offset);

/* Says that `length` bytes at `offset` were read from `slot` by the cursor. */
void window_advance(struct window *window, struct cursor *cursor, struct slot *slot,
                    uint64_t offset, size_t length);

/*
 * A slot that is now SLOT_LOADING and is to be filled with its range. For a read
 * that waits for `offset`: NULL when every slot is loading, so that waiting for
 * one of them helps. For reading ahead: NULL when there is no need or no room.
 */
struct slot *window_claim(struct window *window, struct cursor *cursor, uint64_t offset);
struct slot *window_claim_ahead(struct window *window, struct cursor *cursor);
/* For reading ahead, of the cursor that has the least in front of it. */
struct slot *window_claim_next(struct window *window);

/* Whether the byte at `offset`, which is in the slot, can be read. */
bool slot_has(const struct slot *slot, uint64_t offset);

/* Gives up what a slot holds. */
void window_release(struct window *window, struct slot *slot);

#endif
