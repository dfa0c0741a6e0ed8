/* internal.h - what the files of this folder share and plugins do not see. */
#ifndef SQLITE_INTERNAL_H
#define SQLITE_INTERNAL_H

#include <pthread.h>

#include "sqlite/database.h"

struct database {
	const struct database_plan *plan;
	const char *state_dir;
	char *path;
	const char *file;     /* the end of path: the name in the plan's folder */
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t turn;  /* nobody writes any more */
	bool writing;
	struct connection *idle;
	size_t n_idle;
};

/*
 * In this order, with the operation set before the second. connection_create
 * returns NULL when there is no memory. What connection_open could not open is
 * to be destroyed as well; connection_destroy accepts NULL.
 */
struct connection *connection_create(struct database *database);
int connection_open(struct connection *connection, struct vm_error *err);
void connection_destroy(struct connection *connection);

/* Runs SQL that has no parameters; the first column of the last row goes into text (may be NULL).
 * Returns SQLite's code. */
int connection_execute(struct connection *connection, const char *sql, char *text, size_t size);

/* What a failure of SQLite means for the operation that holds the connection, which is told so. */
int connection_fail(struct connection *connection, int code, struct vm_error *err);

/* Makes SQLite ask us while it computes and when it finds a lock taken. */
void connection_listen(struct connection *connection);
/* Waits a little for a lock; false when there is no more waiting. `tries` counts from 0. */
bool connection_wait(const struct connection *connection, unsigned tries);

#endif
