/* open.c - a new connection: its file made when missing, SQLite set up, the schema checked. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/fail.h"
#include "kit/folder.h"
#include "sqlite/internal.h"

enum { NUMBER_TEXT_MAX = 24 };

struct text {
	char *out;
	size_t size;
};

static int keep_first_column(void *ctx, int columns, char **values, char **names)
{
	struct text *text = ctx;

	(void)names;
	if (text->size > 0 && columns > 0)
		snprintf(text->out, text->size, "%s", values[0] != NULL ? values[0] : "");
	return 0;
}

int connection_execute(struct connection *connection, const char *sql, char *text, size_t size)
{
	struct text out = {.out = text, .size = text != NULL ? size : 0};

	return sqlite3_exec(connection->handle, sql, keep_first_column, &out, NULL);
}

struct connection *connection_create(struct database *database)
{
	struct connection *connection = calloc(1, sizeof *connection);

	if (connection == NULL)
		return NULL;
	connection->database = database;
	connection->durability = DURABLE;
	connection->prepared = calloc(database->plan->n_statements, sizeof *connection->prepared);
	if (connection->prepared == NULL) {
		free(connection);
		return NULL;
	}
	return connection;
}

void connection_destroy(struct connection *connection)
{
	if (connection == NULL)
		return;
	for (size_t i = 0; i < connection->database->plan->n_statements; i++)
		sqlite3_finalize(connection->prepared[i]);
	sqlite3_close(connection->handle);
	free(connection->prepared);
	free(connection);
}

/*
 * Made by mknod, for SQLite's own creation follows the umask, and for closing a
 * descriptor of the file would drop every lock that this process has on it.
 */
static int make_file(const struct connection *connection, struct vm_error *err)
{
	const struct database *database = connection->database;
	const char *what = connection->operation.what;
	int state, folder = -1, status = VM_OK;

	state = kit_folder_open(database->state_dir);
	if (state >= 0)
		folder = kit_folder_enter(state, database->plan->folder, true);
	if (folder < 0 ||
	    (mknodat(folder, database->file, S_IFREG | 0600, 0) != 0 && errno != EEXIST) ||
	    fsync(folder) != 0)
		/* VM_ERR_NOT_FOUND would be said of what is looked for in the file. */
		status = errno == ENOENT ? vm_fail(err, VM_ERR_CONFIG,
		                                   "%s: %s: its folder is not there: make it, or name "
		                                   "another state directory",
		                                   what, database->path)
		                         : kit_fail_errno(err, errno, database->path, "%s", what);
	if (folder >= 0)
		close(folder);
	if (state >= 0)
		close(state);
	return status;
}

/* One process makes the schema; another that comes in between finds it made. */
static int make_schema(struct connection *connection, char *version)
{
	const struct database_plan *plan = connection->database->plan;
	char mark[64];
	int code;

	snprintf(mark, sizeof mark, "PRAGMA user_version=%d; COMMIT", plan->version);
	code = connection_execute(connection, "BEGIN IMMEDIATE", NULL, 0);
	if (code == SQLITE_OK)
		code = connection_execute(connection, "PRAGMA user_version", version, NUMBER_TEXT_MAX);
	if (code == SQLITE_OK && strcmp(version, "0") == 0) {
		code = connection_execute(connection, plan->schema, NULL, 0);
		if (code == SQLITE_OK)
			code = connection_execute(connection, mark, NULL, 0);
		if (code == SQLITE_OK)
			snprintf(version, NUMBER_TEXT_MAX, "%d", plan->version);
	}
	if (!sqlite3_get_autocommit(connection->handle))
		connection_execute(connection, "ROLLBACK", NULL, 0);
	return code;
}

static int set_up(struct connection *connection, char *mode, size_t size, char *version)
{
	int code = connection_execute(connection, "PRAGMA journal_mode=WAL", mode, size);

	if (code == SQLITE_OK)
		code = connection_execute(connection,
		                          "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
		                          "PRAGMA journal_size_limit=8388608",
		                          NULL, 0);
	if (code == SQLITE_OK)
		code = connection_execute(connection, "PRAGMA user_version", version, NUMBER_TEXT_MAX);
	if (code == SQLITE_OK && strcmp(version, "0") == 0)
		code = make_schema(connection, version);
	return code;
}

int connection_open(struct connection *connection, struct vm_error *err)
{
	const struct database *database = connection->database;
	char mode[16] = "", version[NUMBER_TEXT_MAX] = "";
	struct stat found;
	unsigned tries = 0;
	int code, status;

	if (stat(database->path, &found) != 0) {
		status = make_file(connection, err);
		if (status != VM_OK)
			return status;
	}
	/* One thread at a time has a connection, so SQLite need not lock it. */
	code = sqlite3_open_v2(database->path, &connection->handle,
	                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
	                           SQLITE_OPEN_EXRESCODE,
	                       NULL);
	if (code == SQLITE_OK) {
		connection_listen(connection);
		/* SQLite does not wait by itself where two make a file of the new mode at once. */
		do
			code = set_up(connection, mode, sizeof mode, version);
		while ((code & 0xff) == SQLITE_BUSY && connection_wait(connection, tries++));
	}
	if (code != SQLITE_OK)
		return connection_fail(connection, code, err);
	if (strcmp(mode, "wal") != 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: %s: its file system has no shared memory: name a state directory on a "
		               "local disk",
		               connection->operation.what, database->path);
	if (strtol(version, NULL, 10) != database->plan->version)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: %s: its schema has version %s, this vidmill has version %d: run the "
		               "vidmill that made it, or name another state directory",
		               connection->operation.what, database->path, version,
		               database->plan->version);
	return VM_OK;
}
