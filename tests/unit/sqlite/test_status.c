/* test_status.c - what goes wrong with a file, and what is said about it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "run.h"
#include "tally.h"

static void expect_sentence(const struct vm_error *err, const struct tally *tally,
                            const char *words)
{
	ck_assert_msg(strstr(err->message, tally->path) != NULL, "does not name the file: %s",
	              err->message);
	ck_assert_msg(strstr(err->message, words) != NULL, "does not say \"%s\": %s", words,
	              err->message);
	ck_assert_ptr_null(strchr(err->message, '\n'));
}

/* Puts these bytes into the file, which is closed. */
static void write_at(const char *path, off_t offset, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, length, offset), (ssize_t)length);
	close(fd);
}

START_TEST(a_file_that_is_no_database_is_refused_and_left_alone)
{
	static const char text[] = "This was put here by hand and is no database at all, but it is long"
	                           " enough that SQLite looks for its header in it.";
	char found[sizeof text] = "";
	struct tally tally;
	struct vm_error err;
	char folder[128];
	int64_t sum;
	int fd;

	tally_init(&tally);
	snprintf(folder, sizeof folder, "%s/tally", tally.folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	write_at(tally.path, 0, text, sizeof text);
	ck_assert_int_eq(tally_sum(tally.database, &sum, &err), VM_ERR_CONFIG);
	expect_sentence(&err, &tally, "not a database");
	ck_assert_int_eq(err.native & 0xff, SQLITE_NOTADB);
	fd = open(tally.path, O_RDONLY);
	ck_assert_int_eq(read(fd, found, sizeof found), sizeof found);
	ck_assert_str_eq(found, text);
	close(fd);
	tally_finish(&tally);
}
END_TEST

START_TEST(a_damaged_file_is_said_to_be_damaged)
{
	char noise[4096];
	struct tally tally;
	struct vm_error err;
	int64_t sum;
	int status;

	tally_init(&tally);
	for (int i = 0; i < 20; i++)
		expect_ok(&err, tally_add(tally.database, 1, 3000, NULL, &err));
	database_destroy(tally.database);
	memset(noise, 0x5A, sizeof noise);
	for (int page = 2; page < 12; page++)
		write_at(tally.path, page * 4096, noise, sizeof noise);
	tally.database = tally_open(tally.folder);
	status = tally_sum(tally.database, &sum, &err);
	ck_assert_int_eq(status, VM_ERR_UNAVAILABLE);
	expect_sentence(&err, &tally, "damaged");
	ck_assert_int_eq(err.native & 0xff, SQLITE_CORRUPT);
	tally_finish(&tally);
}
END_TEST

START_TEST(a_newer_schema_is_refused_by_both_its_versions)
{
	struct connection *connection = NULL;
	struct statement mark;
	struct tally tally;
	struct vm_error err;
	int64_t sum;

	tally_init(&tally);
	expect_ok(&err, database_write(tally.database, "mark", DURABLE, NULL, &connection, &err));
	mark = statement_compile(connection, "PRAGMA user_version=4");
	expect_ok(&err, statement_run(&mark, NULL, &err));
	expect_ok(&err, database_commit(connection, &err));
	database_end(connection);
	database_destroy(tally.database);
	tally.database = tally_open(tally.folder);
	ck_assert_int_eq(tally_sum(tally.database, &sum, &err), VM_ERR_CONFIG);
	expect_sentence(&err, &tally, "version 4");
	expect_sentence(&err, &tally, "version 3");
	tally_finish(&tally);
}
END_TEST

START_TEST(a_file_of_another_user_is_denied)
{
	struct tally tally;
	struct vm_error err;
	int64_t sum;

	tally_init(&tally);
	expect_ok(&err, tally_add(tally.database, 1, 1, NULL, &err));
	database_destroy(tally.database);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	else
		ck_assert_int_eq(chmod(tally.path, 0), 0);
	tally.database = tally_open(tally.folder);
	ck_assert_int_eq(tally_sum(tally.database, &sum, &err), VM_ERR_DENIED);
	expect_sentence(&err, &tally, "vidmill runs as");
	ck_assert_int_eq(seteuid(getuid()), 0);
	tally_finish(&tally);
}
END_TEST

START_TEST(a_state_directory_that_is_a_file_must_be_changed)
{
	struct database *database;
	char path[PLACE_MAX + 16];
	struct tally tally;
	struct vm_error err;
	int64_t sum;

	tally_init(&tally);
	snprintf(path, sizeof path, "%s/file", tally.folder);
	write_at(path, 0, "x", 1);
	database = tally_open(path);
	ck_assert_int_eq(tally_sum(database, &sum, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, path));
	database_destroy(database);
	tally_finish(&tally);
}
END_TEST

START_TEST(a_state_directory_that_is_gone_is_not_a_document_that_is_not_there)
{
	char path[PLACE_MAX + 32];
	struct database *database;
	struct tally tally;
	struct vm_error err;
	int64_t sum;

	tally_init(&tally);
	snprintf(path, sizeof path, "%s/dangling", tally.folder);
	ck_assert_int_eq(symlink("/nowhere/at/all", path), 0);
	database = tally_open(path);
	ck_assert_int_eq(tally_sum(database, &sum, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, path));
	database_destroy(database);
	tally_finish(&tally);
}
END_TEST

/* Adds until there is no room, and hands over what was acknowledged. */
static int64_t add_until_failure(struct tally *tally, int *status, struct vm_error *err)
{
	int64_t sum = 0;

	do {
		*status = tally_add(tally->database, 1, 5000, NULL, err);
		sum += *status == VM_OK;
	} while (*status == VM_OK && sum < 10000);
	return sum;
}

static void expect_sum(struct tally *tally, int64_t wanted)
{
	struct vm_error err;
	int64_t sum;

	expect_ok(&err, tally_sum(tally->database, &sum, &err));
	ck_assert_int_eq(sum, wanted);
}

START_TEST(what_does_not_fit_into_the_file_is_unavailable_and_leaves_nothing)
{
	struct rlimit limit, most;
	struct tally tally;
	struct vm_error err;
	int64_t sum;
	int status;

	tally_init(&tally);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &most), 0);
	limit = (struct rlimit){.rlim_cur = 256 << 10, .rlim_max = most.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	sum = add_until_failure(&tally, &status, &err);
	ck_assert_int_gt(sum, 3);
	ck_assert_int_eq(status, VM_ERR_UNAVAILABLE);
	expect_sentence(&err, &tally, "add");
	expect_sum(&tally, sum);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &most), 0);
	expect_ok(&err, tally_add(tally.database, 1, 5000, NULL, &err));
	expect_sum(&tally, sum + 1);
	tally_finish(&tally);
}
END_TEST

/* A file system of 512 KiB over the test's folder, seen by this process alone. */
static bool mount_small(const char *folder)
{
	int flags = geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS;

	return unshare(flags) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("small", folder, "tmpfs", 0, "size=512k") == 0;
}

START_TEST(a_full_disk_is_unavailable_until_there_is_room)
{
	char filler[PLACE_MAX + 16];
	char bytes[64 << 10] = {0};
	struct tally tally;
	struct vm_error err;
	int64_t sum;
	int status;

	tally_init(&tally);
	if (!mount_small(tally.folder)) {
		printf("left out: a file system may not be mounted here: %s\n", strerror(errno));
		tally_finish(&tally);
		return;
	}
	snprintf(filler, sizeof filler, "%s/filler", tally.folder);
	write_at(filler, 0, bytes, sizeof bytes);
	sum = add_until_failure(&tally, &status, &err);
	ck_assert_int_gt(sum, 3);
	ck_assert_int_eq(status, VM_ERR_UNAVAILABLE);
	expect_sentence(&err, &tally, "disk full");
	expect_sum(&tally, sum);
	ck_assert_int_eq(tally_add(tally.database, 1, 5000, NULL, &err), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(unlink(filler), 0);
	expect_ok(&err, tally_add(tally.database, 1, 5000, NULL, &err));
	expect_sum(&tally, sum + 1);
	database_destroy(tally.database);
	ck_assert_int_eq(umount(tally.folder), 0);
	place_remove(tally.folder);
}
END_TEST

START_TEST(connect_says_what_would_not_work_and_makes_nothing)
{
	char missing[PLACE_MAX + 16];
	struct database *database;
	struct tally tally;
	struct vm_error err;

	tally_init(&tally);
	expect_ok(&err, database_connect(tally.database, NULL, &err));
	ck_assert_int_ne(access(tally.path, F_OK), 0);
	expect_ok(&err, tally_add(tally.database, 1, 1, NULL, &err));
	expect_ok(&err, database_connect(tally.database, NULL, &err));
	snprintf(missing, sizeof missing, "%s/missing", tally.folder);
	database = tally_open(missing);
	ck_assert_int_ne(database_connect(database, NULL, &err), VM_OK);
	ck_assert_ptr_nonnull(strstr(err.message, missing));
	database_destroy(database);
	tally_finish(&tally);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("status");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_file_that_is_no_database_is_refused_and_left_alone);
	tcase_add_test(tests, a_damaged_file_is_said_to_be_damaged);
	tcase_add_test(tests, a_newer_schema_is_refused_by_both_its_versions);
	tcase_add_test(tests, a_file_of_another_user_is_denied);
	tcase_add_test(tests, a_state_directory_that_is_a_file_must_be_changed);
	tcase_add_test(tests, a_state_directory_that_is_gone_is_not_a_document_that_is_not_there);
	tcase_add_test(tests, what_does_not_fit_into_the_file_is_unavailable_and_leaves_nothing);
	tcase_add_test(tests, a_full_disk_is_unavailable_until_there_is_room);
	tcase_add_test(tests, connect_says_what_would_not_work_and_makes_nothing);
	return run_tests(tests, "status");
}
