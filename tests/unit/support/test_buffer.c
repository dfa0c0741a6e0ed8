/* test_buffer.c - bytes that grow up to a stated limit. */
#include "support/buffer.h"

#include <string.h>

#include "run.h"

START_TEST(what_is_appended_is_there_and_ends_with_nul)
{
	struct buffer buffer;

	buffer_init(&buffer, 100);
	ck_assert_int_eq(buffer_append(&buffer, "ab\0c", 4, NULL), VM_OK);
	ck_assert_int_eq(buffer_append(&buffer, NULL, 0, NULL), VM_OK);
	ck_assert_int_eq(buffer_print(&buffer, NULL, "-%d-%s", 7, "x"), VM_OK);
	ck_assert_uint_eq(buffer.length, 8);
	ck_assert_mem_eq(buffer.bytes, "ab\0c-7-x", 9);
	buffer_finish(&buffer);
}
END_TEST

START_TEST(nothing_appended_is_an_empty_text)
{
	struct buffer buffer;

	buffer_init(&buffer, 0);
	ck_assert_int_eq(buffer_append(&buffer, "", 0, NULL), VM_OK);
	ck_assert_str_eq(buffer.bytes, "");
	buffer_finish(&buffer);
}
END_TEST

START_TEST(the_limit_is_exact_and_leaves_what_was_there)
{
	struct vm_error err;
	struct buffer buffer;

	buffer_init(&buffer, 5);
	ck_assert_int_eq(buffer_append(&buffer, "12345", 5, &err), VM_OK);
	ck_assert_int_eq(buffer_append(&buffer, "6", 1, &err), VM_ERR_LIMIT);
	ck_assert_str_eq(err.message, "longer than the 5 bytes allowed");
	ck_assert_int_eq(buffer_print(&buffer, &err, "%d", 6), VM_ERR_LIMIT);
	ck_assert_int_eq(buffer_append(&buffer, "6", SIZE_MAX, &err), VM_ERR_LIMIT);
	ck_assert_str_eq(buffer.bytes, "12345");
	buffer_finish(&buffer);
}
END_TEST

START_TEST(a_length_that_no_memory_has_is_refused)
{
	struct vm_error err;
	struct buffer buffer;

	buffer_init(&buffer, SIZE_MAX);
	ck_assert_int_eq(buffer_append(&buffer, "a", 1, &err), VM_OK);
	ck_assert_int_eq(buffer_append(&buffer, "b", SIZE_MAX - 1, &err), VM_ERR_NO_MEMORY);
	ck_assert_str_eq(buffer.bytes, "a");
	buffer_finish(&buffer);
}
END_TEST

START_TEST(a_plugin_fills_it_through_the_sink)
{
	struct buffer buffer;
	char expected[3000];

	memset(expected, 'x', sizeof expected);
	buffer_init(&buffer, sizeof expected);
	for (size_t i = 0; i < sizeof expected / 3; i++)
		ck_assert_int_eq(buffer.sink.write(&buffer.sink, "xxx", 3, NULL), VM_OK);
	ck_assert_uint_eq(buffer.length, sizeof expected);
	ck_assert_mem_eq(buffer.bytes, expected, sizeof expected);
	ck_assert_int_eq(buffer.sink.write(&buffer.sink, "x", 1, NULL), VM_ERR_LIMIT);
	buffer_finish(&buffer);
}
END_TEST

START_TEST(a_cleared_buffer_is_filled_anew)
{
	struct buffer buffer;

	buffer_init(&buffer, 10);
	buffer_clear(&buffer);
	ck_assert_int_eq(buffer_append(&buffer, "0123456789", 10, NULL), VM_OK);
	buffer_clear(&buffer);
	ck_assert_str_eq(buffer.bytes, "");
	ck_assert_int_eq(buffer_append(&buffer, "abc", 3, NULL), VM_OK);
	ck_assert_str_eq(buffer.bytes, "abc");
	buffer_finish(&buffer);
	buffer_finish(&buffer);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("buffer");

	tcase_add_test(tests, what_is_appended_is_there_and_ends_with_nul);
	tcase_add_test(tests, nothing_appended_is_an_empty_text);
	tcase_add_test(tests, the_limit_is_exact_and_leaves_what_was_there);
	tcase_add_test(tests, a_length_that_no_memory_has_is_refused);
	tcase_add_test(tests, a_plugin_fills_it_through_the_sink);
	tcase_add_test(tests, a_cleared_buffer_is_filled_anew);
	return run_tests(tests, "buffer");
}
