/* test_escape.c - nothing that a stranger wrote is obeyed by a terminal or breaks a line. */
#include "support/escape.h"

#include <string.h>

#include "run.h"

static const char *escape(const char *text, size_t length, bool json)
{
	static char all[512];
	char one[ESCAPE_MAX];
	size_t at = 0, written;

	for (size_t read = 0; read < length; at += written) {
		read += escape_next(text + read, length - read, json, one, &written);
		ck_assert_uint_lt(at + written, sizeof all);
		memcpy(all + at, one, written);
	}
	all[at] = '\0';
	return all;
}

/* A string literal, its NUL left out. */
#define check_escape(text, expected_text, expected_json)                                           \
	do {                                                                                           \
		ck_assert_str_eq(escape(text, sizeof(text) - 1, false), expected_text);                    \
		ck_assert_str_eq(escape(text, sizeof(text) - 1, true), expected_json);                     \
	} while (0)

START_TEST(plain_text_passes)
{
	check_escape("a b~", "a b~", "a b~");
	check_escape("Zürich 東京 🎬", "Zürich 東京 🎬", "Zürich 東京 🎬");
}
END_TEST

START_TEST(quotes_are_escaped_in_json_alone)
{
	check_escape("say \"\\\"", "say \"\\\"", "say \\\"\\\\\\\"");
}
END_TEST

START_TEST(control_characters_are_shown)
{
	check_escape("a\nb\tc", "a\\nb\\tc", "a\\nb\\tc");
	check_escape("\x1b[31m\x7f", "\\x1b[31m\\x7f", "\\u001b[31m\\u007f");
	check_escape("\0", "\\x00", "\\u0000");
	check_escape("\xc2\x9b", "\\x9b", "\\u009b");
}
END_TEST

START_TEST(marks_that_turn_the_direction_are_shown)
{
	check_escape("\u202etxt.exe", "\\u202etxt.exe", "\\u202etxt.exe");
	check_escape("\u2066x\u2069", "\\u2066x\\u2069", "\\u2066x\\u2069");
	check_escape("\u2028", "\\u2028", "\\u2028");
}
END_TEST

START_TEST(bytes_that_are_no_utf_8_are_shown)
{
	check_escape("\xff", "\\xff", "\\ufffd");                                 /* no such byte */
	check_escape("\x80", "\\x80", "\\ufffd");                                 /* no beginning */
	check_escape("\xc3", "\\xc3", "\\ufffd");                                 /* no end */
	check_escape("\xc3z", "\\xc3z", "\\ufffdz");                              /* no end */
	check_escape("\xc0\x8a", "\\xc0\\x8a", "\\ufffd\\ufffd");                 /* a long \n */
	check_escape("\xe0\x80\x8a", "\\xe0\\x80\\x8a", "\\ufffd\\ufffd\\ufffd"); /* longer */
	check_escape("\xed\xa0\x80", "\\xed\\xa0\\x80", "\\ufffd\\ufffd\\ufffd"); /* surrogate */
	check_escape("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");
}
END_TEST

START_TEST(utf_8_is_told_from_what_is_not)
{
	ck_assert(is_utf8("") && is_utf8("a\n") && is_utf8("Zürich 東京 🎬"));
	ck_assert(!is_utf8("a\xFF") && !is_utf8("\xE6\x9D") && !is_utf8("\xC0\x80"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("escape");

	tcase_add_test(tests, plain_text_passes);
	tcase_add_test(tests, quotes_are_escaped_in_json_alone);
	tcase_add_test(tests, control_characters_are_shown);
	tcase_add_test(tests, marks_that_turn_the_direction_are_shown);
	tcase_add_test(tests, bytes_that_are_no_utf_8_are_shown);
	tcase_add_test(tests, utf_8_is_told_from_what_is_not);
	return run_tests(tests, "escape");
}
