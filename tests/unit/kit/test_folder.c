/* test_folder.c - folders of our own. */
#include "kit/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

static char folder[64];
static int fd;

static int remove_entry(const char *path, const struct stat *file, int type, struct FTW *where)
{
	(void)file;
	(void)type;
	(void)where;
	return remove(path);
}

static void setup(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof folder, "%s/vidmill-XXXXXX", tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	fd = open(folder, O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(fd, 0);
}

static void teardown(void)
{
	close(fd);
	nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void check_folder(int made)
{
	struct stat file;

	ck_assert_int_ge(made, 0);
	ck_assert_int_eq(fstat(made, &file), 0);
	ck_assert(S_ISDIR(file.st_mode));
	ck_assert_uint_eq(file.st_mode & 07777, 0700);
	ck_assert_int_eq(fcntl(made, F_GETFD), FD_CLOEXEC);
	close(made);
}

START_TEST(a_path_is_made_as_far_as_it_is_missing)
{
	char path[128];

	umask(0);
	snprintf(path, sizeof path, "%s/a/b/c", folder);
	check_folder(kit_folder_open(path));
	check_folder(kit_folder_open(path));
	check_folder(kit_folder_enter(fd, "a", false));
	snprintf(path, sizeof path, "%s/a/b/d/", folder);
	check_folder(kit_folder_open(path));
}
END_TEST

START_TEST(one_folder_is_entered_or_made)
{
	ck_assert_int_eq(kit_folder_enter(fd, "a", false), -1);
	ck_assert_int_eq(errno, ENOENT);
	check_folder(kit_folder_enter(fd, "a", true));
	check_folder(kit_folder_enter(fd, "a", true));
	check_folder(kit_folder_enter(fd, "a", false));
}
END_TEST

START_TEST(what_is_no_folder_is_not_entered)
{
	char path[128];

	close(openat(fd, "file", O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(symlinkat("/tmp", fd, "link"), 0);
	ck_assert_int_eq(kit_folder_enter(fd, "file", true), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(kit_folder_enter(fd, "link", false), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	snprintf(path, sizeof path, "%s/file/a", folder);
	ck_assert_int_eq(kit_folder_open(path), -1);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(kit_folder_open("/proc/nothing/here"), -1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("folder");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_path_is_made_as_far_as_it_is_missing);
	tcase_add_test(tests, one_folder_is_entered_or_made);
	tcase_add_test(tests, what_is_no_folder_is_not_entered);
	return run_tests(tests, "folder");
}
