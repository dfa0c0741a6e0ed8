/* test_object.c - putting, looking at, reading and removing one object. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "run.h"

static struct fixture store;

static void setup(void)
{
	fixture_init(&store, NULL);
}

static void teardown(void)
{
	fixture_finish(&store);
}

static const char *path_of(const char *name)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", store.root, name);
	return path;
}

static void check_mode(const char *name, unsigned mode)
{
	struct stat file;

	ck_assert_int_eq(stat(path_of(name), &file), 0);
	ck_assert_uint_eq(file.st_mode & 07777, mode);
}

START_TEST(an_object_is_a_plain_file_that_only_we_can_read)
{
	mode_t before = umask(0);

	put(&store, "processed/v/web/720p.mp4", "bytes");
	umask(before);
	check_text(&store, "processed/v/web/720p.mp4", "bytes");
	check_mode("objects/processed/v/web/720p.mp4", 0600);
	check_mode("objects/processed/v/web", 0700);
	check_mode("objects", 0700);
	check_mode("tmp", 0700);
	check_mode(".", 0700);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

START_TEST(every_put_has_another_etag)
{
	char seen[64][VM_ETAG_MAX];
	struct vm_put how = {.key = "a"};
	struct vm_object object, found;

	/* The same length, within one tick of the kernel's clock, and inodes that come back. */
	for (int i = 0; i < 64; i++) {
		ck_assert_int_eq(store.ops->put(store.self, &how, "same", 4, &object, NULL, NULL), VM_OK);
		ck_assert_int_eq(store.ops->stat(store.self, "a", &found, NULL, NULL), VM_OK);
		ck_assert_str_eq(object.etag, found.etag);
		ck_assert_int_eq(object.modified_ms, found.modified_ms);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(seen[j], object.etag);
		memcpy(seen[i], object.etag, VM_ETAG_MAX);
	}
}
END_TEST

START_TEST(a_file_that_a_person_changes_has_another_etag)
{
	struct vm_object before, after;
	int fd;

	put(&store, "a", "bytes");
	ck_assert_int_eq(store.ops->stat(store.self, "a", &before, NULL, NULL), VM_OK);
	fd = open(path_of("objects/a"), O_WRONLY);
	ck_assert_int_eq(write(fd, "BYTES", 5), 5);
	close(fd);
	ck_assert_int_eq(store.ops->stat(store.self, "a", &after, NULL, NULL), VM_OK);
	ck_assert_str_ne(before.etag, after.etag);
}
END_TEST

START_TEST(nothing_is_reached_through_a_symbolic_link)
{
	struct vm_put how = {.key = "link/a"};
	struct vm_error err;

	put(&store, "real/a", "bytes");
	ck_assert_int_eq(symlink("real", path_of("objects/link")), 0);
	ck_assert_int_eq(symlink("/etc/passwd", path_of("objects/passwd")), 0);
	ck_assert_int_eq(find(&store, "link/a"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(find(&store, "passwd"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(store.ops->put(store.self, &how, "new", 3, NULL, NULL, &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_str_eq(err.message,
	                 "put link/a: a symbolic link or a special file stands in its way");
	ck_assert_int_eq(store.ops->remove(store.self, "link/a", NULL, &err), VM_OK);
	ck_assert_int_eq(store.ops->remove(store.self, "passwd", NULL, &err), VM_OK);
	check_text(&store, "real/a", "bytes");
	ck_assert_str_eq(listed(&store, ""), "real/a ");
	ck_assert_int_eq(entries(&store, "objects"), 3);
}
END_TEST

START_TEST(a_put_replaces_a_link_and_not_what_it_points_to)
{
	put(&store, "target", "target");
	ck_assert_int_eq(symlink("target", path_of("objects/link")), 0);
	put(&store, "link", "link");
	check_text(&store, "link", "link");
	check_text(&store, "target", "target");
}
END_TEST

START_TEST(a_pipe_is_no_object_and_holds_nobody_up)
{
	char byte;
	size_t got;

	ck_assert_int_eq(find(&store, "a"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(mkfifo(path_of("objects/pipe"), 0600), 0);
	ck_assert_int_eq(find(&store, "pipe"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(store.ops->read_at(store.self, "pipe", NULL, 0, &byte, 1, &got, NULL, NULL),
	                 VM_ERR_NOT_FOUND);
	ck_assert_str_eq(listed(&store, ""), "");
}
END_TEST

START_TEST(a_folder_is_no_object)
{
	put(&store, "a/b", "bytes");
	ck_assert_int_eq(find(&store, "a"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(store.ops->remove(store.self, "a", NULL, NULL), VM_OK);
	check_text(&store, "a/b", "bytes");
}
END_TEST

START_TEST(a_key_may_be_the_beginning_of_another)
{
	struct vm_object before, after;
	struct vm_put how = {.key = "a", .if_absent = true};

	put(&store, "a", "above");
	ck_assert_int_eq(store.ops->stat(store.self, "a", &before, NULL, NULL), VM_OK);
	put(&store, "a/b/c", "far below");
	put(&store, "a/b", "below");
	ck_assert_int_eq(store.ops->stat(store.self, "a", &after, NULL, NULL), VM_OK);
	ck_assert_str_eq(before.etag, after.etag);
	check_text(&store, "a", "above");
	check_text(&store, "a/b", "below");
	check_text(&store, "a/b/c", "far below");
	ck_assert_int_eq(store.ops->put(store.self, &how, "no", 2, NULL, NULL, NULL), VM_ERR_CONFLICT);
	put(&store, "a", "again");
	check_text(&store, "a", "again");

	ck_assert_int_eq(store.ops->remove(store.self, "a", NULL, NULL), VM_OK);
	ck_assert_int_eq(find(&store, "a"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(store.ops->put(store.self, &how, "anew", 4, NULL, NULL, NULL), VM_OK);
	check_text(&store, "a", "anew");
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

START_TEST(remove_takes_the_folders_that_are_empty_then)
{
	put(&store, "a/b/c/1", "1");
	put(&store, "a/2", "2");
	put(&store, "a/b", "b");
	ck_assert_int_eq(store.ops->remove(store.self, "a/b/c/1", NULL, NULL), VM_OK);
	ck_assert_int_eq(access(path_of("objects/a/b/c"), F_OK), -1);
	check_text(&store, "a/b", "b");
	ck_assert_int_eq(store.ops->remove(store.self, "a/b", NULL, NULL), VM_OK);
	ck_assert_int_eq(access(path_of("objects/a/b"), F_OK), -1);
	ck_assert_int_eq(store.ops->remove(store.self, "a/2", NULL, NULL), VM_OK);
	ck_assert_int_eq(entries(&store, "objects"), 0);
}
END_TEST

START_TEST(a_cancelled_put_leaves_nothing)
{
	size_t length = 8 << 20;
	char *bytes = calloc(1, length);
	struct vm_put how = {.key = "a"};
	struct vm_error err;

	for (unsigned trigger = 1; trigger < 8; trigger++) {
		struct cancelled_call call;

		cancelled_call_init(&call, trigger);
		ck_assert_int_eq(store.ops->put(store.self, &how, bytes, length, NULL, &call.call, &err),
		                 VM_ERR_CANCELLED);
		ck_assert_str_eq(err.message, "put a: cancelled");
	}
	free(bytes);
	ck_assert_int_eq(find(&store, "a"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

START_TEST(a_cancelled_read_says_so)
{
	size_t length = 4 << 20, got = 99;
	char *bytes = calloc(1, length);
	struct vm_put how = {.key = "a"};
	struct cancelled_call call;

	ck_assert_int_eq(store.ops->put(store.self, &how, bytes, length, NULL, NULL, NULL), VM_OK);
	cancelled_call_init(&call, 3);
	ck_assert_int_eq(
	    store.ops->read_at(store.self, "a", NULL, 0, bytes, length, &got, &call.call, NULL),
	    VM_ERR_CANCELLED);
	ck_assert_uint_eq(got, 99);
	free(bytes);
}
END_TEST

START_TEST(an_error_is_one_line_however_odd_the_key)
{
	struct vm_object object;
	struct vm_error err;

	ck_assert_int_eq(store.ops->stat(store.self, "a\nb", &object, NULL, &err), VM_ERR_NOT_FOUND);
	ck_assert_str_eq(err.message, "stat a?b: no such object");
	ck_assert_int_eq(store.ops->stat(store.self, "a\xff\xc3", &object, NULL, &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_str_eq(err.message, "stat a??: a key is UTF-8 text");
	ck_assert_int_eq(store.ops->stat(store.self, "ü/ü", &object, NULL, &err), VM_ERR_NOT_FOUND);
	ck_assert_str_eq(err.message, "stat ü/ü: no such object");
	ck_assert_int_eq(store.ops->stat(store.self, "../b", &object, NULL, &err), VM_ERR_UNSUPPORTED);
	ck_assert_str_eq(err.message, "stat ../b: a key has no \".\" or \"..\" between its \"/\"");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("object");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, an_object_is_a_plain_file_that_only_we_can_read);
	tcase_add_test(tests, every_put_has_another_etag);
	tcase_add_test(tests, a_file_that_a_person_changes_has_another_etag);
	tcase_add_test(tests, nothing_is_reached_through_a_symbolic_link);
	tcase_add_test(tests, a_put_replaces_a_link_and_not_what_it_points_to);
	tcase_add_test(tests, a_pipe_is_no_object_and_holds_nobody_up);
	tcase_add_test(tests, a_folder_is_no_object);
	tcase_add_test(tests, a_key_may_be_the_beginning_of_another);
	tcase_add_test(tests, remove_takes_the_folders_that_are_empty_then);
	tcase_add_test(tests, a_cancelled_put_leaves_nothing);
	tcase_add_test(tests, a_cancelled_read_says_so);
	tcase_add_test(tests, an_error_is_one_line_however_odd_the_key);
	return run_tests(tests, "object");
}
