/* dead.c - the dead letters: how a message becomes one, and how one ends. */
#include <inttypes.h>
#include <stdio.h>

#include "queue_local.h"

/* Why nothing was buried. Doing it twice is as good as once. */
static int explain_not_buried(struct connection *connection, int64_t id, struct vm_error *err)
{
	bool there = false, dead = false;
	int status = local_finds(connection, LOCAL_IS_DEAD, id, &dead, err);

	if (status == VM_OK && !dead)
		status = local_finds(connection, LOCAL_EXISTS, id, &there, err);
	if (status == VM_OK && !dead)
		status = vm_fail(err, VM_ERR_CONFLICT, "dead-letter message %" PRId64 ": %s since", id,
		                 there ? "received again" : "removed");
	return status;
}

int local_dead_letter(void *self, const struct vm_message *message, const char *reason,
                      const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement bury;
	int64_t id, changes = 0;
	int status;

	if (!local_receipt_read(message->receipt, &id))
		return vm_fail(err, VM_ERR_BAD_DATA, "dead-letter: not a receipt of this queue");
	status = database_write(local->database, "dead-letter", DURABLE, call, &connection, err);
	if (status != VM_OK)
		return status;
	bury = statement_prepare(connection, LOCAL_BURY_RECEIVED);
	statement_bind_int(&bury, local_now_ms());
	statement_bind_string(&bury, reason);
	statement_bind_int(&bury, id);
	statement_bind_string(&bury, message->receipt);
	status = statement_run(&bury, &changes, err);
	if (status == VM_OK)
		status = changes > 0 ? local_change(connection, LOCAL_FORGET, id, NULL, err)
		                     : explain_not_buried(connection, id, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}

static enum vm_more emit_row(sqlite3_stmt *row, vm_dead_letter_fn *emit, void *ctx)
{
	char id[VM_MESSAGE_ID_MAX];

	snprintf(id, sizeof id, "%" PRId64, (int64_t)sqlite3_column_int64(row, 0));
	return emit(ctx, &(struct vm_dead_letter){.id = id,
	                                          .body = sqlite3_column_blob(row, 1),
	                                          .length = (size_t)sqlite3_column_bytes(row, 1),
	                                          .reason = (const char *)sqlite3_column_text(row, 2),
	                                          .receives = (uint32_t)sqlite3_column_int64(row, 3),
	                                          .died_ms = sqlite3_column_int64(row, 4)});
}

int local_list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement list;
	bool row;
	int status = database_read(local->database, "list dead letters", call, &connection, err);

	if (status != VM_OK)
		return status;
	list = statement_prepare(connection, LOCAL_LIST_DEAD);
	statement_bind_int(&list, max);
	do
		status = statement_step(&list, &row, err);
	while (status == VM_OK && row && emit_row(list.handle, emit, ctx) == VM_MORE);
	statement_finish(&list);
	database_end(connection);
	return status;
}

/* One letter back among the messages, as if sent now. */
static int revive(struct connection *connection, int64_t id, int64_t *changes, struct vm_error *err)
{
	struct statement revive = statement_prepare(connection, LOCAL_REVIVE);
	int64_t now = local_now_ms();
	int status;

	statement_bind_int(&revive, now);
	statement_bind_int(&revive, now);
	statement_bind_int(&revive, id);
	status = statement_run(&revive, changes, err);
	return status == VM_OK ? local_change(connection, LOCAL_REMOVE_DEAD, id, NULL, err) : status;
}

static int revive_all(struct connection *connection, int64_t *changes, struct vm_error *err)
{
	struct statement revive = statement_prepare(connection, LOCAL_REVIVE_ALL), forget;
	int64_t now = local_now_ms();
	int status;

	statement_bind_int(&revive, now);
	statement_bind_int(&revive, now);
	status = statement_run(&revive, changes, err);
	if (status != VM_OK)
		return status;
	forget = statement_prepare(connection, LOCAL_REMOVE_ALL_DEAD);
	return statement_run(&forget, NULL, err);
}

static int fail_not_there(const char *what, const char *id, struct vm_error *err)
{
	return vm_fail(err, VM_ERR_NOT_FOUND, "%s %s: no such dead letter", what, id);
}

int local_redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                  struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	int64_t number = 0, changes = 0;
	int status;

	if (id != NULL && !local_id_read(id, &number))
		return fail_not_there("redrive", id, err);
	status = database_write(local->database, "redrive", DURABLE, call, &connection, err);
	if (status != VM_OK)
		return status;
	status = id != NULL ? revive(connection, number, &changes, err)
	                    : revive_all(connection, &changes, err);
	if (status == VM_OK && id != NULL && changes == 0)
		status = fail_not_there("redrive", id, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	if (status == VM_OK)
		*moved = (uint64_t)changes;
	database_end(connection);
	return status;
}

int local_remove_dead(void *self, const char *id, const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	int64_t number, changes = 0;
	int status;

	if (!local_id_read(id, &number))
		return fail_not_there("remove dead letter", id, err);
	status = database_write(local->database, "remove dead letter", DURABLE, call, &connection, err);
	if (status != VM_OK)
		return status;
	status = local_change(connection, LOCAL_REMOVE_DEAD, number, &changes, err);
	if (status == VM_OK && changes == 0)
		status = fail_not_there("remove dead letter", id, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}
