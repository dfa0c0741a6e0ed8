/* queue.c - the operations of a queue instance, each in its turn. */
#include "plugin/queue.h"

#include "support/clock.h"

/* How long a receive may keep others from a plugin that lets in one at a time. */
enum { RECEIVE_SLICE_MS = 200 };

static const struct vm_queue_ops *ops_of(const struct instance *queue)
{
	return queue->plugin->entry.ops.queue;
}

void queue_traits(struct instance *queue, struct vm_queue_traits *out)
{
	*out = queue->traits.queue;
}

/* A message sent twice is allowed (at least once); one that is lost is not. */
int queue_send(struct instance *queue, const void *body, size_t length, uint64_t delay_ms,
               const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, queue, "send", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(queue)->send(queue->self, body, length, delay_ms, call, &turn.error);
	return turn.status;
}

/* What was handed to the caller cannot be taken back: then the turn has no further try. */
struct listing {
	struct turn turn;
	vm_message_fn *message;
	vm_dead_letter_fn *letter;
	void *ctx;
};

static enum vm_more show_message(void *ctx, const struct vm_message *message)
{
	struct listing *listing = ctx;

	listing->turn.shown = true;
	return listing->message(listing->ctx, message);
}

static enum vm_more show_letter(void *ctx, const struct vm_dead_letter *letter)
{
	struct listing *listing = ctx;

	listing->turn.shown = true;
	return listing->letter(listing->ctx, letter);
}

int queue_receive(struct instance *queue, uint32_t max, uint64_t wait_ms, vm_message_fn *emit,
                  void *ctx, const struct vm_call *call, struct vm_error *err)
{
	bool is_parallel = queue->plugin->entry.threads == VM_THREADS_PARALLEL;
	uint64_t start_ms = (uint64_t)clock_monotonic_ms(), passed_ms = 0, slice_ms;
	struct listing listing = {.message = emit, .ctx = ctx};
	struct turn *turn = &listing.turn;

	do {
		slice_ms = wait_ms - passed_ms;
		if (!is_parallel && slice_ms > RECEIVE_SLICE_MS)
			slice_ms = RECEIVE_SLICE_MS;
		turn_begin(turn, queue, "receive", TURN_REPEATABLE, call, err);
		while (turn_next(turn))
			turn->status = ops_of(queue)->receive(queue->self, max, slice_ms, show_message,
			                                      &listing, call, &turn->error);
		passed_ms = (uint64_t)clock_monotonic_ms() - start_ms;
	} while (!is_parallel && turn->status == VM_OK && !turn->shown && passed_ms < wait_ms);
	return turn->status;
}

int queue_extend(struct instance *queue, const char *receipt, uint64_t visibility_ms,
                 const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, queue, "extend", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(queue)->extend(queue->self, receipt, visibility_ms, call, &turn.error);
	return turn.status;
}

int queue_remove(struct instance *queue, const char *receipt, const struct vm_call *call,
                 struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, queue, "remove", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(queue)->remove(queue->self, receipt, call, &turn.error);
	return turn.status;
}

int queue_dead_letter(struct instance *queue, const struct vm_message *message, const char *reason,
                      const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, queue, "dead_letter", TURN_CONDITIONAL, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(queue)->dead_letter(queue->self, message, reason, call, &turn.error);
	return turn.status;
}

int queue_stats(struct instance *queue, struct vm_queue_stats *out, const struct vm_call *call,
                struct vm_error *err)
{
	struct turn turn;

	*out = (struct vm_queue_stats){.size = sizeof *out};
	turn_begin(&turn, queue, "stats", TURN_REPEATABLE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(queue)->stats(queue->self, out, call, &turn.error);
	return turn.status;
}

int queue_list_dead(struct instance *queue, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err)
{
	struct listing listing = {.letter = emit, .ctx = ctx};
	struct turn *turn = &listing.turn;

	turn_begin(turn, queue, "list_dead", TURN_REPEATABLE, call, err);
	while (turn_next(turn))
		turn->status = ops_of(queue)->list_dead(queue->self, max, show_letter, &listing, call,
		                                        &turn->error);
	return turn->status;
}

/* *moved would leave out what an unheard try had moved, so there is one try. */
int queue_redrive(struct instance *queue, const char *id, uint64_t *moved,
                  const struct vm_call *call, struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, queue, "redrive", TURN_ONCE, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(queue)->redrive(queue->self, id, moved, call, &turn.error);
	return turn.status;
}

int queue_remove_dead(struct instance *queue, const char *id, const struct vm_call *call,
                      struct vm_error *err)
{
	struct turn turn;

	turn_begin(&turn, queue, "remove_dead", TURN_CONDITIONAL, call, err);
	while (turn_next(&turn))
		turn.status = ops_of(queue)->remove_dead(queue->self, id, call, &turn.error);
	return turn.status;
}
