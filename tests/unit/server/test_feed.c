/* test_feed.c - the ring of changes and those who read it. */
#include "run.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server/feed.h"
#include "video/machine.h"

static struct video_feed *feed;

static void create(void)
{
	struct vm_error err;

	ck_assert_int_eq(feed_create(&feed, &err), VM_OK);
}

static void destroy(void)
{
	feed_destroy(feed);
}

static void tell(uint64_t version)
{
	struct video video;

	video_init(&video, "00112233445566778899aabbccddeeff", 1, 2);
	snprintf(video.owner, sizeof video.owner, "ann");
	video.version = version;
	feed_tell(feed, &video);
}

START_TEST(a_change_is_a_whole_public_document)
{
	struct feed_change change;

	tell(3);
	ck_assert(feed_next(feed, 0, 0, &change));
	ck_assert_uint_eq(change.number, 1);
	ck_assert_uint_eq(change.version, 3);
	ck_assert_str_eq(change.video, "00112233445566778899aabbccddeeff");
	ck_assert_str_eq(change.owner, "ann");
	ck_assert_ptr_nonnull(strstr(change.json, "\"awaiting_upload\""));
	ck_assert_ptr_null(strstr(change.json, "ann"));
	free(change.json);
}
END_TEST

START_TEST(changes_come_in_order_and_then_none)
{
	struct feed_change change = {0};

	for (uint64_t n = 1; n <= 3; n++)
		tell(n);
	ck_assert_uint_eq(feed_newest(feed), 3);
	for (uint64_t n = 1; n <= 3; n++) {
		ck_assert(feed_next(feed, change.number, 0, &change));
		ck_assert_uint_eq(change.number, n);
		free(change.json);
	}
	ck_assert(!feed_next(feed, 3, 10, &change));
}
END_TEST

START_TEST(a_slow_reader_goes_on_with_the_oldest_kept)
{
	struct feed_change change;

	for (uint64_t n = 1; n <= 1000; n++)
		tell(n);
	ck_assert(feed_next(feed, 5, 0, &change));
	ck_assert_uint_eq(change.number, 1000 - 256 + 1);
	ck_assert_uint_eq(change.version, change.number);
	free(change.json);
}
END_TEST

static void *read_one(void *ctx)
{
	struct feed_change change;

	if (feed_next(feed, 0, 60000, &change)) {
		*(uint64_t *)ctx = change.version;
		free(change.json);
	}
	return NULL;
}

START_TEST(a_change_wakes_everybody_who_waits)
{
	pthread_t readers[4];
	uint64_t versions[4] = {0};

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&readers[i], NULL, read_one, &versions[i]), 0);
	tell(9);
	for (int i = 0; i < 4; i++) {
		pthread_join(readers[i], NULL);
		ck_assert_uint_eq(versions[i], 9);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("feed");

	tcase_add_checked_fixture(tests, create, destroy);
	tcase_add_test(tests, a_change_is_a_whole_public_document);
	tcase_add_test(tests, changes_come_in_order_and_then_none);
	tcase_add_test(tests, a_slow_reader_goes_on_with_the_oldest_kept);
	tcase_add_test(tests, a_change_wakes_everybody_who_waits);
	return run_tests(tests, "feed");
}
