/* test_output_name.c - names and types that a hostile child may try. */
#include "video/output_name.h"

#include <string.h>

#include "run.h"

START_TEST(names_of_real_outputs_are_allowed)
{
	static const char *const names[] = {"a",       "1080p.mp4", "720p/segment-00001.m4s",
	                                    ".hidden", "a..b/c...", "A/B/C/d_e-f.g"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		ck_assert_msg(output_name_check(names[i], OUTPUT_NAME_MOST, NULL) == VM_OK, "%s", names[i]);
}
END_TEST

START_TEST(names_that_leave_their_place_are_refused)
{
	static const char *const names[] = {"",      ".",    "..",   "../a", "a/..",        "a/../b",
	                                    "a/./b", "/a",   "a/",   "a//b", "-rf",         "a/-b",
	                                    "a b",   "a\nb", "a%2f", "a\\b", "caf\xC3\xA9", "a?b",
	                                    "a*b",   "~a",   "a:b",  "a\x7f"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		ck_assert_msg(output_name_check(names[i], OUTPUT_NAME_MOST, NULL) == VM_ERR_BAD_DATA, "%s",
		              names[i]);
}
END_TEST

START_TEST(a_name_has_at_most_200_bytes)
{
	char name[OUTPUT_NAME_MOST + 2];

	memset(name, 'a', sizeof name);
	name[OUTPUT_NAME_MOST] = '\0';
	ck_assert_int_eq(output_name_check(name, OUTPUT_NAME_MOST, NULL), VM_OK);
	name[OUTPUT_NAME_MOST] = 'a';
	name[OUTPUT_NAME_MOST + 1] = '\0';
	ck_assert_int_eq(output_name_check(name, OUTPUT_NAME_MOST, NULL), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(a_content_type_is_no_second_header)
{
	ck_assert_int_eq(output_type_check("video/mp4; codecs=\"avc1.64001f, mp4a.40.2\"", NULL),
	                 VM_OK);
	ck_assert_int_eq(output_type_check("application/vnd.apple.mpegurl", NULL), VM_OK);
	ck_assert_int_eq(output_type_check("", NULL), VM_OK);
	ck_assert_int_eq(output_type_check("a/b\r\nx-amz-acl: public-read", NULL), VM_ERR_BAD_DATA);
	ck_assert_int_eq(output_type_check("a/b\x80", NULL), VM_ERR_BAD_DATA);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("output_name");

	tcase_add_test(tests, names_of_real_outputs_are_allowed);
	tcase_add_test(tests, names_that_leave_their_place_are_refused);
	tcase_add_test(tests, a_name_has_at_most_200_bytes);
	tcase_add_test(tests, a_content_type_is_no_second_header);
	return run_tests(tests, "output_name");
}
