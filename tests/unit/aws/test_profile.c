/* test_profile.c - the shared files, as people write them. */
#include "aws/profile.h"

#include <string.h>

#include "place.h"
#include "run.h"

static char value[AWS_PROFILE_VALUE_MAX];
static struct vm_error err;

static const char *get(const char *profile, const char *key)
{
	int status = aws_profile_get(profile, key, value, sizeof value, &err);

	ck_assert_int_eq(status == VM_OK || status == VM_ERR_NOT_FOUND, 1);
	return status == VM_OK ? value : "nothing";
}

START_TEST(without_files_there_is_nothing)
{
	ck_assert_str_eq(get(NULL, "region"), "nothing");
	ck_assert_str_eq(err.message, "profile default has no region");
}
END_TEST

START_TEST(the_credentials_go_before_the_config)
{
	place_write(".aws/credentials", "[default]\naws_access_key_id = one\n");
	place_write(".aws/config", "[default]\naws_access_key_id = two\nregion = eu-west-3\n");
	ck_assert_str_eq(get(NULL, "aws_access_key_id"), "one");
	ck_assert_str_eq(get(NULL, "region"), "eu-west-3");
}
END_TEST

START_TEST(a_section_is_written_in_many_ways)
{
	place_write(".aws/config", "# of the config\n"
	                           "region = outside\n"
	                           "\n"
	                           "[profile  spaced ]\n"
	                           "region=1\r\n"
	                           "[ plain ]  # why\n"
	                           "  \n"
	                           "; region = no\n"
	                           "# region = no\n"
	                           "#region = no\n"
	                           "region\t=\t a = b \t\n"
	                           "[profile\ttabbed]\n"
	                           "region = 3\n"
	                           "[broken\n"
	                           "region = 4\n"
	                           "[plainer]\n"
	                           "region =\n");
	ck_assert_str_eq(get("spaced", "region"), "1");
	ck_assert_str_eq(get("plain", "region"), "a = b");
	ck_assert_str_eq(get("tabbed", "region"), "3");
	ck_assert_str_eq(get("plainer", "region"), "");
	ck_assert_str_eq(get("broken", "region"), "nothing");
	ck_assert_str_eq(get("spaced", "reg"), "nothing");
	ck_assert_str_eq(get(NULL, "region"), "nothing");
}
END_TEST

START_TEST(a_nested_setting_is_none_of_the_profile)
{
	place_write(".aws/config", "[default]\n"
	                           "s3 =\n"
	                           "  region = nested\n"
	                           "\tregion = nested\n"
	                           "region = eu-west-1\n");
	ck_assert_str_eq(get(NULL, "region"), "eu-west-1");
}
END_TEST

START_TEST(the_environment_names_files_and_profile)
{
	place_set("AWS_CONFIG_FILE", place_write("elsewhere", "[profile work]\nregion = r\n"));
	place_set("AWS_SHARED_CREDENTIALS_FILE",
	          place_write("keys", "[work]\naws_access_key_id = id\n"));
	place_set("AWS_PROFILE", "work");
	ck_assert_str_eq(get(NULL, "region"), "r");
	ck_assert_str_eq(get(NULL, "aws_access_key_id"), "id");
	ck_assert_str_eq(get("default", "region"), "nothing");
}
END_TEST

START_TEST(the_end_of_the_last_line_may_be_missing)
{
	place_write(".aws/config", "[default]\nregion = last");
	ck_assert_str_eq(get(NULL, "region"), "last");
}
END_TEST

START_TEST(a_value_that_is_too_long_is_not_cut)
{
	char small[4] = "old";

	place_write(".aws/config", "[default]\nregion = four\n");
	ck_assert_int_eq(aws_profile_get(NULL, "region", small, sizeof small, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "config: profile default: region is too long"));
	ck_assert_ptr_null(strstr(err.message, "four"));
	ck_assert_str_eq(small, "old");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("profile");

	tcase_add_checked_fixture(tests, place_open, place_close);
	tcase_add_test(tests, without_files_there_is_nothing);
	tcase_add_test(tests, the_credentials_go_before_the_config);
	tcase_add_test(tests, a_section_is_written_in_many_ways);
	tcase_add_test(tests, a_nested_setting_is_none_of_the_profile);
	tcase_add_test(tests, the_environment_names_files_and_profile);
	tcase_add_test(tests, the_end_of_the_last_line_may_be_missing);
	tcase_add_test(tests, a_value_that_is_too_long_is_not_cut);
	return run_tests(tests, "profile");
}
