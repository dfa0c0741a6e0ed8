/* test_language.c - codes of languages as containers write them, and what players are told. */
#include "language.h"

#include <string.h>

#include "run.h"

static const struct {
	const char *code, *tag;
} table[] = {
    {"eng", "en"},
    {"ENG", "en"},
    {"en", "en"},
    {"ger", "de"},
    {"deu", "de"},
    {"fre", "fr"},
    {"fra", "fr"},
    {"chi", "zh"},
    {"yue", "yue"},
    {"pt-BR", "pt-BR"},
    {"por-BR", "pt-BR"},
    {"zh-Hant-TW", "zh-Hant-TW"},
    {"und", ""},
    {"mul", ""},
    {"", ""},
    {"e", ""},
    {"engl", ""},
    {"e1", ""},
    {"en-", ""},
    {"en--x", ""},
    {"en-US/..", ""},
    {"en\"", ""},
    {"en-123456789", ""},
    {"e\xc3\xa9", ""},
    {"en-abcdefgh-abcdefgh-abcdefgh-abcdefgh", ""},
};

START_TEST(a_code_becomes_the_shortest_tag)
{
	char tag[LANGUAGE_TAG_MAX];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		ck_assert_int_eq(language_tag(table[i].code, tag), table[i].tag[0] != '\0');
		ck_assert_str_eq(tag, table[i].tag);
	}
}
END_TEST

START_TEST(a_language_is_found_by_each_of_its_codes)
{
	ck_assert_str_eq(language_find("cze")->name, "Czech");
	ck_assert_ptr_eq(language_find("ces"), language_find("cs"));
	ck_assert_ptr_eq(language_find("cze"), language_find("cs"));
	ck_assert_str_eq(language_find("nob")->name, "Norwegian Bokm\xc3\xa5l");
	ck_assert_ptr_null(language_find(""));
	ck_assert_ptr_null(language_find("yue"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("language");

	tcase_add_test(tests, a_code_becomes_the_shortest_tag);
	tcase_add_test(tests, a_language_is_found_by_each_of_its_codes);
	return run_tests(tests, "language");
}
