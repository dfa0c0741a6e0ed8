/* test_wait.c - waiting for locks and long computations end with the call. */
#include <string.h>

#include "run.h"
#include "tally.h"

struct holder {
	atomic_bool holds, release;
};

/* Stands in a transaction until it is told to go. */
static int hold(const char *folder, void *arg)
{
	struct holder *holder = arg;
	struct database *database = tally_open(folder);
	struct connection *connection = NULL;
	struct vm_error err;

	expect_ok(&err, database_write(database, "hold", DURABLE, NULL, &connection, &err));
	atomic_store(&holder->holds, true);
	while (!atomic_load(&holder->release))
		place_sleep_ms(1);
	database_end(connection);
	database_destroy(database);
	return 0;
}

static void wait_until_held(struct holder *holder, pid_t process)
{
	while (!atomic_load(&holder->holds)) {
		place_expect_alive(process);
		place_sleep_ms(1);
	}
}

static void expect_end(struct database *database, const struct place_call *call, int status)
{
	int64_t begin_ms = place_now_ms();
	struct vm_error err;

	ck_assert_int_eq(tally_add(database, 1, 1, &call->vm, &err), status);
	ck_assert_int_eq(err.status, status);
	ck_assert_int_lt(place_now_ms() - begin_ms, 1000);
}

START_TEST(waiting_for_another_process_ends_with_the_call)
{
	struct holder *holder = place_shared(sizeof *holder);
	struct place_call call;
	struct tally tally;
	struct vm_error err;
	int64_t sum = -1;
	pid_t other;

	tally_init(&tally);
	other = place_start(hold, tally.folder, holder);
	wait_until_held(holder, other);
	place_call_init(&call);
	call.cancel_ms = place_now_ms() + 100;
	expect_end(tally.database, &call, VM_ERR_CANCELLED);
	place_call_init(&call);
	call.deadline_ms = place_now_ms() + 100;
	expect_end(tally.database, &call, VM_ERR_TIMEOUT);
	/* Who reads need not wait. */
	expect_ok(&err, tally_sum(tally.database, &sum, &err));
	ck_assert_int_eq(sum, 0);
	atomic_store(&holder->release, true);
	expect_ok(&err, tally_add(tally.database, 1, 1, NULL, &err));
	place_wait(other);
	tally_finish(&tally);
}
END_TEST

START_TEST(a_process_that_never_lets_go_is_unavailable_after_a_while)
{
	struct holder *holder = place_shared(sizeof *holder);
	struct tally tally;
	struct vm_error err;
	pid_t other;

	tally_init(&tally);
	other = place_start(hold, tally.folder, holder);
	wait_until_held(holder, other);
	ck_assert_int_eq(tally_add(tally.database, 1, 1, NULL, &err), VM_ERR_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(err.message, tally.path));
	ck_assert_ptr_nonnull(strstr(err.message, "locked"));
	/* Its death frees the lock, and what it had begun is gone. */
	place_kill(other);
	expect_ok(&err, tally_add(tally.database, 1, 1, NULL, &err));
	tally_finish(&tally);
}
END_TEST

START_TEST(waiting_for_another_thread_ends_with_the_call)
{
	struct connection *connection = NULL;
	struct place_call call;
	struct tally tally;
	struct vm_error err;

	tally_init(&tally);
	expect_ok(&err, database_write(tally.database, "hold", DURABLE, NULL, &connection, &err));
	place_call_init(&call);
	call.cancel_ms = place_now_ms() + 100;
	expect_end(tally.database, &call, VM_ERR_CANCELLED);
	place_call_init(&call);
	call.deadline_ms = place_now_ms() + 100;
	expect_end(tally.database, &call, VM_ERR_TIMEOUT);
	database_end(connection);
	tally_finish(&tally);
}
END_TEST

START_TEST(a_long_computation_ends_with_the_call)
{
	static const char forever[] =
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
	struct connection *connection = NULL;
	struct statement statement;
	struct place_call call;
	struct tally tally;
	struct vm_error err;
	int64_t sum;

	tally_init(&tally);
	place_call_init(&call);
	call.cancel_ms = place_now_ms() + 200;
	expect_ok(&err, database_read(tally.database, "count", &call.vm, &connection, &err));
	statement = statement_compile(connection, forever);
	ck_assert_int_eq(statement_run(&statement, NULL, &err), VM_ERR_CANCELLED);
	database_end(connection);
	ck_assert_int_lt(place_now_ms() - call.cancel_ms, 1000);
	expect_ok(&err, tally_sum(tally.database, &sum, &err));
	tally_finish(&tally);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("wait");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, waiting_for_another_process_ends_with_the_call);
	tcase_add_test(tests, a_process_that_never_lets_go_is_unavailable_after_a_while);
	tcase_add_test(tests, waiting_for_another_thread_ends_with_the_call);
	tcase_add_test(tests, a_long_computation_ends_with_the_call);
	return run_tests(tests, "wait");
}
