/* statement.h - one SQL statement being run: bind, step, finish. */
#ifndef SQLITE_STATEMENT_H
#define SQLITE_STATEMENT_H

#include "sqlite/database.h"

/*
 * Lives on the stack. A failure of preparing or binding is kept and reported by
 * the first step, so that a caller has one status to look at. What is bound is
 * borrowed until statement_finish.
 */
struct statement {
	struct connection *connection;
	sqlite3_stmt *handle;
	int code; /* of SQLite; SQLITE_OK so far */
	bool own; /* compiled for this use only */
	int n_bound;
};

/* One of the plan's statements, compiled once for each connection. */
struct statement statement_prepare(struct connection *connection, size_t number);
struct statement statement_compile(struct connection *connection, const char *sql);

/* Each binds the next parameter. Text may be NULL. */
void statement_bind_int(struct statement *statement, int64_t value);
void statement_bind_text(struct statement *statement, const char *text, size_t length);
void statement_bind_string(struct statement *statement, const char *string);
void statement_bind_blob(struct statement *statement, const void *bytes, size_t length);

/* *row: there is one, to be read with sqlite3_column_*; false: the statement is done. */
int statement_step(struct statement *statement, bool *row, struct vm_error *err);
/* Accepts a statement whose preparing failed. */
void statement_finish(struct statement *statement);

/* Steps to the end and finishes. *changes (may be NULL) is how many rows it changed. */
int statement_run(struct statement *statement, int64_t *changes, struct vm_error *err);

#endif
