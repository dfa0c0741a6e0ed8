/* test_output.c - the bytes of one output: parts, their order, and heads that are rewritten. */
#include <string.h>

#include "outputs.h"
#include "run.h"

START_TEST(a_short_output_is_one_put)
{
	struct output *output = outputs_open("a.mp4", 0);

	ck_assert_int_eq(outputs_write(output, 0, MIB, 1000, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored("a.mp4", MIB);
	outputs_check_bytes("a.mp4", 0, MIB);
	ck_assert_uint_eq(up.store->calls[FAKE_PUT], 1);
	ck_assert_uint_eq(up.store->calls[FAKE_BEGIN], 0);
	ck_assert_uint_eq(up.store->calls[FAKE_READ], 0);
}
END_TEST

START_TEST(an_empty_output_is_an_empty_object)
{
	output_close(outputs_open("a.mp4", 0));
	output_close(outputs_open("b.mp4", 100));
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored("a.mp4", 0);
	outputs_check_stored("b.mp4", 0);
}
END_TEST

START_TEST(a_long_output_is_sent_in_parts_while_it_is_written)
{
	struct output *output = outputs_open("a.mp4", 0);

	ck_assert_int_eq(outputs_write(output, 0, 20 * MIB, 65536, NULL), VM_OK);
	ck_assert(fake_store_wait_calls(up.store, FAKE_PART, 2)); /* before it is closed */
	ck_assert_int_eq(outputs_write(output, 20 * MIB, 37 * MIB + 5, 99999, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored("a.mp4", 37 * MIB + 5);
	outputs_check_bytes("a.mp4", 0, 37 * MIB + 5);
	ck_assert_uint_eq(up.store->calls[FAKE_PART], 5);
	ck_assert_uint_eq(up.store->calls[FAKE_READ], 0); /* the hash was made on the way */
}
END_TEST

START_TEST(an_output_of_exactly_one_part_is_whole)
{
	struct output *output = outputs_open("a.mp4", 0), *headed = outputs_open("b.mp4", 4096);

	ck_assert_int_eq(outputs_write(output, 0, 8 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(outputs_write(headed, 0, 8 * MIB, MIB, NULL), VM_OK);
	output_close(output);
	output_close(headed);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored("a.mp4", 8 * MIB);
	outputs_check_stored("b.mp4", 8 * MIB);
}
END_TEST

START_TEST(part_one_of_a_headed_output_is_sent_last)
{
	struct output *output = outputs_open("a.mp4", 4096);
	unsigned char index[1000];

	memset(index, 'i', sizeof index);
	ck_assert_int_eq(outputs_write(output, 0, 30 * MIB, 65536, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 96, index, sizeof index, NULL), VM_OK);
	ck_assert(fake_store_wait_calls(up.store, FAKE_PART, 2));
	output_close(output);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored("a.mp4", 30 * MIB);
	outputs_check_bytes("a.mp4", 0, 96);
	outputs_check_bytes("a.mp4", 1096, 30 * MIB);
	ck_assert_int_eq(fake_store_find(up.store, PREFIX "web/a.mp4")->bytes[96], 'i');
	ck_assert_int_eq(fake_store_find(up.store, PREFIX "web/a.mp4")->bytes[1095], 'i');
	for (size_t i = 0; i < up.store->n_part_order; i++)
		ck_assert(up.store->part_order[i] != 1 || i >= 2);
	ck_assert_uint_eq(up.store->n_part_order, 4);
}
END_TEST

START_TEST(a_short_headed_output_is_one_put_with_its_new_head)
{
	struct output *output = outputs_open("a.mp4", 4096);

	ck_assert_int_eq(outputs_write(output, 0, 5000, 1000, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 0, "head", 4, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 4092, "tail", 4, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored("a.mp4", 5000);
	ck_assert_mem_eq(fake_store_find(up.store, PREFIX "web/a.mp4")->bytes, "head", 4);
	outputs_check_bytes("a.mp4", 4, 4092);
	ck_assert_uint_eq(up.store->calls[FAKE_READ], 0);
}
END_TEST

START_TEST(a_rewrite_stays_within_head_and_what_was_written)
{
	struct output *output = outputs_open("a.mp4", 4096);

	ck_assert_int_eq(output_rewrite(output, 0, "x", 1, NULL), VM_ERR_BAD_DATA);
	ck_assert_int_eq(outputs_write(output, 0, 100, 100, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 99, "x", 1, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 99, "xy", 2, NULL), VM_ERR_BAD_DATA);
	ck_assert_int_eq(output_rewrite(output, UINT64_MAX, "xy", 2, NULL), VM_ERR_BAD_DATA);
	ck_assert_int_eq(outputs_write(output, 100, 9 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 4095, "x", 1, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 4096, "x", 1, NULL), VM_ERR_BAD_DATA);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("output");

	tcase_add_checked_fixture(tests, outputs_setup, outputs_teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_short_output_is_one_put);
	tcase_add_test(tests, an_empty_output_is_an_empty_object);
	tcase_add_test(tests, a_long_output_is_sent_in_parts_while_it_is_written);
	tcase_add_test(tests, an_output_of_exactly_one_part_is_whole);
	tcase_add_test(tests, part_one_of_a_headed_output_is_sent_last);
	tcase_add_test(tests, a_short_headed_output_is_one_put_with_its_new_head);
	tcase_add_test(tests, a_rewrite_stays_within_head_and_what_was_written);
	return run_tests(tests, "output");
}
