/* test_buffer.c - bytes that grow, up to a limit. */
#include "kit/buffer.h"

#include "run.h"

START_TEST(text_is_read_in_place)
{
	struct kit_buffer buffer;
	struct vm_error err;

	kit_buffer_init(&buffer, 1 << 20);
	ck_assert_ptr_null(buffer.bytes);
	ck_assert_int_eq(kit_buffer_append(&buffer, "", 0, &err), VM_OK);
	ck_assert_str_eq(buffer.bytes, "");
	ck_assert_int_eq(buffer.sink.write(&buffer.sink, "a\0b", 3, &err), VM_OK);
	ck_assert_int_eq(kit_buffer_print(&buffer, &err, "-%d-%s", 7, "x"), VM_OK);
	ck_assert_uint_eq(buffer.length, 7);
	ck_assert_mem_eq(buffer.bytes, "a\0b-7-x\0", 8);
	kit_buffer_clear(&buffer);
	ck_assert_uint_eq(buffer.length, 0);
	ck_assert_str_eq(buffer.bytes, "");
	kit_buffer_finish(&buffer);
	kit_buffer_finish(&buffer);
	ck_assert_int_eq(kit_buffer_append(&buffer, "again", 5, &err), VM_OK);
	ck_assert_str_eq(buffer.bytes, "again");
	kit_buffer_finish(&buffer);
}
END_TEST

START_TEST(it_grows_over_every_capacity)
{
	struct kit_buffer buffer;

	kit_buffer_init(&buffer, 1 << 20);
	for (size_t i = 0; i < 5000; i++) {
		ck_assert_int_eq(kit_buffer_append(&buffer, &"0123456789"[i % 10], 1, NULL), VM_OK);
		ck_assert_int_eq(buffer.bytes[buffer.length], '\0');
	}
	for (size_t i = 0; i < 5000; i++)
		ck_assert_int_eq(buffer.bytes[i], '0' + (int)(i % 10));
	kit_buffer_finish(&buffer);
}
END_TEST

START_TEST(more_than_the_limit_changes_nothing)
{
	struct kit_buffer buffer;
	struct vm_error err;

	kit_buffer_init(&buffer, 8);
	ck_assert_int_eq(kit_buffer_append(&buffer, "12345678", 8, &err), VM_OK);
	ck_assert_int_eq(kit_buffer_append(&buffer, "9", 1, &err), VM_ERR_LIMIT);
	ck_assert_str_eq(err.message, "longer than the 8 bytes allowed");
	ck_assert_int_eq(kit_buffer_print(&buffer, &err, "%d", 9), VM_ERR_LIMIT);
	ck_assert_int_eq(buffer.sink.write(&buffer.sink, "", SIZE_MAX, &err), VM_ERR_LIMIT);
	ck_assert_str_eq(buffer.bytes, "12345678");
	kit_buffer_finish(&buffer);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("buffer");

	tcase_add_test(tests, text_is_read_in_place);
	tcase_add_test(tests, it_grows_over_every_capacity);
	tcase_add_test(tests, more_than_the_limit_changes_nothing);
	return run_tests(tests, "buffer");
}
