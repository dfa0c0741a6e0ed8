/* test_random.c - every byte is filled, and numbers keep to their bound. */
#include "support/random.h"

#include <string.h>

#include "run.h"

START_TEST(every_byte_is_filled)
{
	unsigned char bytes[1000], seen[1000] = {0};

	/* A byte that stays 0 sixteen times over comes once in 2^128. */
	for (int round = 0; round < 16; round++) {
		random_fill(bytes, sizeof bytes);
		for (size_t i = 0; i < sizeof bytes; i++)
			seen[i] |= bytes[i];
	}
	ck_assert_ptr_null(memchr(seen, 0, sizeof seen));
}
END_TEST

START_TEST(hexadecimal_text_has_two_digits_for_each_byte)
{
	char a[33], b[33];

	memset(a, '?', sizeof a);
	random_hex(a, 16);
	random_hex(b, 16);
	ck_assert_uint_eq(strlen(a), 32);
	ck_assert_uint_eq(strspn(a, "0123456789abcdef"), 32);
	ck_assert_str_ne(a, b);
	random_hex(a, 0);
	ck_assert_str_eq(a, "");
}
END_TEST

START_TEST(a_number_keeps_to_its_bound_and_reaches_it)
{
	unsigned seen[6] = {0};

	for (int i = 0; i < 6000; i++) {
		uint64_t number = random_up_to(5);

		ck_assert_uint_le(number, 5);
		seen[number]++;
	}
	/* 1000 expected, deviation 29: a fair die fails here once in 10^20 runs. */
	for (size_t i = 0; i < 6; i++)
		ck_assert_uint_gt(seen[i], 700);
	ck_assert_uint_eq(random_up_to(0), 0);
}
END_TEST

START_TEST(the_largest_bounds_work)
{
	uint64_t all = 0;

	for (int i = 0; i < 200; i++) {
		all |= random_up_to(UINT64_MAX);
		ck_assert_uint_le(random_up_to(UINT64_MAX / 2 + 1), UINT64_MAX / 2 + 1);
	}
	ck_assert_uint_eq(all, UINT64_MAX);
}
END_TEST

START_TEST(no_number_is_favoured)
{
	const uint64_t quarter = UINT64_C(1) << 62;
	unsigned low = 0;

	/* Of three quarters the first is a third; a plain remainder would make it a half. */
	for (int i = 0; i < 3000; i++)
		low += random_up_to(3 * quarter - 1) < quarter;
	/* 1000 expected, deviation 26. */
	ck_assert_uint_gt(low, 800);
	ck_assert_uint_lt(low, 1200);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("random");

	tcase_add_test(tests, every_byte_is_filled);
	tcase_add_test(tests, hexadecimal_text_has_two_digits_for_each_byte);
	tcase_add_test(tests, a_number_keeps_to_its_bound_and_reaches_it);
	tcase_add_test(tests, the_largest_bounds_work);
	tcase_add_test(tests, no_number_is_favoured);
	return run_tests(tests, "random");
}
