/* test_database.c - one file in many hands: turns, transactions, names. */
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "run.h"
#include "tally.h"

enum { THREADS = 8, ROUNDS = 40, PROCESSES = 12 };

START_TEST(a_name_is_a_plain_file_name)
{
	char long_name[DATABASE_NAME_MAX + 2];

	memset(long_name, 'x', sizeof long_name);
	long_name[DATABASE_NAME_MAX + 1] = '\0';
	ck_assert(database_name_is_valid("videos-unprocessed_1.x"));
	ck_assert(database_name_is_valid(long_name + 1));
	ck_assert(!database_name_is_valid(long_name));
	ck_assert(!database_name_is_valid(""));
	ck_assert(!database_name_is_valid("."));
	ck_assert(!database_name_is_valid(".."));
	ck_assert(!database_name_is_valid("a/b"));
	ck_assert(!database_name_is_valid("a b"));
}
END_TEST

START_TEST(the_file_and_its_folder_are_private_whatever_the_umask)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[128];
	struct tally tally;
	struct stat found;
	struct vm_error err;

	umask(0);
	tally_init(&tally);
	expect_ok(&err, tally_add(tally.database, 1, 1, NULL, &err));
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(path, sizeof path, "%s%s", tally.path, ends[i]);
		ck_assert_int_eq(stat(path, &found), 0);
		ck_assert_int_eq(found.st_mode & 07777, 0600);
	}
	snprintf(path, sizeof path, "%s/tally", tally.folder);
	ck_assert_int_eq(stat(path, &found), 0);
	ck_assert_int_eq(found.st_mode & 07777, 0700);
	tally_finish(&tally);
}
END_TEST

START_TEST(what_was_not_committed_is_not_there)
{
	struct connection *connection = NULL;
	struct statement add;
	struct tally tally;
	struct vm_error err;
	int64_t sum = -1;

	tally_init(&tally);
	expect_ok(&err, database_write(tally.database, "add", DURABLE, NULL, &connection, &err));
	add = statement_prepare(connection, TALLY_ADD);
	statement_bind_int(&add, 7);
	statement_bind_int(&add, 1);
	expect_ok(&err, statement_run(&add, NULL, &err));
	database_end(connection);
	expect_ok(&err, tally_sum(tally.database, &sum, &err));
	ck_assert_int_eq(sum, 0);
	tally_finish(&tally);
}
END_TEST

static int64_t synchronous(struct database *database, enum durability durability)
{
	struct connection *connection = NULL;
	struct statement ask;
	struct vm_error err;
	int64_t level;
	bool row;

	expect_ok(&err, database_write(database, "ask", durability, NULL, &connection, &err));
	ask = statement_compile(connection, "PRAGMA synchronous");
	expect_ok(&err, statement_step(&ask, &row, &err));
	level = sqlite3_column_int64(ask.handle, 0);
	statement_finish(&ask);
	database_end(connection);
	return level;
}

START_TEST(durable_and_loose_writers_may_share_a_connection)
{
	struct tally tally;

	tally_init(&tally);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(synchronous(tally.database, DURABLE), 2); /* FULL: an fsync each */
		ck_assert_int_eq(synchronous(tally.database, LOOSE), 1);
	}
	tally_finish(&tally);
}
END_TEST

/* Reads the sum and sets it one higher, in one transaction. */
static int increment(struct database *database, enum durability durability, struct vm_error *err)
{
	struct connection *connection = NULL;
	struct statement statement;
	int64_t sum = 0;
	bool row;
	int status = database_write(database, "increment", durability, NULL, &connection, err);

	if (status != VM_OK)
		return status;
	statement = statement_prepare(connection, TALLY_SUM);
	status = statement_step(&statement, &row, err);
	if (status == VM_OK)
		sum = sqlite3_column_int64(statement.handle, 0);
	statement_finish(&statement);
	statement = statement_prepare(connection, TALLY_SET);
	statement_bind_int(&statement, sum + 1);
	if (status == VM_OK)
		status = statement_run(&statement, NULL, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}

static void *increment_often(void *database)
{
	struct vm_error err;

	for (int i = 0; i < ROUNDS; i++)
		expect_ok(&err, increment(database, i % 2 == 0 ? DURABLE : LOOSE, &err));
	return NULL;
}

static int increment_apart(const char *folder, void *arg)
{
	struct database *database = tally_open(folder);

	(void)arg;
	increment_often(database);
	database_destroy(database);
	return 0;
}

START_TEST(writers_of_all_threads_and_processes_come_one_after_the_other)
{
	struct tally tally;
	struct vm_error err;
	pthread_t threads[THREADS];
	pid_t other;
	int64_t sum;

	tally_init(&tally);
	expect_ok(&err, tally_add(tally.database, 0, 1, NULL, &err));
	database_destroy(tally.database);
	other = place_start(increment_apart, tally.folder, NULL);
	tally.database = tally_open(tally.folder);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, increment_often, tally.database), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	place_wait(other);
	expect_ok(&err, tally_sum(tally.database, &sum, &err));
	ck_assert_int_eq(sum, (THREADS + 1) * ROUNDS);
	tally_finish(&tally);
}
END_TEST

static int add_when_told(const char *folder, void *arg)
{
	atomic_bool *go = arg;
	struct database *database = tally_open(folder);
	struct vm_error err;

	while (!atomic_load(go))
		place_sleep_ms(1);
	expect_ok(&err, tally_add(database, 1, 1, NULL, &err));
	database_destroy(database);
	return 0;
}

START_TEST(many_processes_may_make_the_file_at_once)
{
	atomic_bool *go = place_shared(sizeof *go);
	pid_t children[PROCESSES];
	struct tally tally;
	struct vm_error err;
	int64_t sum;

	for (int round = 0; round < 5; round++) {
		atomic_store(go, false);
		tally_init(&tally);
		for (int i = 0; i < PROCESSES; i++)
			children[i] = place_start(add_when_told, tally.folder, go);
		atomic_store(go, true);
		for (int i = 0; i < PROCESSES; i++)
			place_wait(children[i]);
		expect_ok(&err, tally_sum(tally.database, &sum, &err));
		ck_assert_int_eq(sum, PROCESSES);
		tally_finish(&tally);
	}
}
END_TEST

START_TEST(a_cancelled_call_does_nothing_but_a_commit_is_not_cut)
{
	struct connection *connection = NULL;
	struct statement add;
	struct place_call call;
	struct tally tally;
	struct vm_error err;
	int64_t sum;

	tally_init(&tally);
	place_call_init(&call);
	call.cancel_ms = 0;
	ck_assert_int_eq(tally_add(tally.database, 1, 1, &call.vm, &err), VM_ERR_CANCELLED);

	place_call_init(&call);
	expect_ok(&err, database_write(tally.database, "add", DURABLE, &call.vm, &connection, &err));
	add = statement_prepare(connection, TALLY_ADD);
	statement_bind_int(&add, 5);
	statement_bind_int(&add, 1);
	expect_ok(&err, statement_run(&add, NULL, &err));
	call.cancel_ms = 0;
	expect_ok(&err, database_commit(connection, &err));
	database_end(connection);
	expect_ok(&err, tally_sum(tally.database, &sum, &err));
	ck_assert_int_eq(sum, 5);
	tally_finish(&tally);
}
END_TEST

START_TEST(a_file_that_was_removed_is_made_anew_not_written_on)
{
	struct database *other;
	struct tally tally;
	struct vm_error err;
	char path[128];
	int64_t sum;

	tally_init(&tally);
	expect_ok(&err, tally_add(tally.database, 1, 1, NULL, &err));
	snprintf(path, sizeof path, "%s/tally", tally.folder);
	place_remove(path);
	expect_ok(&err, tally_add(tally.database, 10, 1, NULL, &err));
	other = tally_open(tally.folder);
	expect_ok(&err, tally_sum(other, &sum, &err));
	ck_assert_int_eq(sum, 10);
	database_destroy(other);
	tally_finish(&tally);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("database");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_name_is_a_plain_file_name);
	tcase_add_test(tests, the_file_and_its_folder_are_private_whatever_the_umask);
	tcase_add_test(tests, what_was_not_committed_is_not_there);
	tcase_add_test(tests, durable_and_loose_writers_may_share_a_connection);
	tcase_add_test(tests, writers_of_all_threads_and_processes_come_one_after_the_other);
	tcase_add_test(tests, many_processes_may_make_the_file_at_once);
	tcase_add_test(tests, a_cancelled_call_does_nothing_but_a_commit_is_not_cut);
	tcase_add_test(tests, a_file_that_was_removed_is_made_anew_not_written_on);
	return run_tests(tests, "database");
}
