/* test_fail.c - errno as a status and a sentence. */
#include "kit/fail.h"

#include <errno.h>

#include "run.h"

static void check(int code, int status, const char *message)
{
	struct vm_error err;

	ck_assert_int_eq(kit_fail_errno(&err, code, "/root", "put %s", "a/b"), status);
	ck_assert_int_eq(err.status, status);
	ck_assert_int_eq(err.native, status == VM_ERR_NO_MEMORY ? 0 : code);
	ck_assert_str_eq(err.message, message);
}

START_TEST(what_can_be_done_is_said)
{
	check(ENOSPC, VM_ERR_UNAVAILABLE, "put a/b: disk full: make room on the file system of /root");
	check(EDQUOT, VM_ERR_UNAVAILABLE,
	      "put a/b: disk quota used up: make room on the file system of /root");
	check(EROFS, VM_ERR_CONFIG,
	      "put a/b: /root is on a read-only file system: name a folder that can be written");
	check(EACCES, VM_ERR_DENIED,
	      "put a/b: no permission in /root: give it to the user that vidmill runs as");
	check(ENOTDIR, VM_ERR_CONFIG, "put a/b: /root is not a folder: move it away or name another");
	check(ENOMEM, VM_ERR_NO_MEMORY, "out of memory");
}
END_TEST

START_TEST(the_rest_is_said_in_the_systems_words)
{
	check(EIO, VM_ERR_UNAVAILABLE, "put a/b: /root: Input/output error");
	check(EMFILE, VM_ERR_UNAVAILABLE, "put a/b: /root: Too many open files");
	ck_assert_int_eq(kit_fail_errno(NULL, EIO, "/root", "put"), VM_ERR_UNAVAILABLE);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("fail");

	tcase_add_test(tests, what_can_be_done_is_said);
	tcase_add_test(tests, the_rest_is_said_in_the_systems_words);
	return run_tests(tests, "fail");
}
