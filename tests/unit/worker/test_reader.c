/* test_reader.c - how few requests real reading patterns cost, and what errors become. */
#include "worker/reader.h"

#include <pthread.h>
#include <string.h>

#include "fake_store.h"
#include "run.h"

#define MIB (1u << 20)

static struct fake_store *store;
static struct instance *instance;
static struct pool *fetchers;
static struct cancel *cancel;
static struct reader *reader;

static void setup(void)
{
	store = fake_store_create();
	instance = fake_store_instance(store);
	ck_assert_int_eq(pool_create(4, READER_FETCHES_MOST, &fetchers, NULL), VM_OK);
	ck_assert_int_eq(cancel_create(NULL, &cancel, NULL), VM_OK);
}

static void teardown(void)
{
	reader_destroy(reader);
	pool_destroy(fetchers);
	cancel_destroy(cancel);
	instance_destroy(instance);
	fake_store_destroy(store);
}

static struct vm_source *open_source(size_t bytes)
{
	const struct reader_want want = {.storage = instance,
	                                 .key = "source",
	                                 .etag = fake_store_fill(store, "source", bytes),
	                                 .bytes = bytes,
	                                 .fetchers = fetchers,
	                                 .cancel = cancel};

	ck_assert_int_eq(reader_create(&want, &reader, NULL), VM_OK);
	return reader_source(reader);
}

static void read_checked(struct vm_source *source, uint64_t offset, size_t length)
{
	static _Thread_local unsigned char bytes[MIB];
	struct vm_error error = {0};
	size_t got = 0;

	ck_assert_msg(source->read_at(source, offset, bytes, length, &got, NULL, &error) == VM_OK, "%s",
	              error.message);
	ck_assert_uint_eq(got, offset >= source->bytes           ? 0
	                       : length < source->bytes - offset ? length
	                                                         : (size_t)(source->bytes - offset));
	for (size_t i = 0; i < got; i++)
		if (bytes[i] != fake_byte(offset + i))
			ck_abort_msg("byte %llu is wrong", (unsigned long long)(offset + i));
}

static void read_range(struct vm_source *source, uint64_t from, uint64_t to, size_t step)
{
	for (uint64_t offset = from; offset < to; offset += step)
		read_checked(source, offset, to - offset < step ? (size_t)(to - offset) : step);
}

START_TEST(a_source_read_in_sequence_is_fetched_once_in_few_requests)
{
	struct vm_source *source = open_source(64 * MIB + 12345);
	struct reader_stats stats;

	read_range(source, 0, source->bytes, 100000);
	stats = reader_stats(reader);
	ck_assert_uint_eq(stats.bytes, source->bytes);
	ck_assert_uint_le(stats.requests, 2 + 64 / 4 + 1);
}
END_TEST

START_TEST(the_beginning_is_asked_for_before_it_is_read_and_once)
{
	struct vm_source *source = open_source(8 * MIB);

	reader_begin(reader);
	read_checked(source, 0, 4096);
	ck_assert_uint_eq(reader_stats(reader).requests, 1);
}
END_TEST

START_TEST(nothing_is_asked_of_a_source_without_bytes)
{
	open_source(0);
	reader_begin(reader);
	ck_assert_uint_eq(reader_stats(reader).requests, 0);
}
END_TEST

START_TEST(what_lies_behind_the_end_is_nothing)
{
	struct vm_source *source = open_source(1000);

	read_checked(source, 0, 4096);
	read_checked(source, 999, 10);
	read_checked(source, 1000, 10);
	read_checked(source, UINT64_MAX, 10);
	ck_assert_uint_eq(reader_stats(reader).requests, 1);
}
END_TEST

START_TEST(an_index_at_the_end_costs_two_requests_more_at_most)
{
	struct vm_source *source = open_source(64 * MIB);
	uint64_t moov = source->bytes - 1500 * 1024, in_sequence = 2 + (64 - 3 + 3) / 4;

	read_checked(source, 0, 32768);
	read_range(source, moov, source->bytes, 32768);
	ck_assert_uint_le(reader_stats(reader).requests, 3);
	read_range(source, 48, moov, 32768);
	ck_assert_uint_le(reader_stats(reader).requests, in_sequence + 2);
}
END_TEST

START_TEST(two_places_read_in_turn_cost_hardly_more_than_one)
{
	struct vm_source *source = open_source(64 * MIB);
	uint64_t half = source->bytes / 2, in_sequence = 2 + 64 / 4;

	for (uint64_t offset = 0; offset < half; offset += 65536) {
		read_checked(source, offset, 65536);
		read_checked(source, half + offset, 65536);
	}
	ck_assert_uint_lt(reader_stats(reader).requests, 2 * in_sequence);
	/* The first one runs ahead into what the second has read, once. */
	ck_assert_uint_le(reader_stats(reader).bytes, source->bytes + 16 * MIB);
}
END_TEST

START_TEST(eight_places_read_in_turn_are_fetched_once)
{
	struct vm_source *source = open_source(64 * MIB);
	uint64_t eighth = source->bytes / 8;

	for (uint64_t offset = 0; offset < eighth; offset += 65536)
		for (uint64_t place = 0; place < 8; place++)
			read_checked(source, place * eighth + offset, 65536);
	ck_assert_uint_lt(reader_stats(reader).requests, 2 * (2 + 64 / 4));
	ck_assert_uint_le(reader_stats(reader).bytes, source->bytes + 8 * 3 * MIB);
}
END_TEST

START_TEST(going_to_and_fro_nearby_costs_nothing)
{
	struct vm_source *source = open_source(16 * MIB);

	for (uint64_t offset = MIB; offset + 65536 < 16 * MIB; offset += 65536) {
		read_checked(source, offset, 65536);
		read_checked(source, offset - MIB / 2, 4096);
	}
	ck_assert_uint_le(reader_stats(reader).bytes, source->bytes);
}
END_TEST

static void *read_all(void *ctx)
{
	struct vm_source *source = ctx;

	read_range(source, 0, source->bytes, 77777);
	return NULL;
}

START_TEST(threads_may_read_at_once)
{
	struct vm_source *source = open_source(16 * MIB);
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_all, source), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_le(reader_stats(reader).bytes, 3 * source->bytes / 2);
}
END_TEST

static int try_read(struct vm_source *source, uint64_t offset, struct vm_error *err)
{
	unsigned char bytes[64];
	size_t got;

	return source->read_at(source, offset, bytes, sizeof bytes, &got, NULL, err);
}

START_TEST(a_source_that_changed_is_a_conflict)
{
	const struct reader_want want = {.storage = instance,
	                                 .key = "source",
	                                 .etag = "another",
	                                 .bytes = 100,
	                                 .fetchers = fetchers,
	                                 .cancel = cancel};
	struct vm_error error;

	fake_store_fill(store, "source", 100);
	ck_assert_int_eq(reader_create(&want, &reader, NULL), VM_OK);
	ck_assert_int_eq(try_read(reader_source(reader), 0, &error), VM_ERR_CONFLICT);
	ck_assert_int_eq(error.status, VM_ERR_CONFLICT);
}
END_TEST

START_TEST(a_source_that_ends_early_is_a_conflict)
{
	struct vm_source *source = open_source(1000);
	struct vm_error error;

	store->cut_reads = true;
	ck_assert_int_eq(try_read(source, 0, &error), VM_ERR_CONFLICT);
	ck_assert_str_eq(error.message, "read source: it ends after 500 of 1000 bytes");
}
END_TEST

START_TEST(a_read_that_failed_is_tried_anew_by_the_next)
{
	struct vm_source *source = open_source(1000);
	struct vm_error error;

	store->fail[FAKE_READ].from = 1;
	store->fail[FAKE_READ].times = 1;
	store->fail[FAKE_READ].status = VM_ERR_DENIED;
	ck_assert_int_eq(try_read(source, 0, &error), VM_ERR_DENIED);
	read_checked(source, 0, 1000);
}
END_TEST

START_TEST(a_failed_read_ahead_is_nobodys_error)
{
	struct vm_source *source = open_source(16 * MIB);

	store->fail[FAKE_READ].from = 2;
	store->fail[FAKE_READ].times = 1;
	store->fail[FAKE_READ].status = VM_ERR_DENIED;
	read_range(source, 0, MIB - 65536, 65536); /* starts reading ahead, which fails */
	ck_assert(fake_store_wait_calls(store, FAKE_READ, 2));
	pool_drain(fetchers);
	read_range(source, MIB - 65536, source->bytes, 65536);
}
END_TEST

static void *trigger_soon(void *ctx)
{
	(void)ctx;
	ck_assert(fake_store_wait_calls(store, FAKE_READ, 1));
	cancel_trigger(cancel);
	return NULL;
}

/* The store of a new instance tells of `told` bytes before a read goes on. */
static struct vm_source *open_stream(size_t bytes, size_t told)
{
	instance_destroy(instance);
	store->traits.streams = true;
	store->told = told;
	instance = fake_store_instance(store);
	return open_source(bytes);
}

START_TEST(what_has_arrived_is_answered_while_the_rest_is_on_its_way)
{
	struct vm_source *source = open_stream(3 * MIB, 100000);

	fake_store_hold(store, false, true);
	read_range(source, 0, 100000, 7777);
	ck_assert_uint_eq(reader_stats(reader).requests, 0);
	fake_store_hold(store, false, false);
	read_range(source, 0, source->bytes, 65536);
	ck_assert_uint_eq(reader_stats(reader).bytes, source->bytes);
}
END_TEST

START_TEST(a_store_that_does_not_stream_tells_nothing)
{
	struct vm_source *source = open_source(MIB);
	struct vm_error error;
	pthread_t thread;

	/* It may be of any unit. */
	store->told = 100000;
	fake_store_hold(store, false, true);
	ck_assert_int_eq(pthread_create(&thread, NULL, trigger_soon, NULL), 0);
	ck_assert_int_eq(try_read(source, 0, &error), VM_ERR_CANCELLED);
	pthread_join(thread, NULL);
}
END_TEST

START_TEST(a_read_that_breaks_off_is_made_again)
{
	struct vm_source *source = open_stream(16 * MIB, 100000);

	store->fail[FAKE_READ].from = 1;
	store->fail[FAKE_READ].times = 2;
	store->fail[FAKE_READ].status = VM_ERR_UNAVAILABLE;
	read_range(source, 0, source->bytes, 65536);
	ck_assert_uint_eq(store->fail[FAKE_READ].times, 0);
}
END_TEST

START_TEST(what_arrived_of_a_failed_read_is_good)
{
	struct vm_source *source = open_stream(MIB, 100000);
	struct vm_error error;

	store->fail[FAKE_READ].from = 1;
	store->fail[FAKE_READ].times = 1;
	store->fail[FAKE_READ].status = VM_ERR_DENIED;
	read_checked(source, 0, 100000);
	/* Whether the failure is seen or was nobody's, the next read fetches anew. */
	try_read(source, 100000, &error);
	pool_drain(fetchers);
	read_checked(source, 0, MIB);
}
END_TEST

START_TEST(a_cancel_ends_a_read_that_waits)
{
	struct vm_source *source = open_source(1000);
	struct vm_error error;
	pthread_t thread;

	fake_store_hold(store, false, true);
	ck_assert_int_eq(pthread_create(&thread, NULL, trigger_soon, NULL), 0);
	ck_assert_int_eq(try_read(source, 0, &error), VM_ERR_CANCELLED);
	pthread_join(thread, NULL);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("reader");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_source_read_in_sequence_is_fetched_once_in_few_requests);
	tcase_add_test(tests, the_beginning_is_asked_for_before_it_is_read_and_once);
	tcase_add_test(tests, nothing_is_asked_of_a_source_without_bytes);
	tcase_add_test(tests, what_lies_behind_the_end_is_nothing);
	tcase_add_test(tests, an_index_at_the_end_costs_two_requests_more_at_most);
	tcase_add_test(tests, two_places_read_in_turn_cost_hardly_more_than_one);
	tcase_add_test(tests, eight_places_read_in_turn_are_fetched_once);
	tcase_add_test(tests, going_to_and_fro_nearby_costs_nothing);
	tcase_add_test(tests, threads_may_read_at_once);
	tcase_add_test(tests, a_source_that_changed_is_a_conflict);
	tcase_add_test(tests, a_source_that_ends_early_is_a_conflict);
	tcase_add_test(tests, a_read_that_failed_is_tried_anew_by_the_next);
	tcase_add_test(tests, a_failed_read_ahead_is_nobodys_error);
	tcase_add_test(tests, what_has_arrived_is_answered_while_the_rest_is_on_its_way);
	tcase_add_test(tests, a_store_that_does_not_stream_tells_nothing);
	tcase_add_test(tests, a_read_that_breaks_off_is_made_again);
	tcase_add_test(tests, what_arrived_of_a_failed_read_is_good);
	tcase_add_test(tests, a_cancel_ends_a_read_that_waits);
	return run_tests(tests, "reader");
}
