/* receive.c - waiting for messages and taking them, one transaction for each. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kit/sleep.h"
#include "queue_local.h"

/* Between two looks at an empty queue: soon at first, then at a pace that costs next to nothing. */
enum { LOOK_FIRST_MS = 10, LOOK_MOST_MS = 40 };

/* So little may the clock be set back without our caring. */
enum { CLOCK_SLACK_MS = 2000 };

/* What was taken, in memory of our own: it is emitted after the transaction. */
struct taken {
	char id[VM_MESSAGE_ID_MAX];
	char receipt[VM_MESSAGE_ID_MAX];
	void *body;
	size_t length;
	uint32_t receives;
	int64_t sent_ms;
};

/* Whether something could be taken; only reads, for it is asked many times a second. */
static int is_due(struct local *local, bool *due, const struct vm_call *call, struct vm_error *err)
{
	struct connection *connection = NULL;
	struct statement look;
	int64_t now = local_now_ms();
	int status = database_read(local->database, "receive", call, &connection, err);

	if (status != VM_OK)
		return status;
	look = statement_prepare(connection, LOCAL_IS_DUE);
	statement_bind_int(&look, now);
	statement_bind_int(&look, now + (int64_t)LOCAL_HIDDEN_MOST_MS);
	status = statement_step(&look, due, err);
	statement_finish(&look);
	database_end(connection);
	return status;
}

/* Unix time may be set; the time since boot, which a suspended machine counts too, may not. */
static int64_t ahead_now(void)
{
	struct timespec boot;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	return local_now_ms() - ((int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000);
}

/*
 * Whether the clock was set back since the last look, or, at the first, since
 * the newest message was sent: then nothing says how long the hidden ones stay.
 */
static int clock_is_back(struct local *local, int64_t ahead_ms, bool *back,
                         const struct vm_call *call, struct vm_error *err)
{
	int64_t before_ms = local->ahead_ms;
	struct connection *connection = NULL;
	struct statement look;
	int status;

	*back = before_ms - ahead_ms > CLOCK_SLACK_MS;
	if (before_ms != 0)
		return VM_OK;
	status = database_read(local->database, "receive", call, &connection, err);
	if (status != VM_OK)
		return status;
	look = statement_prepare(connection, LOCAL_IS_OF_FUTURE);
	statement_bind_int(&look, local_now_ms() + CLOCK_SLACK_MS);
	status = statement_step(&look, back, err);
	statement_finish(&look);
	database_end(connection);
	return status;
}

/* Makes those receivable that are due later than `most_ms`. */
static int wake(struct connection *connection, int64_t now, int64_t most_ms, struct vm_error *err)
{
	struct statement wake = statement_prepare(connection, LOCAL_WAKE);

	statement_bind_int(&wake, now);
	statement_bind_int(&wake, most_ms);
	return statement_run(&wake, NULL, err);
}

/* The next one that is due, as it is before it is taken; *id 0: there is none. */
static int next(struct connection *connection, int64_t now, int64_t *id, struct taken *taken,
                struct vm_error *err)
{
	struct statement next = statement_prepare(connection, LOCAL_NEXT);
	bool row;
	int status;

	*id = 0;
	statement_bind_int(&next, now);
	status = statement_step(&next, &row, err);
	if (status == VM_OK && row) {
		*id = sqlite3_column_int64(next.handle, 0);
		snprintf(taken->id, sizeof taken->id, "%" PRId64, *id);
		taken->receives = (uint32_t)sqlite3_column_int64(next.handle, 1);
		taken->sent_ms = sqlite3_column_int64(next.handle, 2);
		taken->length = (size_t)sqlite3_column_bytes(next.handle, 3);
		free(taken->body);
		taken->body = malloc(taken->length + 1);
		if (taken->body == NULL)
			status = vm_fail_memory(err);
		else if (taken->length > 0)
			memcpy(taken->body, sqlite3_column_blob(next.handle, 3), taken->length);
	}
	statement_finish(&next);
	return status;
}

static int bury(struct connection *connection, int64_t id, uint32_t receives, struct vm_error *err)
{
	struct statement bury = statement_prepare(connection, LOCAL_BURY);
	char reason[64];
	int status;

	snprintf(reason, sizeof reason, "received %" PRIu32 " times without being removed", receives);
	statement_bind_int(&bury, local_now_ms());
	statement_bind_string(&bury, reason);
	statement_bind_int(&bury, id);
	status = statement_run(&bury, NULL, err);
	return status == VM_OK ? local_change(connection, LOCAL_FORGET, id, NULL, err) : status;
}

static int hide(struct connection *connection, int64_t id, int64_t until_ms, struct taken *taken,
                struct vm_error *err)
{
	struct statement take = statement_prepare(connection, LOCAL_TAKE);
	const unsigned char *receipt;
	bool row;
	int status;

	statement_bind_int(&take, until_ms);
	statement_bind_int(&take, id);
	status = statement_step(&take, &row, err);
	if (status == VM_OK) {
		receipt = sqlite3_column_text(take.handle, 0);
		if (receipt == NULL)
			status = vm_fail_memory(err);
		else
			snprintf(taken->receipt, sizeof taken->receipt, "%s", (const char *)receipt);
	}
	statement_finish(&take);
	taken->receives++;
	return status;
}

/*
 * Takes the next message, and buries on the way those that were received too
 * often. Not made durable: after a power failure no receiver is left that could
 * hold what was taken.
 */
static int take(struct local *local, struct taken *taken, bool *some, const struct vm_call *call,
                struct vm_error *err)
{
	struct connection *connection = NULL;
	int64_t now, id = 0, ahead_ms = ahead_now();
	bool back;
	int status;

	status = clock_is_back(local, ahead_ms, &back, call, err);
	if (status == VM_OK && !back) {
		local->ahead_ms = ahead_ms;
		status = is_due(local, some, call, err);
	}
	if (status != VM_OK || (!back && !*some))
		return status;
	status = database_write(local->database, "receive", LOOSE, call, &connection, err);
	if (status != VM_OK)
		return status;
	now = local_now_ms();
	status = wake(connection, now, back ? now : now + (int64_t)LOCAL_HIDDEN_MOST_MS, err);
	while (status == VM_OK) {
		status = next(connection, now, &id, taken, err);
		if (status != VM_OK || id == 0 || taken->receives < local->config->max_receives)
			break;
		status = bury(connection, id, taken->receives, err);
	}
	*some = status == VM_OK && id != 0;
	if (*some)
		status = hide(connection, id, now + (int64_t)local->config->visibility, taken, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	/* Only now: what a failure has left asleep is woken by the next look. */
	if (status == VM_OK)
		local->ahead_ms = ahead_ms;
	return status;
}

static enum vm_more emit_taken(const struct taken *taken, vm_message_fn *emit, void *ctx)
{
	return emit(ctx, &(struct vm_message){.id = taken->id,
	                                      .receipt = taken->receipt,
	                                      .body = taken->body,
	                                      .length = taken->length,
	                                      .receives = taken->receives,
	                                      .sent_ms = taken->sent_ms});
}

/*
 * One is taken, then emitted, then the next: so nothing has to be given back
 * when emit says stop. A failure behind the first message is left to the next
 * receive, for what was emitted is received.
 */
int local_receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                  const struct vm_call *call, struct vm_error *err)
{
	struct taken taken = {0};
	struct vm_error *report = err;
	int64_t waited_from = database_clock_ms();
	uint64_t look_ms = LOOK_FIRST_MS, waited;
	uint32_t emitted = 0;
	int status = VM_OK;
	bool some;

	while (emitted < max) {
		status = take(self, &taken, &some, call, report);
		if (status != VM_OK)
			break;
		if (some) {
			emitted++;
			report = NULL;
			if (emit_taken(&taken, emit, ctx) == VM_STOP)
				break;
			continue;
		}
		waited = (uint64_t)(database_clock_ms() - waited_from);
		if (emitted > 0 || waited >= wait_ms)
			break;
		kit_sleep_ms(call, look_ms < wait_ms - waited ? look_ms : wait_ms - waited);
		look_ms = look_ms * 2 < LOOK_MOST_MS ? look_ms * 2 : LOOK_MOST_MS;
	}
	free(taken.body);
	return emitted > 0 ? VM_OK : status;
}
