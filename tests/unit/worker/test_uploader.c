/* test_uploader.c - all outputs of an attempt together: names, memory, limits and drops. */
#include <pthread.h>

#include "outputs.h"
#include "run.h"

START_TEST(a_head_that_does_not_fit_into_part_one_is_refused)
{
	struct output *output;

	ck_assert_int_eq(uploader_open(up.uploader, "web", "a.mp4", "", 8 * MIB + 1, &output, NULL),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(a_name_is_given_once)
{
	struct output *output;

	ck_assert_int_eq(uploader_open(up.uploader, "web", "../a.mp4", "", 0, &output, NULL),
	                 VM_ERR_BAD_DATA);
	output_close(outputs_open("a.mp4", 0));
	ck_assert_int_eq(uploader_open(up.uploader, "web", "a.mp4", "", 0, &output, NULL),
	                 VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(stored_outputs_are_listed_by_name)
{
	const struct stored_output *stored;
	size_t count;

	output_close(outputs_open("c", 0));
	output_close(outputs_open("a", 0));
	output_close(outputs_open("b/a", 0));
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	stored = uploader_stored(up.uploader, &count);
	ck_assert_uint_eq(count, 3);
	ck_assert_str_eq(stored[0].manifest.name, "web/a");
	ck_assert_str_eq(stored[1].manifest.name, "web/b/a");
	ck_assert_str_eq(stored[2].manifest.name, "web/c");
}
END_TEST

START_TEST(what_is_not_closed_is_aborted)
{
	struct output *output = outputs_open("a.mp4", 0), *small = outputs_open("b.mp4", 0);

	ck_assert_int_eq(outputs_write(output, 0, 20 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(outputs_write(small, 0, 20, 20, NULL), VM_OK);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	ck_assert_uint_eq(up.store->n_objects, 0);
	ck_assert_uint_eq(up.store->n_uploads, 1);
	ck_assert_uint_eq(fake_store_open_uploads(up.store), 0);
}
END_TEST

struct writer {
	struct output *output;
	int status;
};

static void *write_much(void *ctx)
{
	struct writer *writer = ctx;

	writer->status = outputs_write(writer->output, 0, 64 * MIB, MIB, NULL);
	output_close(writer->output);
	return NULL;
}

START_TEST(writers_wait_when_the_memory_is_on_its_way)
{
	struct writer writers[3];
	pthread_t threads[3];
	char name[8];

	outputs_recreate(40 * MIB, 0);
	fake_store_hold(up.store, true, false);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%d", i);
		writers[i].output = outputs_open(name, 0);
		ck_assert_int_eq(pthread_create(&threads[i], NULL, write_much, &writers[i]), 0);
	}
	/* Four are sent, which takes 32 MiB of the 40: the rest has to wait. */
	ck_assert(fake_store_wait_calls(up.store, FAKE_PART, 4));
	ck_assert_uint_eq(up.store->calls[FAKE_COMMIT], 0);
	fake_store_hold(up.store, false, false);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_int_eq(writers[i].status, VM_OK);
	}
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%d", i);
		outputs_check_stored(name, 64 * MIB);
	}
	ck_assert_uint_le(uploader_memory_most(up.uploader), 40 * MIB);
	ck_assert_uint_ge(uploader_memory_most(up.uploader), 32 * MIB);
	ck_assert_uint_le(up.store->parts_most, 4);
}
END_TEST

START_TEST(outputs_that_can_never_fit_are_a_limit_and_not_a_deadlock)
{
	struct output *first, *second;
	struct vm_error error;

	outputs_recreate(12 * MIB, 0);
	first = outputs_open("a", 4096);
	second = outputs_open("b", 4096);
	ck_assert_int_eq(outputs_write(first, 0, 8 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(outputs_write(second, 0, 8 * MIB, MIB, &error), VM_ERR_LIMIT);
	ck_assert_str_eq(error.message, "outputs open at once need more than 12 MiB of memory");
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_ERR_LIMIT);
}
END_TEST

START_TEST(all_outputs_together_are_bounded)
{
	struct output *first, *second;
	struct vm_error error;

	outputs_recreate(UPLOADER_MEMORY_BYTES, 1000);
	first = outputs_open("a", 0);
	second = outputs_open("b", 0);
	ck_assert_int_eq(outputs_write(first, 0, 600, 100, NULL), VM_OK);
	ck_assert_int_eq(outputs_write(second, 0, 400, 100, NULL), VM_OK);
	ck_assert_int_eq(outputs_write(second, 400, 401, 1, &error), VM_ERR_LIMIT);
	ck_assert_int_eq(outputs_write(first, 600, 601, 1, NULL), VM_ERR_LIMIT);
	output_close(first);
	output_close(second);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_ERR_LIMIT);
	ck_assert_uint_eq(up.store->n_objects, 0);
}
END_TEST

START_TEST(so_many_outputs_may_be_open_at_once)
{
	struct output *output;
	char name[16];

	for (int i = 0; i < UPLOADER_OPEN_MOST; i++) {
		snprintf(name, sizeof name, "%d", i);
		outputs_open(name, 0);
	}
	ck_assert_int_eq(uploader_open(up.uploader, "web", "more", "", 0, &output, NULL), VM_ERR_LIMIT);
}
END_TEST

START_TEST(a_cancel_ends_everything_soon)
{
	struct output *output = outputs_open("a", 0);

	fake_store_hold(up.store, true, false);
	ck_assert_int_eq(outputs_write(output, 0, 20 * MIB, MIB, NULL), VM_OK);
	ck_assert(fake_store_wait_calls(up.store, FAKE_PART, 2));
	cancel_trigger(up.cancel);
	output_close(output);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_ERR_CANCELLED);
	ck_assert_uint_eq(fake_store_open_uploads(up.store), 0);
}
END_TEST

START_TEST(parts_grow_so_that_they_suffice)
{
	struct vm_storage_traits traits = {
	    .parts_max = 10000, .part_bytes_min = 5 * MIB, .part_bytes_max = UINT64_C(5) << 30};
	uint64_t total = 0;

	ck_assert_uint_eq(uploader_part_bytes(&traits, 1), 8 * MIB);
	ck_assert_uint_eq(uploader_part_bytes(&traits, 1250), 8 * MIB);
	ck_assert_uint_eq(uploader_part_bytes(&traits, 1251), 16 * MIB);
	for (uint32_t number = 1; number <= traits.parts_max; number++)
		total += uploader_part_bytes(&traits, number);
	ck_assert_uint_ge(total, UINT64_C(2) << 40);
	traits.part_bytes_min = 64 * MIB;
	ck_assert_uint_eq(uploader_part_bytes(&traits, 1), 64 * MIB);
	traits.part_bytes_min = 0;
	traits.part_bytes_max = MIB;
	ck_assert_uint_eq(uploader_part_bytes(&traits, 9999), MIB);
	traits.parts_max = 1;
	ck_assert_uint_eq(uploader_part_bytes(&traits, 1), MIB);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("uploader");

	tcase_add_checked_fixture(tests, outputs_setup, outputs_teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_head_that_does_not_fit_into_part_one_is_refused);
	tcase_add_test(tests, a_name_is_given_once);
	tcase_add_test(tests, stored_outputs_are_listed_by_name);
	tcase_add_test(tests, what_is_not_closed_is_aborted);
	tcase_add_test(tests, writers_wait_when_the_memory_is_on_its_way);
	tcase_add_test(tests, outputs_that_can_never_fit_are_a_limit_and_not_a_deadlock);
	tcase_add_test(tests, all_outputs_together_are_bounded);
	tcase_add_test(tests, so_many_outputs_may_be_open_at_once);
	tcase_add_test(tests, a_cancel_ends_everything_soon);
	tcase_add_test(tests, parts_grow_so_that_they_suffice);
	return run_tests(tests, "uploader");
}
