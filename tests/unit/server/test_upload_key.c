/* test_upload_key.c - the key that signs upload URLs is made once and kept from others. */
#include "run.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/upload_key.h"

static char folder[] = "/tmp/vidmill-key-XXXXXX";
static char path[64];

static void make_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/upload.key", folder);
}

static void remove_folder(void)
{
	unlink(path);
	ck_assert_msg(rmdir(folder) == 0, "something else was left in %s", folder);
}

START_TEST(it_is_made_once_for_us_alone)
{
	char first[UPLOAD_KEY_MAX], second[UPLOAD_KEY_MAX];
	struct stat about;
	struct vm_error err;

	ck_assert_int_eq(upload_key_read(NULL, folder, first, &err), VM_OK);
	ck_assert_uint_eq(strlen(first), 64);
	ck_assert_int_eq(stat(path, &about), 0);
	ck_assert_int_eq(about.st_mode & 0777, 0600);
	ck_assert_int_eq(upload_key_read(NULL, folder, second, &err), VM_OK);
	ck_assert_str_eq(first, second);
}
END_TEST

START_TEST(a_file_that_others_read_is_refused)
{
	char key[UPLOAD_KEY_MAX];
	struct vm_error err;

	ck_assert_int_eq(upload_key_read(NULL, folder, key, &err), VM_OK);
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_int_eq(upload_key_read(NULL, folder, key, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, path));
}
END_TEST

START_TEST(an_empty_file_is_refused)
{
	char key[UPLOAD_KEY_MAX];
	struct vm_error err;

	ck_assert_int_eq(upload_key_read(NULL, folder, key, &err), VM_OK);
	ck_assert_int_eq(truncate(path, 0), 0);
	ck_assert_int_eq(upload_key_read(NULL, folder, key, &err), VM_ERR_CONFIG);
}
END_TEST

START_TEST(the_setting_comes_first_and_must_be_long)
{
	char key[UPLOAD_KEY_MAX];
	struct vm_error err;

	ck_assert_int_eq(upload_key_read("a key of thirty-two characters..", folder, key, &err), VM_OK);
	ck_assert_str_eq(key, "a key of thirty-two characters..");
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(upload_key_read("short", folder, key, &err), VM_ERR_CONFIG);
	ck_assert_ptr_null(strstr(err.message, "short"));
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_named)
{
	char key[UPLOAD_KEY_MAX];
	struct vm_error err;

	ck_assert_int_eq(upload_key_read(NULL, "/nowhere/at/all", key, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "/nowhere/at/all"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("upload_key");

	tcase_add_checked_fixture(tests, make_folder, remove_folder);
	tcase_add_test(tests, it_is_made_once_for_us_alone);
	tcase_add_test(tests, a_file_that_others_read_is_refused);
	tcase_add_test(tests, an_empty_file_is_refused);
	tcase_add_test(tests, the_setting_comes_first_and_must_be_long);
	tcase_add_test(tests, a_folder_that_is_not_there_is_named);
	return run_tests(tests, "upload_key");
}
