/* wait.c - waiting that ends with the call: for time, for locks, for a long computation. */
#include "sqlite/wait.h"

#include <time.h>

#include "sqlite/internal.h"

/* In steps of SQLite's machine: some ten microseconds. */
enum { STEPS_BETWEEN_QUESTIONS = 1000 };

/* A lock is held for some milliseconds, which an fsync takes. */
enum { LOCK_WAIT_MOST_MS = 20 };

int64_t wait_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void wait_ms(const struct vm_call *call, uint64_t duration_ms)
{
	struct timespec left = {.tv_sec = (time_t)(duration_ms / 1000),
	                        .tv_nsec = (long)(duration_ms % 1000) * 1000000};

	if (call != NULL)
		call->table->sleep_ms(call, duration_ms);
	else
		nanosleep(&left, NULL);
}

static bool must_end(const struct connection *connection)
{
	return !connection->settling && (vm_call_cancelled(connection->operation.call) ||
	                                 vm_call_time_left_ms(connection->operation.call) <= 0);
}

bool connection_wait(const struct connection *connection, unsigned tries)
{
	if (must_end(connection) || wait_now_ms() >= connection->operation.patient_until_ms)
		return false;
	wait_ms(connection->operation.call, tries < LOCK_WAIT_MOST_MS ? tries + 1 : LOCK_WAIT_MOST_MS);
	return true;
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
