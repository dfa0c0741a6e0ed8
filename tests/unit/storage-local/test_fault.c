/* test_fault.c - what the disk refuses is said plainly, and nothing of it becomes visible. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crash.h"
#include "fixture.h"
#include "run.h"

enum { SKIPPED = 77 };

static struct fixture store;
static struct vm_put how = {.key = "a/b"};

static void setup(void)
{
	fixture_init(&store, NULL);
	put(&store, "other", "other");
}

static void teardown(void)
{
	fixture_finish(&store);
}

static void check_failure(const struct vm_error *err, int status, int native, const char *words)
{
	ck_assert_int_eq(err->status, status);
	ck_assert_int_eq(err->native, native);
	ck_assert_msg(strstr(err->message, words) != NULL, "%s", err->message);
	ck_assert_msg(strstr(err->message, store.root) != NULL, "%s", err->message);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}

static int fsync_fails(void *ctx)
{
	struct vm_error err = {0};

	(void)ctx;
	crash_refuse(SYS_fsync, EIO);
	store.ops->put(store.self, &how, "bytes", 5, NULL, NULL, &err);
	check_failure(&err, VM_ERR_UNAVAILABLE, EIO, "put a/b: make it durable: ");
	ck_assert_int_eq(find(&store, "a/b"), VM_ERR_NOT_FOUND);
	return 0;
}

START_TEST(bytes_that_are_not_durable_are_not_shown)
{
	ck_assert_int_eq(crash_none(fsync_fails, NULL), 0);
}
END_TEST

static int folder_fsync_fails(void *ctx)
{
	struct vm_error err = {0};
	int first = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int second = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)ctx;
	close(first);
	close(second);
	/* The draft, and after it objects/, will be the first; while that is open, objects/a is the
	 * second. */
	crash_refuse_on(second, SYS_fsync, EIO);
	store.ops->put(store.self, &how, "bytes", 5, NULL, NULL, &err);
	check_failure(&err, VM_ERR_UNAVAILABLE, EIO, "put a/b: ");
	return find(&store, "a/b");
}

START_TEST(a_name_that_is_not_durable_is_taken_back)
{
	how.if_absent = true;
	ck_assert_int_eq(crash_none(folder_fsync_fails, NULL), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(store.ops->put(store.self, &how, "again", 5, NULL, NULL, NULL), VM_OK);
	how.if_absent = false;
}
END_TEST

static int part_fsync_fails(void *ctx)
{
	const char *upload = ctx;
	struct vm_error err = {0};
	struct vm_part part;

	crash_refuse(SYS_fsync, EIO);
	store.ops->upload_part(store.self, "a/b", upload, 1, "x", 1, &part, NULL, &err);
	check_failure(&err, VM_ERR_UNAVAILABLE, EIO, "upload part of a/b: make it durable: ");
	return 0;
}

START_TEST(a_part_that_is_not_durable_is_not_accepted)
{
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part part = {.number = 1, .bytes = 1, .etag = "0-0-0"};

	begin(&store, "a/b", upload);
	ck_assert_int_eq(crash_none(part_fsync_fails, upload), 0);
	ck_assert_int_eq(commit(&store, "a/b", upload, &part, 1), VM_ERR_CONFLICT);
}
END_TEST

struct prepared {
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part parts[2];
};

static int commit_by_hand(void *ctx)
{
	const struct prepared *prepared = ctx;

	crash_refuse(SYS_copy_file_range, EXDEV);
	return commit(&store, "a/b", prepared->upload, prepared->parts, 2);
}

START_TEST(a_file_system_without_copy_file_range_will_do)
{
	enum { PART = 100000 };
	char *bytes = malloc(2 * PART), *got_bytes = malloc(2 * PART + 1);
	struct prepared prepared;
	size_t got;

	for (size_t i = 0; i < 2 * PART; i++)
		bytes[i] = (char)(i * i >> 7);
	begin(&store, "a/b", prepared.upload);
	for (uint32_t i = 0; i < 2; i++)
		ck_assert_int_eq(store.ops->upload_part(store.self, "a/b", prepared.upload, i + 1,
		                                        bytes + i * PART, PART, &prepared.parts[i], NULL,
		                                        NULL),
		                 VM_OK);
	ck_assert_int_eq(crash_none(commit_by_hand, &prepared), VM_OK);
	ck_assert_int_eq(
	    store.ops->read_at(store.self, "a/b", NULL, 0, got_bytes, 2 * PART + 1, &got, NULL, NULL),
	    VM_OK);
	ck_assert_uint_eq(got, 2 * PART);
	ck_assert_mem_eq(bytes, got_bytes, got);
	free(got_bytes);
	free(bytes);
}
END_TEST

static int no_hard_links(void *ctx)
{
	struct vm_error err = {0};

	(void)ctx;
	crash_refuse(SYS_linkat, EPERM);
	ck_assert_int_eq(store.ops->put(store.self, &how, "bytes", 5, NULL, NULL, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, " has no hard links: "));
	ck_assert_int_eq(entries(&store, "tmp"), 0);
	return 0;
}

START_TEST(a_file_system_without_hard_links_is_named)
{
	ck_assert_int_eq(crash_none(no_hard_links, NULL), 0);
}
END_TEST

static int write_as_nobody(void *ctx)
{
	struct vm_error err = {0};

	(void)ctx;
	if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
		return SKIPPED;
	store.ops->put(store.self, &how, "bytes", 5, NULL, NULL, &err);
	check_failure(&err, VM_ERR_DENIED, EACCES, "no permission in ");
	ck_assert_int_eq(vm_plugin_entry.connect(store.self, NULL, &err), VM_ERR_DENIED);
	return 0;
}

START_TEST(a_folder_of_somebody_else_is_denied)
{
	fixture_finish_shared(&store);
	fixture_share(&store, &store);
	chmod(store.folder, 0755);
	chmod(store.root, 0555);
	if (crash_none(write_as_nobody, NULL) == SKIPPED)
		fprintf(stderr, "skipped: cannot be another user here\n");
	chmod(store.root, 0700);
}
END_TEST

/* A file system of our own over the store's folder, of 1 MiB; false when that is not allowed. */
static bool mount_small(void)
{
	uid_t user = geteuid();

	if (unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", store.folder, "tmpfs", 0, "size=1m,mode=0700") != 0)
		return false;
	fixture_finish_shared(&store);
	fixture_share(&store, &store);
	return true;
}

static int on_full_disk(void *ctx)
{
	size_t length = 700 << 10;
	char *bytes = calloc(2, length), upload[VM_UPLOAD_ID_MAX];
	struct vm_error err = {0};
	struct vm_part parts[2];

	(void)ctx;
	if (!mount_small())
		return SKIPPED;
	put(&store, "small", "small");
	store.ops->put(store.self, &how, bytes, 2 * length, NULL, NULL, &err);
	check_failure(&err, VM_ERR_UNAVAILABLE, ENOSPC, "put a/b: disk full: ");
	ck_assert_str_eq(listed(&store, ""), "small ");

	/* Its parts have room, their copy has not. */
	begin(&store, "a/b", upload);
	for (uint32_t i = 0; i < 2; i++)
		ck_assert_int_eq(store.ops->upload_part(store.self, "a/b", upload, i + 1, bytes, length / 2,
		                                        &parts[i], NULL, NULL),
		                 VM_OK);
	store.ops->upload_commit(store.self, &how, upload, parts, 2, NULL, NULL, &err);
	check_failure(&err, VM_ERR_UNAVAILABLE, ENOSPC, "commit upload of a/b: disk full: ");
	ck_assert_str_eq(listed(&store, ""), "small ");
	ck_assert_int_eq(store.ops->upload_abort(store.self, "a/b", upload, NULL, NULL), VM_OK);
	ck_assert_int_eq(store.ops->put(store.self, &how, bytes, length, NULL, NULL, &err), VM_OK);
	free(bytes);
	return 0;
}

START_TEST(a_full_disk_leaves_what_was_there)
{
	if (crash_none(on_full_disk, NULL) == SKIPPED)
		fprintf(stderr, "skipped: no file system can be mounted here\n");
}
END_TEST

static int on_read_only_disk(void *ctx)
{
	struct vm_error err = {0};

	(void)ctx;
	if (!mount_small())
		return SKIPPED;
	put(&store, "small", "small");
	if (mount("tmpfs", store.folder, NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0)
		return SKIPPED;
	store.ops->put(store.self, &how, "bytes", 5, NULL, NULL, &err);
	check_failure(&err, VM_ERR_CONFIG, EROFS, " is on a read-only file system: ");
	store.ops->remove(store.self, "small", NULL, &err);
	check_failure(&err, VM_ERR_CONFIG, EROFS, "remove small: ");
	ck_assert_int_eq(vm_plugin_entry.connect(store.self, NULL, &err), VM_ERR_CONFIG);
	check_text(&store, "small", "small");
	return 0;
}

START_TEST(a_read_only_disk_can_be_read)
{
	if (crash_none(on_read_only_disk, NULL) == SKIPPED)
		fprintf(stderr, "skipped: no file system can be mounted here\n");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("fault");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, bytes_that_are_not_durable_are_not_shown);
	tcase_add_test(tests, a_name_that_is_not_durable_is_taken_back);
	tcase_add_test(tests, a_part_that_is_not_durable_is_not_accepted);
	tcase_add_test(tests, a_file_system_without_copy_file_range_will_do);
	tcase_add_test(tests, a_file_system_without_hard_links_is_named);
	tcase_add_test(tests, a_folder_of_somebody_else_is_denied);
	tcase_add_test(tests, a_full_disk_leaves_what_was_there);
	tcase_add_test(tests, a_read_only_disk_can_be_read);
	return run_tests(tests, "fault");
}
