/* message.c - sending, extending and removing one message, and counting them all. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "queue_local.h"

int64_t local_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads digits up to `end`, which must be there. */
static bool read_id(const char *text, char end, int64_t *id)
{
	char *behind;
	long long value;

	if (text[0] < '1' || text[0] > '9')
		return false;
	errno = 0;
	value = strtoll(text, &behind, 10);
	if (errno != 0 || *behind != end)
		return false;
	*id = value;
	return true;
}

bool local_receipt_read(const char *receipt, int64_t *id)
{
	return read_id(receipt, '.', id);
}

bool local_id_read(const char *text, int64_t *id)
{
	return read_id(text, '\0', id);
}

int local_finds(struct connection *connection, enum local_statement number, int64_t id, bool *found,
                struct vm_error *err)
{
	struct statement statement = statement_prepare(connection, number);
	int status;

	statement_bind_int(&statement, id);
	status = statement_step(&statement, found, err);
	statement_finish(&statement);
	return status;
}

int local_change(struct connection *connection, enum local_statement number, int64_t id,
                 int64_t *changes, struct vm_error *err)
{
	struct statement statement = statement_prepare(connection, number);

	statement_bind_int(&statement, id);
	return statement_run(&statement, changes, err);
}

int local_send(void *self, const void *body, size_t length, uint64_t delay_ms,
               const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement send;
	int64_t now = local_now_ms();
	int status;

	if (length > LOCAL_MESSAGE_BYTES_MOST)
		return vm_fail(err, VM_ERR_LIMIT, "send: %zu bytes; a message has at most %" PRIu64, length,
		               LOCAL_MESSAGE_BYTES_MOST);
	if (delay_ms > LOCAL_HIDDEN_MOST_MS)
		return vm_fail(err, VM_ERR_LIMIT, "send: a delay of %" PRIu64 " ms; at most %" PRIu64,
		               delay_ms, LOCAL_HIDDEN_MOST_MS);
	status = database_write(local->database, "send", DURABLE, call, &connection, err);
	if (status != VM_OK)
		return status;
	send = statement_prepare(connection, LOCAL_SEND);
	statement_bind_int(&send, now);
	statement_bind_int(&send, now + (int64_t)delay_ms);
	statement_bind_blob(&send, body, length);
	status = statement_run(&send, NULL, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}

int local_extend(void *self, const char *receipt, uint64_t visibility_ms,
                 const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement extend;
	int64_t id, changes = 0;
	int status;

	if (!local_receipt_read(receipt, &id))
		return vm_fail(err, VM_ERR_BAD_DATA, "extend: not a receipt of this queue");
	if (visibility_ms > LOCAL_HIDDEN_MOST_MS)
		return vm_fail(err, VM_ERR_LIMIT, "extend by %" PRIu64 " ms; at most %" PRIu64,
		               visibility_ms, LOCAL_HIDDEN_MOST_MS);
	/* A message that is seen too early costs a look at its video: not worth an fsync. */
	status = database_write(local->database, "extend", LOOSE, call, &connection, err);
	if (status != VM_OK)
		return status;
	extend = statement_prepare(connection, LOCAL_EXTEND);
	statement_bind_int(&extend, local_now_ms() + (int64_t)visibility_ms);
	statement_bind_int(&extend, id);
	statement_bind_string(&extend, receipt);
	status = statement_run(&extend, &changes, err);
	if (status == VM_OK && changes == 0)
		status = vm_fail(err, VM_ERR_CONFLICT,
		                 "extend message %" PRId64 ": received again or removed since", id);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}

/* VM_ERR_CONFLICT when the message is there, for then it was received again. */
static int expect_removed(struct connection *connection, int64_t id, struct vm_error *err)
{
	bool there = false;
	int status = local_finds(connection, LOCAL_EXISTS, id, &there, err);

	if (status == VM_OK && there)
		status = vm_fail(err, VM_ERR_CONFLICT, "remove message %" PRId64 ": received again since",
		                 id);
	return status;
}

int local_remove(void *self, const char *receipt, const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement remove;
	int64_t id, changes = 0;
	int status;

	if (!local_receipt_read(receipt, &id))
		return vm_fail(err, VM_ERR_BAD_DATA, "remove: not a receipt of this queue");
	/* At most it is delivered once more after a power failure, which every receiver bears. */
	status = database_write(local->database, "remove", LOOSE, call, &connection, err);
	if (status != VM_OK)
		return status;
	remove = statement_prepare(connection, LOCAL_REMOVE);
	statement_bind_int(&remove, id);
	statement_bind_string(&remove, receipt);
	status = statement_run(&remove, &changes, err);
	if (status == VM_OK && changes == 0)
		status = expect_removed(connection, id, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}

int local_stats(void *self, struct vm_queue_stats *out, const struct vm_call *call,
                struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement stats;
	int64_t now = local_now_ms(), oldest;
	bool row;
	int status;

	status = database_read(local->database, "stats", call, &connection, err);
	if (status != VM_OK)
		return status;
	stats = statement_prepare(connection, LOCAL_STATS);
	statement_bind_int(&stats, now);
	statement_bind_int(&stats, now + (int64_t)LOCAL_HIDDEN_MOST_MS);
	status = statement_step(&stats, &row, err);
	if (status == VM_OK) {
		out->visible = (uint64_t)sqlite3_column_int64(stats.handle, 0);
		out->invisible = (uint64_t)sqlite3_column_int64(stats.handle, 1);
		out->delayed = (uint64_t)sqlite3_column_int64(stats.handle, 2);
		out->dead = (uint64_t)sqlite3_column_int64(stats.handle, 3);
		oldest = sqlite3_column_int64(stats.handle, 4); /* 0 for the NULL of an empty queue */
		out->oldest_ms = oldest > 0 ? (uint64_t)oldest : 0;
	}
	statement_finish(&stats);
	database_end(connection);
	return status;
}
