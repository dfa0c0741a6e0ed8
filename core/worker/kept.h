/* kept.h - what was sent to a distant store stays in memory while nobody needs it. */
#ifndef WORKER_KEPT_H
#define WORKER_KEPT_H

#include <vidmill/stream.h>

#include "worker/part_buffer.h"

/*
 * The copy of one output: whoever opens the output again reads it, and fetches
 * nothing over the network. It takes memory of the parts' budget that is free,
 * and gives it up, the oldest copy first, as soon as a part wants it. [any thread]
 */
struct kept;

int kept_create(struct part_budget *budget, struct kept **out, struct vm_error *err);
/* Nobody holds it. Accepts NULL. */
void kept_destroy(struct kept *kept);

/* Takes over part `number`, from 1, which has left; the buffer is empty then. Accepts NULL. */
void kept_take(struct kept *kept, uint32_t number, struct part_buffer *buffer);

/*
 * The whole output of `bytes` to read from, until kept_let_go; meanwhile it is
 * not given up, and parts wait for its memory. NULL: it is not all there.
 * Accepts NULL.
 */
struct vm_source *kept_hold(struct kept *kept, uint64_t bytes);
void kept_let_go(struct kept *kept);

/* [under the budget's lock] Gives up the oldest copy that nobody holds; false: there is none. */
bool kept_give_up_oldest(struct part_budget *budget);

#endif
