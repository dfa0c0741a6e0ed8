/* wait.c - what takes long ends with the call: waiting for locks, computing. */
#include <time.h>

#include "kit/sleep.h"
#include "sqlite/internal.h"

/* In steps of SQLite's machine: some ten microseconds. */
enum { STEPS_BETWEEN_QUESTIONS = 1000 };

/* A lock is held for some milliseconds, which an fsync takes. */
enum { LOCK_WAIT_MOST_MS = 20 };

int64_t database_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool must_end(const struct connection *connection)
{
	return !connection->settling && (vm_call_cancelled(connection->operation.call) ||
	                                 vm_call_time_left_ms(connection->operation.call) <= 0);
}

bool connection_wait(const struct connection *connection, unsigned tries)
{
	if (must_end(connection) || database_clock_ms() >= connection->operation.patient_until_ms)
		return false;
	return kit_sleep_ms(connection->operation.call,
	                    tries < LOCK_WAIT_MOST_MS ? tries + 1 : LOCK_WAIT_MOST_MS);
}

static int computing(void *ctx)
{
	return must_end(ctx);
}

static int locked(void *ctx, int tries)
{
	return connection_wait(ctx, (unsigned)tries);
}

void connection_listen(struct connection *connection)
{
	sqlite3_progress_handler(connection->handle, STEPS_BETWEEN_QUESTIONS, computing, connection);
	sqlite3_busy_handler(connection->handle, locked, connection);
}
