/* test_option_unit.c - sizes, durations and bit rates: each form that people write, no other. */
#include "plugin/option_unit.h"

#include "run.h"

struct reading {
	const char *text;
	uint64_t value;
};

static const struct reading sizes[] = {
    {"0", 0},
    {"4096", 4096},
    {"7B", 7},
    {"64KiB", 65536},
    {"8MiB", 8 << 20},
    {"50GiB", UINT64_C(50) << 30},
    {"2TiB", UINT64_C(2) << 40},
    {"1KB", 1000},
    {"1kB", 1000},
    {"1.5MB", 1500000},
    {"0.5KiB", 512},
    {"3GB", UINT64_C(3000000000)},
    {"1.25GiB", UINT64_C(1342177280)},
    {"18446744073709551615", UINT64_MAX},
    {"16777215TiB", UINT64_C(16777215) << 40},
};

static const struct reading durations[] = {
    {"0s", 0},         {"250ms", 250},     {"30s", 30000},
    {"0.5s", 500},     {"15m", 900000},    {"4h", 14400000},
    {"2d", 172800000}, {"1h30m", 5400000}, {"1d2h3m4s5ms", 93784005},
};

static const struct reading rates[] = {
    {"128000", 128000}, {"128k", 128000}, {"4.5M", 4500000}, {"2G", UINT64_C(2000000000)}};

static const char *const no_sizes[] = {
    "",
    " 1",
    "1 ",
    "1 KiB",
    "-1",
    "+1",
    "KiB",
    "1kib",
    "1K",
    "1.",
    ".5KiB",
    "1..5MB",
    "0.3KiB",
    "0.5",
    "1e3",
    "0x10",
    "1KiB2",
    "8MiB ",
    "1KiB1MB",
    "8 MiB",
    "8Mib",
    "٣",
    /* beyond 64 bits, by its digits, by its unit, by its fraction */
    "18446744073709551616",
    "16777216TiB",
    "99999999999999999999999999",
    "16777215.9999TiB1",
};

static const char *const no_durations[] = {
    "30", "30 s", "1m1h", "1h1h", "1h30", "h", "1.0001ms", "1s,", "1S", "300000000000d",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void check_readings(const struct option_unit *units, bool compound,
                           const struct reading *readings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 1;

		ck_assert_msg(option_unit_parse(units, compound, readings[i].text, &value), "%s",
		              readings[i].text);
		ck_assert_msg(value == readings[i].value, "%s is %llu", readings[i].text,
		              (unsigned long long)value);
	}
}

static void check_refusals(const struct option_unit *units, bool compound, const char *const *texts,
                           size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t value = 4711;

		ck_assert_msg(!option_unit_parse(units, compound, texts[i], &value), "\"%s\"", texts[i]);
		ck_assert_uint_eq(value, 4711);
	}
}

START_TEST(every_written_form_is_read)
{
	check_readings(option_size_units, false, sizes, COUNT(sizes));
	check_readings(option_duration_units, true, durations, COUNT(durations));
	check_readings(option_rate_units, false, rates, COUNT(rates));
}
END_TEST

START_TEST(what_is_not_whole_or_does_not_fit_is_refused)
{
	check_refusals(option_size_units, false, no_sizes, COUNT(no_sizes));
	check_refusals(option_duration_units, true, no_durations, COUNT(no_durations));
}
END_TEST

START_TEST(a_value_is_printed_in_the_unit_that_divides_it)
{
	char text[OPTION_UNIT_TEXT_MAX];

	ck_assert_str_eq(option_unit_print(option_size_units, 5 << 20, text), "5MiB");
	ck_assert_str_eq(option_unit_print(option_size_units, 1500000, text), "1500KB");
	ck_assert_str_eq(option_unit_print(option_size_units, 1536, text), "1536");
	ck_assert_str_eq(option_unit_print(option_size_units, 0, text), "0");
	ck_assert_str_eq(option_unit_print(option_duration_units, 0, text), "0ms");
	ck_assert_str_eq(option_unit_print(option_duration_units, 5400000, text), "90m");
	ck_assert_str_eq(option_unit_print(option_duration_units, 1234, text), "1234ms");
	ck_assert_str_eq(option_unit_print(option_rate_units, 4500000, text), "4500k");
	ck_assert_str_eq(option_unit_print(option_rate_units, UINT64_MAX, text),
	                 "18446744073709551615");
}
END_TEST

START_TEST(what_is_printed_is_read_again)
{
	char text[OPTION_UNIT_TEXT_MAX];

	for (unsigned shift = 0; shift < 64; shift++) {
		uint64_t value = (UINT64_C(1) << shift) * (shift % 3 + 1), again;

		option_unit_print(option_size_units, value, text);
		ck_assert(option_unit_parse(option_size_units, false, text, &again));
		ck_assert_uint_eq(again, value);
		option_unit_print(option_duration_units, value, text);
		ck_assert(option_unit_parse(option_duration_units, true, text, &again));
		ck_assert_uint_eq(again, value);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("option_unit");

	tcase_add_test(tests, every_written_form_is_read);
	tcase_add_test(tests, what_is_not_whole_or_does_not_fit_is_refused);
	tcase_add_test(tests, a_value_is_printed_in_the_unit_that_divides_it);
	tcase_add_test(tests, what_is_printed_is_read_again);
	return run_tests(tests, "option_unit");
}
