/* turn.c - one use of an operation: the gate, the counters, and whether there is another try. */
#include <string.h>

#include "plugin/instance.h"
#include "support/cancel.h"
#include "support/random.h"

enum {
	TRIES_MOST = 5,
	BACKOFF_FIRST_MS = 100,
	BACKOFF_MOST_MS = 5 * 1000,
	/* One that is throttled is there, and is to be asked less: as in the AWS SDKs. */
	THROTTLED_FIRST_MS = 500,
	THROTTLED_MOST_MS = 20 * 1000,
	/* A service that asks for more rest than this is left to whoever called: it may do else. */
	RETRY_AFTER_MOST_MS = 30 * 1000
};

static struct gate *gate_of(const struct turn *turn)
{
	switch (turn->instance->plugin->entry.threads) {
	case VM_THREADS_SERIAL:
		return &turn->instance->plugin->life->gate;
	case VM_THREADS_PER_INSTANCE:
		return &turn->instance->gate;
	case VM_THREADS_PARALLEL:
		break;
	}
	return NULL;
}

void turn_begin(struct turn *turn, struct instance *instance, const char *operation,
                enum turn_kind kind, const struct vm_call *call, struct vm_error *err)
{
	memset(turn, 0, sizeof *turn);
	turn->instance = instance;
	turn->operation = operation;
	turn->kind = kind;
	turn->call = call;
	turn->err = err;
	instance_add_count(instance, operation, (struct instance_count){.calls = 1});
}

/* A plugin that breaks its word on statuses must not break the host's decisions. */
static void mend_status(struct turn *turn)
{
	const char *name = turn->instance->plugin->entry.name;

	if (turn->status < VM_OK || turn->status > VM_ERR_BUG)
		turn->status = vm_fail(&turn->error, VM_ERR_BUG, "%s: %s returned %d, which is no status",
		                       name, turn->operation, turn->status);
	else if (turn->status != VM_OK && turn->error.message[0] == '\0')
		vm_fail(&turn->error, turn->status, "%s: %s failed and does not say why", name,
		        turn->operation);
	turn->error.status = turn->status;
}

static bool may_try_again(const struct turn *turn)
{
	if (turn->tries >= TRIES_MOST || turn->shown)
		return false;
	if (turn->kind == TURN_ONCE)
		return turn->status == VM_ERR_THROTTLED;
	return retry_is_transient(turn->status);
}

static uint64_t choose_wait_ms(const struct turn *turn)
{
	uint64_t asked_ms = turn->error.retry_after_ms;
	unsigned n = turn->tries - 1;

	asked_ms += random_up_to(asked_ms / 2);
	if (turn->status == VM_ERR_THROTTLED)
		return asked_ms + retry_backoff_ms(n, THROTTLED_FIRST_MS, THROTTLED_MOST_MS);
	return asked_ms + retry_backoff_ms(n, BACKOFF_FIRST_MS, BACKOFF_MOST_MS);
}

static void count(const struct turn *turn, struct instance_count add)
{
	instance_add_count(turn->instance, turn->operation, add);
}

/* True when the next try may be made now. */
static bool wait_for_next_try(struct turn *turn)
{
	uint64_t wait_ms = choose_wait_ms(turn);

	if (turn->error.retry_after_ms > RETRY_AFTER_MOST_MS ||
	    wait_ms >= (uint64_t)vm_call_time_left_ms(turn->call))
		return false;
	if (!retry_budget_take(&turn->instance->budget)) {
		count(turn, (struct instance_count){.refusals = 1});
		return false;
	}
	if (turn->call == NULL)
		return cancel_sleep_ms(NULL, wait_ms);
	if (turn->call->table->sleep_ms(turn->call, wait_ms))
		return true;
	if (vm_call_cancelled(turn->call))
		turn->status = vm_call_check(turn->call, turn->operation, &turn->error);
	return false;
}

/* The last try surely did nothing; an earlier one, of which nobody heard again, may have. */
static void tell_doubt(struct turn *turn)
{
	struct vm_error last = turn->error;

	turn->status = vm_fail(&turn->error, VM_ERR_TIMEOUT, "an earlier try may have done it: %s",
	                       last.message);
	turn->error.native = last.native;
	turn->error.retry_after_ms = last.retry_after_ms;
}

/* A call that the host itself took back says nothing of the plugin. */
static bool is_failure(int status)
{
	return !retry_is_answer(status) && status != VM_ERR_CANCELLED;
}

static bool end(struct turn *turn)
{
	if (turn->status != VM_OK) {
		if (turn->kind == TURN_CONDITIONAL && turn->unknown && !retry_is_unknown(turn->status))
			tell_doubt(turn);
		if (is_failure(turn->status))
			count(turn, (struct instance_count){.failures = 1});
		if (turn->err != NULL)
			*turn->err = turn->error;
	}
	return false;
}

static bool enter(struct turn *turn)
{
	struct gate *gate = gate_of(turn);

	turn->error = (struct vm_error){0};
	if (gate != NULL) {
		turn->status = gate_enter(gate, turn->operation, turn->call, &turn->error);
		if (turn->status != VM_OK)
			return end(turn);
	}
	turn->tries++;
	return true;
}

bool turn_next(struct turn *turn)
{
	if (turn->tries == 0)
		return enter(turn);

	if (gate_of(turn) != NULL)
		gate_leave(gate_of(turn));
	if (retry_is_answer(turn->status))
		retry_budget_refill(&turn->instance->budget);
	if (turn->status == VM_OK)
		return end(turn);
	mend_status(turn);
	turn->unknown = turn->unknown || retry_is_unknown(turn->status);
	if (!may_try_again(turn) || !wait_for_next_try(turn))
		return end(turn);
	count(turn, (struct instance_count){.retries = 1});
	return enter(turn);
}
