/* test_key.c - which keys can be files. */
#include <string.h>

#include "run.h"
#include "store.h"

static void check_accepted(const char *key)
{
	ck_assert_msg(key_refusal(key) == NULL, "%s: %s", key, key_refusal(key));
}

static void check_refused(const char *key, const char *word)
{
	const char *refusal = key_refusal(key);

	ck_assert_msg(refusal != NULL && strstr(refusal, word) != NULL, "\"%s\": %s", key, refusal);
}

START_TEST(keys_as_the_host_makes_them_are_accepted)
{
	check_accepted("a");
	check_accepted("unprocessed/0123456789abcdef/source");
	check_accepted("processed/v/1-2-n/web/720p/segment-00001.m4s");
	check_accepted("a b/%2e%2e/c?d&e=f");
	check_accepted("...");
	check_accepted(".hidden/..a/b..");
	check_accepted("käse/日本/🎬.mp4");
	check_accepted("tab\tnew\nline");
}
END_TEST

START_TEST(a_key_cannot_leave_the_folder)
{
	check_refused("..", "..");
	check_refused("../a", "..");
	check_refused("a/../../b", "..");
	check_refused("a/..", "..");
	check_refused("a/./b", ".");
	check_refused("/etc/passwd", "begins");
}
END_TEST

START_TEST(a_segment_is_neither_empty_nor_too_long_for_a_file)
{
	char key[300];

	check_refused("", "empty");
	check_refused("a//b", "//");
	check_refused("a/", "ends");
	memset(key, 'x', sizeof key);
	key[255] = '\0';
	check_accepted(key);
	key[255] = 'x';
	key[256] = '\0';
	check_refused(key, "255");
}
END_TEST

START_TEST(our_own_name_for_an_object_is_no_segment)
{
	check_refused(ITSELF, "meaning");
	check_refused("a/" ITSELF, "meaning");
	check_refused(ITSELF "/a", "meaning");
	check_accepted(ITSELF "s");
}
END_TEST

START_TEST(a_key_is_at_most_1024_bytes_long)
{
	char key[1100];

	for (size_t i = 0; i < sizeof key; i++)
		key[i] = i % 100 == 99 ? '/' : 'x';
	key[1024] = '\0';
	check_accepted(key);
	key[1024] = 'x';
	key[1025] = '\0';
	check_refused(key, "1024");
}
END_TEST

START_TEST(a_key_is_utf_8)
{
	check_refused("\xff", "UTF-8");
	check_refused("\x80", "UTF-8");
	check_refused("\xc3", "UTF-8");
	check_refused("\xc0\xaf", "UTF-8");             /* "/" in two bytes */
	check_refused("\xe0\x80\xae", "UTF-8");         /* "." in three */
	check_refused("\xed\xa0\x80", "UTF-8");         /* half of a surrogate pair */
	check_refused("\xf4\x90\x80\x80", "UTF-8");     /* above U+10FFFF */
	check_refused("\xf8\x88\x80\x80\x80", "UTF-8"); /* five bytes */
	check_accepted("\xf4\x8f\xbf\xbf");
	check_accepted("\xed\x9f\xbf");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("key");

	tcase_add_test(tests, keys_as_the_host_makes_them_are_accepted);
	tcase_add_test(tests, a_key_cannot_leave_the_folder);
	tcase_add_test(tests, a_segment_is_neither_empty_nor_too_long_for_a_file);
	tcase_add_test(tests, our_own_name_for_an_object_is_no_segment);
	tcase_add_test(tests, a_key_is_at_most_1024_bytes_long);
	tcase_add_test(tests, a_key_is_utf_8);
	return run_tests(tests, "key");
}
