/* test_option_value.c - numbers, rationals, choices and ranges of options. */
#include "plugin/option_value.h"

#include "run.h"

static void check_rational(const char *text, int64_t num, int64_t den)
{
	struct vm_rational value = {0};

	ck_assert_msg(option_parse_rational(text, &value), "%s", text);
	ck_assert_msg(value.num == num && value.den == den, "%s is %lld/%lld", text,
	              (long long)value.num, (long long)value.den);
}

START_TEST(rationals_are_read_and_reduced)
{
	check_rational("25", 25, 1);
	check_rational("0", 0, 1);
	check_rational("30000/1001", 30000, 1001);
	check_rational("50/100", 1, 2);
	check_rational("0.5", 1, 2);
	check_rational("23.976", 2997, 125);
	check_rational("-0.25", -1, 4);
	check_rational("10%", 1, 10);
	check_rational("12.5%", 1, 8);
	check_rational("100%", 1, 1);
	check_rational("9223372036854775799", INT64_C(9223372036854775799), 1);
}
END_TEST

START_TEST(what_is_no_rational_is_refused)
{
	static const char *const texts[] = {
	    "",
	    "-",
	    "%",
	    "/",
	    "1/",
	    "1/0",
	    "/2",
	    "1/2/3",
	    "1.5/2",
	    "1/2.5",
	    "1.",
	    ".5",
	    "1..2",
	    "--1",
	    "1/-2",
	    "1e3",
	    " 1",
	    "1 ",
	    "10%%",
	    "10% ",
	    "0x10",
	    "nan",
	    "99999999999999999999",
	    "0.0000000000000000000001",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct vm_rational value = {4711, 1};

		ck_assert_msg(!option_parse_rational(texts[i], &value), "\"%s\"", texts[i]);
		ck_assert_int_eq(value.num, 4711);
	}
}
END_TEST

START_TEST(an_int_is_the_whole_text_or_nothing)
{
	int64_t value = 0;

	ck_assert(option_parse_int("-9223372036854775808", &value) && value == INT64_MIN);
	ck_assert(option_parse_int("9223372036854775807", &value) && value == INT64_MAX);
	ck_assert(option_parse_int("007", &value) && value == 7);
	ck_assert(!option_parse_int("9223372036854775808", &value));
	ck_assert(!option_parse_int("", &value));
	ck_assert(!option_parse_int("-", &value));
	ck_assert(!option_parse_int(" 1", &value));
	ck_assert(!option_parse_int("1x", &value));
	ck_assert(!option_parse_int("+1", &value));
	ck_assert(!option_parse_int("--1", &value));
	ck_assert_int_eq(value, 7);
}
END_TEST

START_TEST(a_choice_is_the_index_of_its_name)
{
	static const char *const presets[] = {"slow", "fast", NULL};
	const struct vm_option row = {.type = VM_OPTION_CHOICE, .choices = presets};
	int value = 7;

	ck_assert(option_value_parse(&row, "fast", &value));
	ck_assert_int_eq(value, 1);
	ck_assert(!option_value_parse(&row, "Fast", &value));
	ck_assert_int_eq(value, 1);
}
END_TEST

START_TEST(ranges_include_their_ends)
{
	const struct vm_option size = {.type = VM_OPTION_SIZE, .min = 5 << 20, .max = INT64_C(5) << 30};
	const struct vm_option number = {.type = VM_OPTION_INT, .min = -3, .max = 0};
	const struct vm_option any = {.type = VM_OPTION_SIZE};
	uint64_t bytes;
	int64_t value;

	bytes = 5 << 20;
	ck_assert_int_eq(option_value_range(&size, &bytes), OPTION_WITHIN);
	bytes--;
	ck_assert_int_eq(option_value_range(&size, &bytes), OPTION_TOO_SMALL);
	bytes = UINT64_C(5) << 30;
	ck_assert_int_eq(option_value_range(&size, &bytes), OPTION_WITHIN);
	bytes++;
	ck_assert_int_eq(option_value_range(&size, &bytes), OPTION_TOO_LARGE);
	bytes = UINT64_MAX;
	ck_assert_int_eq(option_value_range(&size, &bytes), OPTION_TOO_LARGE);
	ck_assert_int_eq(option_value_range(&any, &bytes), OPTION_WITHIN);
	value = -4;
	ck_assert_int_eq(option_value_range(&number, &value), OPTION_TOO_SMALL);
	value = 1;
	ck_assert_int_eq(option_value_range(&number, &value), OPTION_TOO_LARGE);
}
END_TEST

START_TEST(ranges_are_told_in_the_users_unit)
{
	const struct vm_option size = {.type = VM_OPTION_SIZE, .min = 5 << 20, .max = INT64_C(5) << 30};
	const struct vm_option time = {.type = VM_OPTION_DURATION, .min = 1000, .max = 86400000};
	const struct vm_option open = {.type = VM_OPTION_SIZE, .min = 5 << 20};
	const struct vm_option number = {.type = VM_OPTION_INT, .min = -3, .max = 12};
	char text[OPTION_RANGE_TEXT_MAX];

	ck_assert_str_eq(option_range_text(&size, text), "from 5MiB to 5GiB");
	ck_assert_str_eq(option_range_text(&time, text), "from 1s to 1d");
	ck_assert_str_eq(option_range_text(&open, text), "at least 5MiB");
	ck_assert_str_eq(option_range_text(&number, text), "from -3 to 12");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("option_value");

	tcase_add_test(tests, rationals_are_read_and_reduced);
	tcase_add_test(tests, what_is_no_rational_is_refused);
	tcase_add_test(tests, an_int_is_the_whole_text_or_nothing);
	tcase_add_test(tests, a_choice_is_the_index_of_its_name);
	tcase_add_test(tests, ranges_include_their_ends);
	tcase_add_test(tests, ranges_are_told_in_the_users_unit);
	return run_tests(tests, "option_value");
}
