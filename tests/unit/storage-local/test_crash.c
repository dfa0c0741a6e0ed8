/* test_crash.c - killed at every system call: nothing or everything, and it can be done again. */
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crash.h"
#include "fixture.h"
#include "run.h"

/* More than an operation makes, sanitizers included: the end must be reached. */
enum { CALLS_MAX = 5000 };

static struct fixture store;
static char upload[VM_UPLOAD_ID_MAX];
static struct vm_part parts[2];
static struct vm_put how;

static void setup(void)
{
	fixture_init(&store, NULL);
	put(&store, "other", "other");
	how = (struct vm_put){.key = "a/b"};
}

static void teardown(void)
{
	fixture_finish(&store);
}

static int put_new(void *ctx)
{
	(void)ctx;
	return store.ops->put(store.self, &how, "new text", 8, NULL, NULL, NULL);
}

static int remove_it(void *ctx)
{
	(void)ctx;
	return store.ops->remove(store.self, how.key, NULL, NULL);
}

static int begin_it(void *ctx)
{
	(void)ctx;
	return store.ops->upload_begin(store.self, &how, upload, NULL, NULL);
}

static int commit_one(void *ctx)
{
	(void)ctx;
	return store.ops->upload_commit(store.self, &how, upload, parts, 1, NULL, NULL, NULL);
}

static int commit_two(void *ctx)
{
	(void)ctx;
	return store.ops->upload_commit(store.self, &how, upload, parts, 2, NULL, NULL, NULL);
}

static int abort_it(void *ctx)
{
	(void)ctx;
	return store.ops->upload_abort(store.self, how.key, upload, NULL, NULL);
}

/* Kills `work` at each of its system calls in turn, with `prepare` before and `check` after. */
static void kill_everywhere(crash_fn *work, void (*prepare)(void), void (*check)(void))
{
	int result = -1;

	if (!crash_is_possible())
		return;
	for (unsigned n = 0; n < CALLS_MAX; n++) {
		bool over;

		prepare();
		over = crash_at(n, work, NULL, &result);
		check();
		if (over)
			break;
	}
	ck_assert_int_eq(result, VM_OK);
}

static void remove_all(void)
{
	ck_assert_int_eq(store.ops->remove(store.self, "a/b", NULL, NULL), VM_OK);
	ck_assert_int_eq(store.ops->remove(store.self, "a", NULL, NULL), VM_OK);
}

static void check_new_or_nothing(void)
{
	if (find(&store, "a/b") == VM_ERR_NOT_FOUND) {
		ck_assert_str_eq(listed(&store, ""), "other ");
	} else {
		check_text(&store, "a/b", "new text");
		ck_assert_str_eq(listed(&store, ""), "a/b other ");
	}
	how.if_absent = false;
	ck_assert_int_eq(put_new(NULL), VM_OK);
	check_text(&store, "a/b", "new text");
}

START_TEST(a_put_is_there_or_not)
{
	kill_everywhere(put_new, remove_all, check_new_or_nothing);
}
END_TEST

static void remove_all_if_absent(void)
{
	remove_all();
	how.if_absent = true;
}

START_TEST(a_put_if_absent_is_there_or_not)
{
	kill_everywhere(put_new, remove_all_if_absent, check_new_or_nothing);
}
END_TEST

static void put_old(void)
{
	put(&store, "a/b", "the old text");
}

static void check_new_or_old(void)
{
	char bytes[32];
	size_t got;

	ck_assert_str_eq(listed(&store, ""), "a/b other ");
	ck_assert_int_eq(
	    store.ops->read_at(store.self, "a/b", NULL, 0, bytes, sizeof bytes, &got, NULL, NULL),
	    VM_OK);
	if (got == 8)
		ck_assert_mem_eq(bytes, "new text", got);
	else
		check_text(&store, "a/b", "the old text");
}

START_TEST(a_put_replaces_the_whole_or_nothing)
{
	kill_everywhere(put_new, put_old, check_new_or_old);
}
END_TEST

static void put_above(void)
{
	remove_all();
	put(&store, "a", "above");
}

static void check_above(void)
{
	check_text(&store, "a", "above");
	ck_assert_int_eq(put_new(NULL), VM_OK);
	ck_assert_str_eq(listed(&store, ""), "a a/b other ");
	check_text(&store, "a", "above");
}

START_TEST(an_object_survives_that_its_name_becomes_a_folder)
{
	kill_everywhere(put_new, put_above, check_above);
}
END_TEST

static void check_gone_or_old(void)
{
	if (find(&store, "a/b") == VM_OK)
		check_text(&store, "a/b", "the old text");
	ck_assert_int_eq(remove_it(NULL), VM_OK);
	ck_assert_str_eq(listed(&store, ""), "other ");
	ck_assert_int_eq(entries(&store, "objects"), 1);
}

START_TEST(a_remove_can_be_repeated)
{
	kill_everywhere(remove_it, put_old, check_gone_or_old);
}
END_TEST

static int uploads;

static enum vm_more drop(void *ctx, const char *key, const char *id, int64_t begun_ms)
{
	(void)ctx;
	(void)begun_ms;
	uploads++;
	ck_assert_str_eq(key, "a/b");
	ck_assert_int_eq(store.ops->upload_abort(store.self, key, id, NULL, NULL), VM_OK);
	return VM_MORE;
}

static void drop_uploads(void)
{
	uploads = 0;
	ck_assert_int_eq(store.ops->list_uploads(store.self, "", drop, NULL, NULL, NULL), VM_OK);
	ck_assert_int_eq(entries(&store, "uploads"), 0);
}

static void check_begun(void)
{
	drop_uploads();
	ck_assert_int_le(uploads, 1);
}

START_TEST(an_upload_is_listed_with_its_key_or_not_at_all)
{
	kill_everywhere(begin_it, remove_all, check_begun);
}
END_TEST

static void prepare_parts(void)
{
	remove_all();
	begin(&store, "a/b", upload);
	parts[0] = send_part(&store, "a/b", upload, 1, "first part ");
	parts[1] = send_part(&store, "a/b", upload, 2, "second part");
}

static void prepare_parts_if_absent(void)
{
	prepare_parts();
	how.if_absent = true;
}

/* The commit repeated makes the object, or finds that it was all over. */
static void check_commit(crash_fn *again, const char *text)
{
	bool is_there = find(&store, "a/b") == VM_OK;
	int status;

	if (is_there)
		check_text(&store, "a/b", text);
	status = again(NULL);
	ck_assert_msg(status == VM_OK || (is_there && status == VM_ERR_NOT_FOUND),
	              "the commit repeated ends with status %d", status);
	check_text(&store, "a/b", text);
	ck_assert_int_eq(entries(&store, "uploads"), 0);
	ck_assert_int_eq(again(NULL), VM_ERR_NOT_FOUND);
	ck_assert_str_eq(listed(&store, ""), "a/b other ");
}

static void check_commit_of_one(void)
{
	check_commit(commit_one, "first part ");
}

static void check_commit_of_two(void)
{
	check_commit(commit_two, "first part second part");
}

START_TEST(a_commit_of_one_part_can_be_repeated)
{
	kill_everywhere(commit_one, prepare_parts, check_commit_of_one);
}
END_TEST

START_TEST(a_commit_of_two_parts_can_be_repeated)
{
	kill_everywhere(commit_two, prepare_parts, check_commit_of_two);
}
END_TEST

START_TEST(a_commit_if_absent_of_one_part_can_be_repeated)
{
	kill_everywhere(commit_one, prepare_parts_if_absent, check_commit_of_one);
}
END_TEST

START_TEST(a_commit_if_absent_of_two_parts_can_be_repeated)
{
	kill_everywhere(commit_two, prepare_parts_if_absent, check_commit_of_two);
}
END_TEST

static void check_aborted(void)
{
	ck_assert_int_eq(abort_it(NULL), VM_OK);
	ck_assert_int_eq(entries(&store, "uploads"), 0);
	ck_assert_int_eq(find(&store, "a/b"), VM_ERR_NOT_FOUND);
}

START_TEST(an_abort_can_be_repeated)
{
	kill_everywhere(abort_it, prepare_parts, check_aborted);
}
END_TEST

static void check_trace(crash_fn *work, const int *expected)
{
	static const int wanted[] = {SYS_write,   SYS_fsync,    SYS_linkat, SYS_renameat,
	                             SYS_mkdirat, SYS_unlinkat, -1};
	int seen[64];
	size_t count = crash_trace(work, NULL, wanted, seen, 64), i = 0;

	for (; expected[i] != -1 && i < count; i++)
		ck_assert_msg(seen[i] == expected[i], "call %zu is %d, not %d", i, seen[i], expected[i]);
	ck_assert_int_eq(expected[i], -1);
	ck_assert_uint_eq(i, count);
}

START_TEST(bytes_are_durable_before_their_name_and_names_before_the_end)
{
	static const int of_put[] = {SYS_write,    SYS_fsync, /* the bytes */
	                             SYS_mkdirat,  SYS_fsync, /* the name of the folder */
	                             SYS_linkat,   SYS_fsync, /* the name of the object */
	                             SYS_unlinkat, -1};
	static const int of_remove[] = {SYS_unlinkat, SYS_unlinkat, /* with its folder */
	                                SYS_fsync, -1};

	if (!crash_is_possible())
		return;
	check_trace(put_new, of_put);
	check_trace(remove_it, of_remove);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("crash");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, a_put_is_there_or_not);
	tcase_add_test(tests, a_put_if_absent_is_there_or_not);
	tcase_add_test(tests, a_put_replaces_the_whole_or_nothing);
	tcase_add_test(tests, an_object_survives_that_its_name_becomes_a_folder);
	tcase_add_test(tests, a_remove_can_be_repeated);
	tcase_add_test(tests, an_upload_is_listed_with_its_key_or_not_at_all);
	tcase_add_test(tests, a_commit_of_one_part_can_be_repeated);
	tcase_add_test(tests, a_commit_of_two_parts_can_be_repeated);
	tcase_add_test(tests, a_commit_if_absent_of_one_part_can_be_repeated);
	tcase_add_test(tests, a_commit_if_absent_of_two_parts_can_be_repeated);
	tcase_add_test(tests, an_abort_can_be_repeated);
	tcase_add_test(tests, bytes_are_durable_before_their_name_and_names_before_the_end);
	return run_tests(tests, "crash");
}
