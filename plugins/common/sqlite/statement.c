/* statement.c - one SQL statement being run: bind, step, finish. */
#include "sqlite/statement.h"

#include <string.h>

#include "sqlite/internal.h"

struct statement statement_prepare(struct connection *connection, size_t number)
{
	sqlite3_stmt **prepared = &connection->prepared[number];
	int code = SQLITE_OK;

	if (*prepared == NULL)
		code = sqlite3_prepare_v3(connection->handle,
		                          connection->database->plan->statements[number], -1,
		                          SQLITE_PREPARE_PERSISTENT, prepared, NULL);
	return (struct statement){.connection = connection, .handle = *prepared, .code = code};
}

struct statement statement_compile(struct connection *connection, const char *sql)
{
	struct statement statement = {.connection = connection, .own = true};

	statement.code = sqlite3_prepare_v2(connection->handle, sql, -1, &statement.handle, NULL);
	return statement;
}

/* A bind that was not done would be a NULL in the database: the first failure stays. */
static void keep(struct statement *statement, int code)
{
	if (statement->code == SQLITE_OK)
		statement->code = code;
}

void statement_bind_int(struct statement *statement, int64_t value)
{
	keep(statement, sqlite3_bind_int64(statement->handle, ++statement->n_bound, value));
}

void statement_bind_text(struct statement *statement, const char *text, size_t length)
{
	keep(statement, sqlite3_bind_text64(statement->handle, ++statement->n_bound, text, length,
	                                    SQLITE_STATIC, SQLITE_UTF8));
}

void statement_bind_string(struct statement *statement, const char *string)
{
	statement_bind_text(statement, string, string != NULL ? strlen(string) : 0);
}

void statement_bind_blob(struct statement *statement, const void *bytes, size_t length)
{
	/* No bytes at NULL would be an SQL NULL, which is something else. */
	keep(statement, sqlite3_bind_blob64(statement->handle, ++statement->n_bound,
	                                    bytes != NULL ? bytes : "", length, SQLITE_STATIC));
}

int statement_step(struct statement *statement, bool *row, struct vm_error *err)
{
	struct connection *connection = statement->connection;
	int status;

	*row = false;
	if (statement->code == SQLITE_OK) {
		status = vm_call_check(connection->operation.call, connection->operation.what, err);
		if (status != VM_OK)
			return status;
		statement->code = sqlite3_step(statement->handle);
	}
	switch (statement->code) {
	case SQLITE_ROW:
		*row = true;
		statement->code = SQLITE_OK;
		return VM_OK;
	case SQLITE_DONE:
		return VM_OK;
	default:
		return connection_fail(connection, statement->code, err);
	}
}

void statement_finish(struct statement *statement)
{
	if (statement->own) {
		sqlite3_finalize(statement->handle);
	} else if (statement->handle != NULL) {
		sqlite3_reset(statement->handle);
		sqlite3_clear_bindings(statement->handle);
	}
	statement->handle = NULL;
}

int statement_run(struct statement *statement, int64_t *changes, struct vm_error *err)
{
	bool row = true;
	int status = VM_OK;

	while (row && status == VM_OK)
		status = statement_step(statement, &row, err);
	if (status == VM_OK && changes != NULL)
		*changes = sqlite3_changes64(statement->connection->handle);
	statement_finish(statement);
	return status;
}
