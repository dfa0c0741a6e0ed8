/* test_upload_receiver.c - how a stream is cut into parts. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "plugin/storage.h"
#include "server/upload_receiver.h"

enum { PART = 8 << 20 };

static struct fake fake;
static char *bytes;

static void start(void)
{
	fake_prepare(&fake, &(struct fake_options){0});
	bytes = malloc(3 * PART);
	for (size_t i = 0; i < 3 * PART; i++)
		bytes[i] = (char)(i * 2654435761u >> 24);
}

static void stop(void)
{
	free(bytes);
	fake_stop(&fake);
}

static struct receiver *receive(uint64_t most, bool known)
{
	struct receiver_want want = {.storage = fake.server.places.storage_unprocessed,
	                             .key = "a",
	                             .content_type = "video/mp4",
	                             .bytes_most = most,
	                             .bytes_known = known};
	struct receiver *receiver = NULL;
	struct vm_error err;

	ck_assert_int_eq(receiver_create(&want, &receiver, &err), VM_OK);
	return receiver;
}

static size_t uploads(void)
{
	return fake_storage_uploads(fake.server.places.storage_unprocessed->self);
}

static const size_t lengths[] = {0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1, 3 * PART};
static const size_t pieces[] = {3 * PART, 65536, 99999};

START_TEST(every_length_arrives_whole)
{
	size_t length = lengths[_i];
	struct vm_error err;

	for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
		struct receiver *receiver = receive(3 * PART, false);
		char *found = malloc(length + 1);
		size_t got;

		for (size_t at = 0; at < length; at += pieces[p])
			ck_assert_int_eq(receiver_take(receiver, bytes + at,
			                               length - at < pieces[p] ? length - at : pieces[p], &err),
			                 VM_OK);
		ck_assert_int_eq(receiver_commit(receiver, &err), VM_OK);
		receiver_destroy(receiver);
		ck_assert_uint_eq(uploads(), 0);
		ck_assert_int_eq(storage_read_at(fake.server.places.storage_unprocessed, "a", NULL, 0,
		                                 found, length + 1, &got, NULL, &err),
		                 VM_OK);
		ck_assert_uint_eq(got, length);
		ck_assert_int_eq(memcmp(found, bytes, length), 0);
		free(found);
		ck_assert_int_eq(storage_remove(fake.server.places.storage_unprocessed, "a", NULL, &err),
		                 VM_OK);
	}
}
END_TEST

START_TEST(more_than_may_come_is_refused)
{
	struct receiver *receiver = receive(100, true);
	struct vm_error err;

	ck_assert_int_eq(receiver_take(receiver, bytes, 100, &err), VM_OK);
	ck_assert_int_eq(receiver_take(receiver, bytes, 1, &err), VM_ERR_LIMIT);
	receiver_destroy(receiver);
}
END_TEST

START_TEST(what_is_there_is_not_replaced)
{
	struct vm_put put = {.key = "a"};
	struct receiver *receiver;
	struct vm_error err;

	ck_assert_int_eq(
	    storage_put(fake.server.places.storage_unprocessed, &put, "old", 3, NULL, NULL, &err),
	    VM_OK);
	receiver = receive(3 * PART, true);
	ck_assert_int_eq(receiver_take(receiver, bytes, 2 * PART, &err), VM_OK);
	ck_assert_int_eq(receiver_commit(receiver, &err), VM_ERR_CONFLICT);
	receiver_destroy(receiver);
	ck_assert_uint_eq(uploads(), 0);
}
END_TEST

START_TEST(without_a_commit_nothing_is_left)
{
	struct receiver *receiver = receive(3 * PART, true);
	struct vm_error err;

	ck_assert_int_eq(receiver_take(receiver, bytes, 2 * PART + 1, &err), VM_OK);
	ck_assert_uint_eq(uploads(), 1);
	receiver_destroy(receiver);
	ck_assert_uint_eq(uploads(), 0);
	ck_assert_uint_eq(fake_storage_objects(fake.server.places.storage_unprocessed->self), 0);
	receiver_destroy(NULL);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("upload_receiver");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, start, stop);
	tcase_add_loop_test(tests, every_length_arrives_whole, 0,
	                    (int)(sizeof lengths / sizeof lengths[0]));
	tcase_add_test(tests, more_than_may_come_is_refused);
	tcase_add_test(tests, what_is_there_is_not_replaced);
	tcase_add_test(tests, without_a_commit_nothing_is_left);
	return run_tests(tests, "upload_receiver");
}
