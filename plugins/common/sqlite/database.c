/* database.c - who holds a connection, whose turn it is to write, and when a transaction ends. */
#include "sqlite/database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kit/fail.h"
#include "sqlite/internal.h"

/* Kept open between operations; more may be open while they are used. */
enum { IDLE_MOST = 8 };

/* For all waiting of one operation; a transaction of ours takes milliseconds. */
enum { PATIENCE_MS = 5000 };

/* How often a thread that waits for its turn looks whether it must go. */
enum { TURN_LOOK_MS = 50 };

bool database_name_is_valid(const char *name)
{
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t length = strlen(name);

	return length > 0 && length <= DATABASE_NAME_MAX && name[0] != '.' &&
	       strspn(name, allowed) == length;
}

int database_create(const struct database_plan *plan, const char *state_dir, const char *name,
                    struct database **out, struct vm_error *err)
{
	struct database *database = calloc(1, sizeof *database);
	pthread_condattr_t monotonic;

	if (database == NULL)
		return vm_fail_memory(err);
	if (asprintf(&database->path, "%s/%s/%s.db", state_dir, plan->folder, name) < 0) {
		free(database);
		return vm_fail_memory(err);
	}
	database->plan = plan;
	database->state_dir = state_dir;
	database->file = strrchr(database->path, '/') + 1;
	pthread_mutex_init(&database->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&database->turn, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*out = database;
	return VM_OK;
}

static void destroy_all(struct connection *first)
{
	struct connection *next;

	for (; first != NULL; first = next) {
		next = first->next;
		connection_destroy(first);
	}
}

void database_destroy(struct database *database)
{
	if (database == NULL)
		return;
	destroy_all(database->idle);
	pthread_cond_destroy(&database->turn);
	pthread_mutex_destroy(&database->lock);
	free(database->path);
	free(database);
}

static struct connection *pop_idle(struct database *database)
{
	struct connection *connection;

	pthread_mutex_lock(&database->lock);
	connection = database->idle;
	if (connection != NULL) {
		database->idle = connection->next;
		database->n_idle--;
	}
	pthread_mutex_unlock(&database->lock);
	return connection;
}

/* Somebody removed or replaced the file: what is written through this goes nowhere. */
static bool is_lost(const struct connection *connection)
{
	int moved = 0;

	sqlite3_file_control(connection->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

static int take(struct database *database, const struct operation *operation,
                struct connection **out, struct vm_error *err)
{
	struct connection *connection = pop_idle(database);
	int status;

	while (connection != NULL && is_lost(connection)) {
		connection_destroy(connection);
		connection = pop_idle(database);
	}
	if (connection != NULL) {
		connection->operation = *operation;
		*out = connection;
		return VM_OK;
	}
	connection = connection_create(database);
	if (connection == NULL)
		return vm_fail_memory(err);
	connection->operation = *operation;
	status = connection_open(connection, err);
	if (status != VM_OK) {
		connection_destroy(connection);
		return status;
	}
	*out = connection;
	return VM_OK;
}

static struct operation operation_of(const char *what, const struct vm_call *call)
{
	return (struct operation){
	    .what = what, .call = call, .patient_until_ms = database_clock_ms() + PATIENCE_MS};
}

int database_read(struct database *database, const char *what, const struct vm_call *call,
                  struct connection **out, struct vm_error *err)
{
	struct operation operation = operation_of(what, call);
	int status = vm_call_check(call, what, err);

	return status != VM_OK ? status : take(database, &operation, out, err);
}

/*
 * Threads of one process queue here, where waking up costs nothing; SQLite's
 * locks, which have to be asked again and again, are left to the processes.
 */
static int take_turn(struct database *database, const struct operation *operation,
                     struct vm_error *err)
{
	struct timespec look;
	int status = vm_call_check(operation->call, operation->what, err);

	pthread_mutex_lock(&database->lock);
	while (status == VM_OK && database->writing) {
		clock_gettime(CLOCK_MONOTONIC, &look);
		look.tv_nsec += TURN_LOOK_MS * 1000000L;
		if (look.tv_nsec >= 1000000000L) {
			look.tv_nsec -= 1000000000L;
			look.tv_sec++;
		}
		pthread_cond_timedwait(&database->turn, &database->lock, &look);
		status = vm_call_check(operation->call, operation->what, err);
		if (status == VM_OK && database_clock_ms() >= operation->patient_until_ms)
			status = vm_fail(err, VM_ERR_UNAVAILABLE,
			                 "%s: %s: other threads have kept it locked for too long",
			                 operation->what, database->path);
	}
	if (status == VM_OK)
		database->writing = true;
	pthread_mutex_unlock(&database->lock);
	return status;
}

static void give_turn(struct database *database)
{
	pthread_mutex_lock(&database->lock);
	database->writing = false;
	pthread_cond_signal(&database->turn);
	pthread_mutex_unlock(&database->lock);
}

static int begin(struct connection *connection, enum durability durability, struct vm_error *err)
{
	int code = SQLITE_OK;

	if (connection->durability != durability) {
		code = connection_execute(connection,
		                          durability == DURABLE ? "PRAGMA synchronous=FULL"
		                                                : "PRAGMA synchronous=NORMAL",
		                          NULL, 0);
		if (code == SQLITE_OK)
			connection->durability = durability;
	}
	if (code == SQLITE_OK)
		code = connection_execute(connection, "BEGIN IMMEDIATE", NULL, 0);
	return code == SQLITE_OK ? VM_OK : connection_fail(connection, code, err);
}

int database_write(struct database *database, const char *what, enum durability durability,
                   const struct vm_call *call, struct connection **out, struct vm_error *err)
{
	struct operation operation = operation_of(what, call);
	struct connection *connection = NULL;
	int status = take_turn(database, &operation, err);

	if (status != VM_OK)
		return status;
	status = take(database, &operation, &connection, err);
	if (status != VM_OK) {
		give_turn(database);
		return status;
	}
	connection->writes = true;
	status = begin(connection, durability, err);
	if (status != VM_OK) {
		database_end(connection);
		return status;
	}
	*out = connection;
	return VM_OK;
}

int database_commit(struct connection *connection, struct vm_error *err)
{
	int code;

	connection->settling = true;
	code = connection_execute(connection, "COMMIT", NULL, 0);
	connection->settling = false;
	return code == SQLITE_OK ? VM_OK : connection_fail(connection, code, err);
}

void database_end(struct connection *connection)
{
	struct database *database;

	if (connection == NULL)
		return;
	database = connection->database;
	connection->settling = true;
	if (!sqlite3_get_autocommit(connection->handle))
		connection_execute(connection, "ROLLBACK", NULL, 0);
	connection->settling = false;
	connection->operation = (struct operation){0};
	if (connection->writes)
		give_turn(database);
	connection->writes = false;

	pthread_mutex_lock(&database->lock);
	if (!connection->broken && database->n_idle < IDLE_MOST) {
		connection->next = database->idle;
		database->idle = connection;
		database->n_idle++;
		connection = NULL;
	}
	pthread_mutex_unlock(&database->lock);
	connection_destroy(connection);
}

int database_connect(struct database *database, const struct vm_call *call, struct vm_error *err)
{
	struct connection *connection = NULL;
	int status;

	if (access(database->path, F_OK) == 0) {
		status = database_read(database, "connect", call, &connection, err);
		if (status == VM_OK)
			database_end(connection);
		return status;
	}
	if (access(database->state_dir, W_OK | X_OK) != 0)
		return kit_fail_errno(err, errno, database->state_dir, "connect");
	return VM_OK;
}
