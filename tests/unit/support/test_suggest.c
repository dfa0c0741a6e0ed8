/* test_suggest.c - "did you mean" finds slips of the pen and leaves other words alone. */
#include "support/suggest.h"

#include <string.h>

#include "run.h"

static const char *const names[] = {"bucket", "region", "part_size", "prefix", "max_receives"};

static const char *suggest(const char *word)
{
	return suggest_name(word, names, sizeof names / sizeof names[0]);
}

START_TEST(a_slip_of_the_pen_finds_its_name)
{
	ck_assert_str_eq(suggest("bukcet"), "bucket"); /* two letters swapped */
	ck_assert_str_eq(suggest("bcket"), "bucket");
	ck_assert_str_eq(suggest("buckket"), "bucket");
	ck_assert_str_eq(suggest("part-size"), "part_size");
	ck_assert_str_eq(suggest("Region"), "region");
	ck_assert_str_eq(suggest("max_recieves"), "max_receives");
}
END_TEST

START_TEST(another_word_finds_nothing)
{
	ck_assert_ptr_null(suggest("endpoint"));
	ck_assert_ptr_null(suggest("x"));
	ck_assert_ptr_null(suggest(""));
	ck_assert_ptr_null(suggest_name("bucket", names, 0));
}
END_TEST

START_TEST(the_nearest_of_several_wins)
{
	static const char *const near[] = {"stage", "storage", "stages"};

	ck_assert_str_eq(suggest_name("stagess", near, 3), "stages");
	ck_assert_str_eq(suggest_name("storge", near, 3), "storage");
}
END_TEST

START_TEST(an_endless_word_is_no_name)
{
	char word[1000];

	memset(word, 'b', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	ck_assert_ptr_null(suggest(word));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("suggest");

	tcase_add_test(tests, a_slip_of_the_pen_finds_its_name);
	tcase_add_test(tests, another_word_finds_nothing);
	tcase_add_test(tests, the_nearest_of_several_wins);
	tcase_add_test(tests, an_endless_word_is_no_name);
	return run_tests(tests, "suggest");
}
