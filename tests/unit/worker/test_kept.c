/* test_kept.c - outputs of a distant store are opened from memory, as long as there is some. */
#include "worker/kept.h"

#include <string.h>

#include "outputs.h"
#include "run.h"

/* An instance knows the traits of its store from the beginning. */
static void move_store(bool distant)
{
	uploader_destroy(up.uploader);
	up.uploader = NULL;
	instance_destroy(up.instance);
	up.store->traits.distant = distant;
	up.instance = fake_store_instance(up.store);
	outputs_recreate(UPLOADER_MEMORY_BYTES, 0);
}

static void setup(void)
{
	outputs_setup();
	move_store(true);
}

static void make(const char *name, uint64_t head_bytes, uint64_t bytes)
{
	struct output *output = outputs_open(name, head_bytes);

	ck_assert_int_eq(outputs_write(output, 0, bytes, MIB, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored(name, bytes);
}

static const struct stored_output *find(const char *name)
{
	const struct stored_output *stored;
	size_t count;

	stored = uploader_stored(up.uploader, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(stored[i].manifest.name + strlen("web/"), name) == 0)
			return &stored[i];
	ck_abort_msg("%s is not stored", name);
	return NULL;
}

static bool is_kept(const char *name)
{
	const struct stored_output *stored = find(name);
	struct vm_source *copy = kept_hold(stored->kept, stored->manifest.bytes);

	if (copy != NULL)
		kept_let_go(stored->kept);
	return copy != NULL;
}

static void check_range(struct vm_source *source, uint64_t offset, size_t length, size_t expected)
{
	static unsigned char bytes[12 * MIB];
	size_t got;

	ck_assert_int_eq(source->read_at(source, offset, bytes, length, &got, NULL, NULL), VM_OK);
	ck_assert_uint_eq(got, expected);
	for (size_t i = 0; i < got; i++)
		if (bytes[i] != fake_byte(offset + i))
			ck_abort_msg("byte %llu is wrong", (unsigned long long)(offset + i));
}

START_TEST(the_copy_has_what_was_sent)
{
	struct vm_source *copy;

	make("long", 4096, 20 * MIB + 77);
	copy = kept_hold(find("long")->kept, 20 * MIB + 77);
	ck_assert_ptr_nonnull(copy);
	ck_assert_uint_eq(copy->bytes, 20 * MIB + 77);
	check_range(copy, 0, 100, 100);
	check_range(copy, 8 * MIB - 3, 12 * MIB, 12 * MIB); /* over three parts */
	check_range(copy, 20 * MIB, 1000, 77);
	check_range(copy, 20 * MIB + 77, 10, 0);
	check_range(copy, UINT64_MAX, 10, 0);
	kept_let_go(find("long")->kept);
}
END_TEST

START_TEST(nothing_is_read_and_each_is_asked_for_once)
{
	make("long", 4096, 20 * MIB);
	make("short", 0, 20);
	make("empty", 0, 0);
	ck_assert(is_kept("long") && is_kept("short") && is_kept("empty"));
	ck_assert_uint_eq(up.store->calls[FAKE_READ], 0);
	ck_assert_uint_eq(up.store->calls[FAKE_STAT], 3);
}
END_TEST

START_TEST(a_near_store_is_read_and_costs_no_memory)
{
	move_store(false);
	make("long", 4096, 20 * MIB);
	ck_assert_ptr_null(find("long")->kept);
	ck_assert_uint_eq(up.store->bytes_read, 20 * MIB);
	ck_assert_uint_eq(up.store->calls[FAKE_STAT], 0);
}
END_TEST

START_TEST(the_oldest_is_given_up_when_a_part_wants_its_memory)
{
	outputs_recreate(40 * MIB, 0);
	make("first", 0, 16 * MIB);
	make("second", 0, 16 * MIB);
	ck_assert(is_kept("first") && is_kept("second"));
	make("third", 0, 16 * MIB);
	ck_assert(!is_kept("first") && is_kept("second") && is_kept("third"));
	ck_assert_uint_le(uploader_memory_most(up.uploader), 40 * MIB);
}
END_TEST

START_TEST(one_that_is_longer_than_the_memory_is_read_back)
{
	outputs_recreate(24 * MIB, 0);
	make("long", 4096, 60 * MIB);
	ck_assert(!is_kept("long"));
	ck_assert_uint_eq(up.store->bytes_read, 60 * MIB);
	ck_assert_uint_le(uploader_memory_most(up.uploader), 24 * MIB);
}
END_TEST

static void *write_more(void *ctx)
{
	struct output *output = ctx;

	ck_assert_int_eq(outputs_write(output, 0, 16 * MIB, MIB, NULL), VM_OK);
	output_close(output);
	return NULL;
}

START_TEST(what_is_held_stays_and_parts_wait_for_it)
{
	struct vm_source *copy;
	struct kept *held;
	pthread_t thread;

	outputs_recreate(24 * MIB, 0);
	make("held", 0, 16 * MIB);
	held = find("held")->kept;
	copy = kept_hold(held, 16 * MIB);
	ck_assert_ptr_nonnull(copy);
	ck_assert_int_eq(pthread_create(&thread, NULL, write_more, outputs_open("more", 0)), 0);
	/* Its first part goes, and the second finds no memory until then. */
	ck_assert(fake_store_wait_calls(up.store, FAKE_PART, 3));
	check_range(copy, 0, 12 * MIB, 12 * MIB);
	kept_let_go(held);
	pthread_join(thread, NULL);
	ck_assert_int_eq(uploader_drain(up.uploader, NULL), VM_OK);
	outputs_check_stored("more", 16 * MIB);
	ck_assert_uint_le(uploader_memory_most(up.uploader), 24 * MIB);
}
END_TEST

START_TEST(an_object_that_is_not_there_is_no_output)
{
	struct output *output = outputs_open("gone", 0);
	struct vm_error error = {0};

	up.store->fail[FAKE_STAT].from = 1;
	up.store->fail[FAKE_STAT].times = 1;
	up.store->fail[FAKE_STAT].status = VM_ERR_NOT_FOUND;
	ck_assert_int_eq(outputs_write(output, 0, 20, 20, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(up.uploader, &error), VM_ERR_NOT_FOUND);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("kept");

	tcase_add_checked_fixture(tests, setup, outputs_teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_copy_has_what_was_sent);
	tcase_add_test(tests, nothing_is_read_and_each_is_asked_for_once);
	tcase_add_test(tests, a_near_store_is_read_and_costs_no_memory);
	tcase_add_test(tests, the_oldest_is_given_up_when_a_part_wants_its_memory);
	tcase_add_test(tests, one_that_is_longer_than_the_memory_is_read_back);
	tcase_add_test(tests, what_is_held_stays_and_parts_wait_for_it);
	tcase_add_test(tests, an_object_that_is_not_there_is_no_output);
	return run_tests(tests, "kept");
}
