/* test_uploader.c - outputs in parts: order, heads, memory, limits, and every way to fail. */
#include "worker/uploader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fake_store.h"
#include "run.h"
#include "support/hash.h"

#define MIB (1u << 20)
#define PREFIX "processed/v/1-1-n/"

static struct fake_store *store;
static struct instance *instance;
static struct cancel *cancel;
static struct uploader *uploader;

static void create(size_t memory_bytes, uint64_t output_bytes_most)
{
	const struct uploader_want want = {.storage = instance,
	                                   .prefix = PREFIX,
	                                   .output_bytes_most = output_bytes_most,
	                                   .memory_bytes = memory_bytes,
	                                   .cancel = cancel};

	ck_assert_int_eq(uploader_create(&want, &uploader, NULL), VM_OK);
}

static void setup(void)
{
	store = fake_store_create();
	instance = fake_store_instance(store);
	ck_assert_int_eq(cancel_create(NULL, &cancel, NULL), VM_OK);
	create(UPLOADER_MEMORY_BYTES, 0);
}

static void teardown(void)
{
	uploader_destroy(uploader);
	cancel_destroy(cancel);
	instance_destroy(instance);
	fake_store_destroy(store);
}

static void recreate(size_t memory_bytes, uint64_t output_bytes_most)
{
	uploader_destroy(uploader);
	create(memory_bytes, output_bytes_most);
}

static struct output *open_output(const char *name, uint64_t head_bytes)
{
	struct output *output = NULL;
	struct vm_error error = {0};

	ck_assert_msg(uploader_open(uploader, "web", name, "video/mp4", head_bytes, &output, &error) ==
	                  VM_OK,
	              "%s", error.message);
	return output;
}

/* Bytes that tell their offset, `step` at a time. */
static int write_bytes(struct output *output, uint64_t from, uint64_t to, size_t step,
                       struct vm_error *err)
{
	unsigned char *bytes = malloc(step);
	int status = VM_OK;

	for (uint64_t offset = from; status == VM_OK && offset < to; offset += step) {
		size_t here = to - offset < step ? (size_t)(to - offset) : step;

		for (size_t i = 0; i < here; i++)
			bytes[i] = fake_byte(offset + i);
		status = output_write(output, bytes, here, err);
	}
	free(bytes);
	return status;
}

static void check_stored(const char *name, uint64_t bytes)
{
	const struct fake_object *object;
	const struct stored_output *stored = NULL, *all;
	char key[VM_KEY_MAX], full[256], hash[HASH_TEXT_MAX];
	size_t count;

	snprintf(key, sizeof key, PREFIX "web/%s", name);
	snprintf(full, sizeof full, "web/%s", name);
	object = fake_store_find(store, key);
	ck_assert_msg(object != NULL, "%s is not stored", key);
	all = uploader_stored(uploader, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].manifest.name, full) == 0)
			stored = &all[i];
	ck_assert_ptr_nonnull(stored);
	ck_assert_uint_eq(object->about.bytes, bytes);
	ck_assert_uint_eq(stored->manifest.bytes, bytes);
	ck_assert_str_eq(stored->etag, object->about.etag);
	ck_assert_str_eq(stored->manifest.content_type, "video/mp4");
	ck_assert_str_eq(object->content_type, "video/mp4");
	hash_bytes(object->bytes, bytes, hash, NULL);
	ck_assert_str_eq(stored->manifest.sha256, hash);
}

static void check_bytes(const char *name, uint64_t from, uint64_t to)
{
	char key[VM_KEY_MAX];
	const struct fake_object *object;

	snprintf(key, sizeof key, PREFIX "web/%s", name);
	object = fake_store_find(store, key);
	for (uint64_t i = from; i < to; i++)
		if (object->bytes[i] != fake_byte(i))
			ck_abort_msg("byte %llu of %s is wrong", (unsigned long long)i, name);
}

START_TEST(a_short_output_is_one_put)
{
	struct output *output = open_output("a.mp4", 0);

	ck_assert_int_eq(write_bytes(output, 0, MIB, 1000, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	check_stored("a.mp4", MIB);
	check_bytes("a.mp4", 0, MIB);
	ck_assert_uint_eq(store->calls[FAKE_PUT], 1);
	ck_assert_uint_eq(store->calls[FAKE_BEGIN], 0);
	ck_assert_uint_eq(store->calls[FAKE_READ], 0);
}
END_TEST

START_TEST(an_empty_output_is_an_empty_object)
{
	output_close(open_output("a.mp4", 0));
	output_close(open_output("b.mp4", 100));
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	check_stored("a.mp4", 0);
	check_stored("b.mp4", 0);
}
END_TEST

START_TEST(a_long_output_is_sent_in_parts_while_it_is_written)
{
	struct output *output = open_output("a.mp4", 0);

	ck_assert_int_eq(write_bytes(output, 0, 20 * MIB, 65536, NULL), VM_OK);
	ck_assert(fake_store_wait_calls(store, FAKE_PART, 2)); /* before it is closed */
	ck_assert_int_eq(write_bytes(output, 20 * MIB, 37 * MIB + 5, 99999, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	check_stored("a.mp4", 37 * MIB + 5);
	check_bytes("a.mp4", 0, 37 * MIB + 5);
	ck_assert_uint_eq(store->calls[FAKE_PART], 5);
	ck_assert_uint_eq(store->calls[FAKE_READ], 0); /* the hash was made on the way */
}
END_TEST

START_TEST(an_output_of_exactly_one_part_is_whole)
{
	struct output *output = open_output("a.mp4", 0), *headed = open_output("b.mp4", 4096);

	ck_assert_int_eq(write_bytes(output, 0, 8 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(write_bytes(headed, 0, 8 * MIB, MIB, NULL), VM_OK);
	output_close(output);
	output_close(headed);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	check_stored("a.mp4", 8 * MIB);
	check_stored("b.mp4", 8 * MIB);
}
END_TEST

START_TEST(part_one_of_a_headed_output_is_sent_last)
{
	struct output *output = open_output("a.mp4", 4096);
	unsigned char index[1000];

	memset(index, 'i', sizeof index);
	ck_assert_int_eq(write_bytes(output, 0, 30 * MIB, 65536, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 96, index, sizeof index, NULL), VM_OK);
	ck_assert(fake_store_wait_calls(store, FAKE_PART, 2));
	output_close(output);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	check_stored("a.mp4", 30 * MIB);
	check_bytes("a.mp4", 0, 96);
	check_bytes("a.mp4", 1096, 30 * MIB);
	ck_assert_int_eq(fake_store_find(store, PREFIX "web/a.mp4")->bytes[96], 'i');
	ck_assert_int_eq(fake_store_find(store, PREFIX "web/a.mp4")->bytes[1095], 'i');
	for (size_t i = 0; i < store->n_part_order; i++)
		ck_assert(store->part_order[i] != 1 || i >= 2);
	ck_assert_uint_eq(store->n_part_order, 4);
}
END_TEST

START_TEST(a_short_headed_output_is_one_put_with_its_new_head)
{
	struct output *output = open_output("a.mp4", 4096);

	ck_assert_int_eq(write_bytes(output, 0, 5000, 1000, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 0, "head", 4, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 4092, "tail", 4, NULL), VM_OK);
	output_close(output);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	check_stored("a.mp4", 5000);
	ck_assert_mem_eq(fake_store_find(store, PREFIX "web/a.mp4")->bytes, "head", 4);
	check_bytes("a.mp4", 4, 4092);
	ck_assert_uint_eq(store->calls[FAKE_READ], 0);
}
END_TEST

START_TEST(a_rewrite_stays_within_head_and_what_was_written)
{
	struct output *output = open_output("a.mp4", 4096);

	ck_assert_int_eq(output_rewrite(output, 0, "x", 1, NULL), VM_ERR_BAD_DATA);
	ck_assert_int_eq(write_bytes(output, 0, 100, 100, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 99, "x", 1, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 99, "xy", 2, NULL), VM_ERR_BAD_DATA);
	ck_assert_int_eq(output_rewrite(output, UINT64_MAX, "xy", 2, NULL), VM_ERR_BAD_DATA);
	ck_assert_int_eq(write_bytes(output, 100, 9 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 4095, "x", 1, NULL), VM_OK);
	ck_assert_int_eq(output_rewrite(output, 4096, "x", 1, NULL), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(a_head_that_does_not_fit_into_part_one_is_refused)
{
	struct output *output;

	ck_assert_int_eq(uploader_open(uploader, "web", "a.mp4", "", 8 * MIB + 1, &output, NULL),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(a_name_is_given_once)
{
	struct output *output;

	ck_assert_int_eq(uploader_open(uploader, "web", "../a.mp4", "", 0, &output, NULL),
	                 VM_ERR_BAD_DATA);
	output_close(open_output("a.mp4", 0));
	ck_assert_int_eq(uploader_open(uploader, "web", "a.mp4", "", 0, &output, NULL),
	                 VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(stored_outputs_are_listed_by_name)
{
	const struct stored_output *stored;
	size_t count;

	output_close(open_output("c", 0));
	output_close(open_output("a", 0));
	output_close(open_output("b/a", 0));
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	stored = uploader_stored(uploader, &count);
	ck_assert_uint_eq(count, 3);
	ck_assert_str_eq(stored[0].manifest.name, "web/a");
	ck_assert_str_eq(stored[1].manifest.name, "web/b/a");
	ck_assert_str_eq(stored[2].manifest.name, "web/c");
}
END_TEST

START_TEST(what_is_not_closed_is_aborted)
{
	struct output *output = open_output("a.mp4", 0), *small = open_output("b.mp4", 0);

	ck_assert_int_eq(write_bytes(output, 0, 20 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(write_bytes(small, 0, 20, 20, NULL), VM_OK);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	ck_assert_uint_eq(store->n_objects, 0);
	ck_assert_uint_eq(store->n_uploads, 1);
	ck_assert_uint_eq(fake_store_open_uploads(store), 0);
}
END_TEST

struct writer {
	struct output *output;
	int status;
};

static void *write_much(void *ctx)
{
	struct writer *writer = ctx;

	writer->status = write_bytes(writer->output, 0, 64 * MIB, MIB, NULL);
	output_close(writer->output);
	return NULL;
}

START_TEST(writers_wait_when_the_memory_is_on_its_way)
{
	struct writer writers[3];
	pthread_t threads[3];
	char name[8];

	recreate(40 * MIB, 0);
	fake_store_hold(store, true, false);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%d", i);
		writers[i].output = open_output(name, 0);
		ck_assert_int_eq(pthread_create(&threads[i], NULL, write_much, &writers[i]), 0);
	}
	/* Four are sent, which takes 32 MiB of the 40: the rest has to wait. */
	ck_assert(fake_store_wait_calls(store, FAKE_PART, 4));
	ck_assert_uint_eq(store->calls[FAKE_COMMIT], 0);
	fake_store_hold(store, false, false);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_int_eq(writers[i].status, VM_OK);
	}
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_OK);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%d", i);
		check_stored(name, 64 * MIB);
	}
	ck_assert_uint_le(uploader_memory_most(uploader), 40 * MIB);
	ck_assert_uint_ge(uploader_memory_most(uploader), 32 * MIB);
	ck_assert_uint_le(store->parts_most, 4);
}
END_TEST

START_TEST(outputs_that_can_never_fit_are_a_limit_and_not_a_deadlock)
{
	struct output *first, *second;
	struct vm_error error;

	recreate(12 * MIB, 0);
	first = open_output("a", 4096);
	second = open_output("b", 4096);
	ck_assert_int_eq(write_bytes(first, 0, 8 * MIB, MIB, NULL), VM_OK);
	ck_assert_int_eq(write_bytes(second, 0, 8 * MIB, MIB, &error), VM_ERR_LIMIT);
	ck_assert_str_eq(error.message, "outputs open at once need more than 12 MiB of memory");
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_ERR_LIMIT);
}
END_TEST

START_TEST(all_outputs_together_are_bounded)
{
	struct output *first, *second;
	struct vm_error error;

	recreate(UPLOADER_MEMORY_BYTES, 1000);
	first = open_output("a", 0);
	second = open_output("b", 0);
	ck_assert_int_eq(write_bytes(first, 0, 600, 100, NULL), VM_OK);
	ck_assert_int_eq(write_bytes(second, 0, 400, 100, NULL), VM_OK);
	ck_assert_int_eq(write_bytes(second, 400, 401, 1, &error), VM_ERR_LIMIT);
	ck_assert_int_eq(write_bytes(first, 600, 601, 1, NULL), VM_ERR_LIMIT);
	output_close(first);
	output_close(second);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_ERR_LIMIT);
	ck_assert_uint_eq(store->n_objects, 0);
}
END_TEST

START_TEST(so_many_outputs_may_be_open_at_once)
{
	struct output *output;
	char name[16];

	for (int i = 0; i < UPLOADER_OPEN_MOST; i++) {
		snprintf(name, sizeof name, "%d", i);
		open_output(name, 0);
	}
	ck_assert_int_eq(uploader_open(uploader, "web", "more", "", 0, &output, NULL), VM_ERR_LIMIT);
}
END_TEST

static void fail_once(enum fake_operation operation, int status, bool after)
{
	store->fail[operation].from = 1;
	store->fail[operation].times = 1;
	store->fail[operation].status = status;
	store->fail[operation].after = after;
}

/* One long and one short output; returns what the drain says. */
static int make_two(void)
{
	struct output *longer = open_output("long", 4096), *shorter = open_output("short", 0);

	write_bytes(longer, 0, 20 * MIB, MIB, NULL);
	write_bytes(shorter, 0, 20, 20, NULL);
	output_close(longer);
	output_close(shorter);
	return uploader_drain(uploader, NULL);
}

START_TEST(every_operation_may_fail_and_nothing_stays_behind)
{
	static const enum fake_operation operations[] = {FAKE_PUT, FAKE_BEGIN, FAKE_PART, FAKE_COMMIT,
	                                                 FAKE_READ};

	fail_once(operations[_i], VM_ERR_DENIED, false);
	ck_assert_int_eq(make_two(), VM_ERR_DENIED);
	ck_assert_uint_eq(fake_store_open_uploads(store), 0);
}
END_TEST

START_TEST(what_fails_for_a_moment_is_tried_again)
{
	static const enum fake_operation operations[] = {FAKE_PUT, FAKE_BEGIN, FAKE_PART, FAKE_COMMIT,
	                                                 FAKE_READ};

	fail_once(operations[_i], VM_ERR_UNAVAILABLE, false);
	ck_assert_int_eq(make_two(), VM_OK);
	check_stored("long", 20 * MIB);
	check_stored("short", 20);
	ck_assert_uint_eq(fake_store_open_uploads(store), 0);
}
END_TEST

START_TEST(a_write_that_happened_unheard_is_found_to_be_ours)
{
	static const enum fake_operation operations[] = {FAKE_PUT, FAKE_COMMIT};

	fail_once(operations[_i], VM_ERR_TIMEOUT, true);
	ck_assert_int_eq(make_two(), VM_OK);
	check_stored("long", 20 * MIB);
	check_stored("short", 20);
}
END_TEST

START_TEST(an_object_of_somebody_else_is_a_conflict)
{
	fake_store_fill(store, PREFIX "web/short", 20); /* as long, but our bytes end in others */
	fake_store_fill(store, PREFIX "web/other", 21);
	ck_assert_int_eq(make_two(), VM_OK); /* the same bytes: ours */
	output_close(open_output("other", 0));
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_ERR_CONFLICT);
}
END_TEST

START_TEST(a_cancel_ends_everything_soon)
{
	struct output *output = open_output("a", 0);

	fake_store_hold(store, true, false);
	ck_assert_int_eq(write_bytes(output, 0, 20 * MIB, MIB, NULL), VM_OK);
	ck_assert(fake_store_wait_calls(store, FAKE_PART, 2));
	cancel_trigger(cancel);
	output_close(output);
	ck_assert_int_eq(uploader_drain(uploader, NULL), VM_ERR_CANCELLED);
	ck_assert_uint_eq(fake_store_open_uploads(store), 0);
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

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_short_output_is_one_put);
	tcase_add_test(tests, an_empty_output_is_an_empty_object);
	tcase_add_test(tests, a_long_output_is_sent_in_parts_while_it_is_written);
	tcase_add_test(tests, an_output_of_exactly_one_part_is_whole);
	tcase_add_test(tests, part_one_of_a_headed_output_is_sent_last);
	tcase_add_test(tests, a_short_headed_output_is_one_put_with_its_new_head);
	tcase_add_test(tests, a_rewrite_stays_within_head_and_what_was_written);
	tcase_add_test(tests, a_head_that_does_not_fit_into_part_one_is_refused);
	tcase_add_test(tests, a_name_is_given_once);
	tcase_add_test(tests, stored_outputs_are_listed_by_name);
	tcase_add_test(tests, what_is_not_closed_is_aborted);
	tcase_add_test(tests, writers_wait_when_the_memory_is_on_its_way);
	tcase_add_test(tests, outputs_that_can_never_fit_are_a_limit_and_not_a_deadlock);
	tcase_add_test(tests, all_outputs_together_are_bounded);
	tcase_add_test(tests, so_many_outputs_may_be_open_at_once);
	tcase_add_loop_test(tests, every_operation_may_fail_and_nothing_stays_behind, 0, 5);
	tcase_add_loop_test(tests, what_fails_for_a_moment_is_tried_again, 0, 5);
	tcase_add_loop_test(tests, a_write_that_happened_unheard_is_found_to_be_ours, 0, 2);
	tcase_add_test(tests, an_object_of_somebody_else_is_a_conflict);
	tcase_add_test(tests, a_cancel_ends_everything_soon);
	tcase_add_test(tests, parts_grow_so_that_they_suffice);
	return run_tests(tests, "uploader");
}
