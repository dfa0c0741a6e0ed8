/* test_text.c - a stranger's text for a menu: whole characters, none of them steering. */
#include "text.h"

#include <string.h>

#include "run.h"

static void assert_cleaned(const char *text, const char *wanted)
{
	char out[64];

	text_clean(text, out, sizeof out);
	ck_assert_str_eq(out, wanted);
}

START_TEST(what_cannot_be_shown_is_left_out)
{
	assert_cleaned("  plain\t\r\n text ", "plain text");
	assert_cleaned("K\xc3\xb6ln \xe6\x97\xa5 \xf0\x9f\x8e\xac",
	               "K\xc3\xb6ln \xe6\x97\xa5 \xf0\x9f\x8e\xac");
	assert_cleaned("a\x01\xff"
	               "b",
	               "a\xef\xbf\xbd\xef\xbf\xbd"
	               "b");
	assert_cleaned("\xe2\x80\xae"
	               "evil\xe2\x80\xa9",
	               "evil");
	assert_cleaned("\xc0\xaf", "\xef\xbf\xbd");
	assert_cleaned("\xed\xa0\x80", "\xef\xbf\xbd");
	assert_cleaned("half \xe6\x97", "half \xef\xbf\xbd\xef\xbf\xbd");
	assert_cleaned("", "");
}
END_TEST

START_TEST(what_is_too_long_is_cut_between_characters)
{
	char out[6];

	text_clean("ab\xe6\x97\xa5\xe6\x97\xa5", out, sizeof out);
	ck_assert_str_eq(out, "ab\xe6\x97\xa5");
	text_clean("abc\xe6\x97\xa5", out, sizeof out);
	ck_assert_str_eq(out, "abc");
	text_clean("abcd efgh", out, sizeof out);
	ck_assert_str_eq(out, "abcd");
}
END_TEST

/* Every character goes out as it came in. */
START_TEST(characters_survive)
{
	for (uint32_t character = 0x20; character < 0x110000; character++) {
		char bytes[4];
		const char *at = bytes;
		size_t length = text_put(character, bytes);
		uint32_t read = text_next(&at, bytes + length);

		ck_assert_ptr_eq(at, bytes + length);
		ck_assert(read == character || read == TEXT_BROKEN);
		if (character >= 0xd800 && character <= 0xdfff)
			ck_assert_uint_eq(read, TEXT_BROKEN);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("text");

	/* Every character there is, one by one. */
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, what_cannot_be_shown_is_left_out);
	tcase_add_test(tests, what_is_too_long_is_cut_between_characters);
	tcase_add_test(tests, characters_survive);
	return run_tests(tests, "text");
}
