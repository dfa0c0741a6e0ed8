/* test_message.c - sending, extending, removing, counting; and senders that are killed. */
#include <string.h>

#include "fixture.h"
#include "run.h"

START_TEST(what_does_not_fit_is_refused_with_the_limit)
{
	static char body[LOCAL_MESSAGE_BYTES_MOST + 1];
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	ck_assert_int_eq(fixture.ops->send(fixture.self, body, sizeof body, 0, NULL, &err),
	                 VM_ERR_LIMIT);
	ck_assert_ptr_nonnull(strstr(err.message, "262144"));
	ck_assert_int_eq(fixture.ops->send(fixture.self, body, 1, LOCAL_HIDDEN_MOST_MS + 1, NULL, &err),
	                 VM_ERR_LIMIT);
	expect_nothing(&fixture);
	expect_ok(&err, fixture.ops->send(fixture.self, body, sizeof body - 1, 0, NULL, &err));
	expect_ok(&err, fixture.ops->send(fixture.self, NULL, 0, LOCAL_HIDDEN_MOST_MS, NULL, &err));
	ck_assert_uint_eq(stats_of(&fixture).delayed, 1);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_stale_receipt_does_nothing_to_the_message)
{
	struct received first, second;
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	first = expect_received(&fixture, "a");
	expect_ok(&err, fixture.ops->extend(fixture.self, first.receipt, 0, NULL, &err));
	second = expect_received(&fixture, "a");
	ck_assert_str_ne(first.receipt, second.receipt);
	ck_assert_str_eq(first.id, second.id);
	ck_assert_int_eq(fixture.ops->extend(fixture.self, first.receipt, 0, NULL, &err),
	                 VM_ERR_CONFLICT);
	ck_assert_msg(strstr(err.message, first.receipt) == NULL, "%s", err.message);
	ck_assert_int_eq(fixture.ops->remove(fixture.self, first.receipt, NULL, &err), VM_ERR_CONFLICT);
	ck_assert_uint_eq(stats_of(&fixture).invisible, 1);
	expect_nothing(&fixture);

	expect_ok(&err, fixture.ops->remove(fixture.self, second.receipt, NULL, &err));
	expect_ok(&err, fixture.ops->remove(fixture.self, second.receipt, NULL, &err));
	expect_ok(&err, fixture.ops->remove(fixture.self, first.receipt, NULL, &err));
	ck_assert_int_eq(fixture.ops->extend(fixture.self, second.receipt, 0, NULL, &err),
	                 VM_ERR_CONFLICT);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_receipt_lives_until_the_next_receive)
{
	struct received received;
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	received = expect_received(&fixture, "a");
	expect_ok(&err, fixture.ops->extend(fixture.self, received.receipt, 0, NULL, &err));
	ck_assert_uint_eq(stats_of(&fixture).visible, 1);
	expect_ok(&err, fixture.ops->extend(fixture.self, received.receipt, LONG_MS, NULL, &err));
	expect_nothing(&fixture);
	expect_ok(&err, fixture.ops->extend(fixture.self, received.receipt, 0, NULL, &err));
	expect_ok(&err, fixture.ops->remove(fixture.self, received.receipt, NULL, &err));
	expect_nothing(&fixture);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(what_is_no_receipt_is_bad_data)
{
	static const char *const receipts[] = {
	    "", ".", "x", "1", "-1.a", "+1.a", " 1.a", "1x.a", "99999999999999999999.a",
	};
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	for (size_t i = 0; i < sizeof receipts / sizeof *receipts; i++) {
		ck_assert_int_eq(fixture.ops->extend(fixture.self, receipts[i], 1, NULL, &err),
		                 VM_ERR_BAD_DATA);
		ck_assert_int_eq(fixture.ops->remove(fixture.self, receipts[i], NULL, &err),
		                 VM_ERR_BAD_DATA);
	}
	fixture_finish(&fixture);
}
END_TEST

START_TEST(an_extension_has_a_limit)
{
	struct received received;
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	received = expect_received(&fixture, "a");
	ck_assert_int_eq(
	    fixture.ops->extend(fixture.self, received.receipt, LOCAL_HIDDEN_MOST_MS + 1, NULL, &err),
	    VM_ERR_LIMIT);
	expect_ok(&err, fixture.ops->extend(fixture.self, received.receipt, LOCAL_HIDDEN_MOST_MS, NULL,
	                                    &err));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(stats_are_exact)
{
	struct vm_queue_stats stats;
	struct received received;
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	stats = stats_of(&fixture);
	ck_assert_uint_eq(stats.size, sizeof stats);
	ck_assert_uint_eq(stats.visible + stats.invisible + stats.delayed + stats.dead, 0);
	ck_assert_uint_eq(stats.oldest_ms, 0);

	send_text(&fixture, "dead", 0);
	bury_text(&fixture, "dead", "why");
	send_text(&fixture, "a", 0);
	send_text(&fixture, "b", 0);
	send_text(&fixture, "c", 0);
	send_text(&fixture, "later", LONG_MS);
	run_sql(&fixture,
	        "UPDATE messages SET sent_ms = sent_ms - 90000 WHERE body = CAST('b' AS BLOB)");
	received = expect_received(&fixture, "a");
	stats = stats_of(&fixture);
	ck_assert_uint_eq(stats.visible, 2);
	ck_assert_uint_eq(stats.invisible, 1);
	ck_assert_uint_eq(stats.delayed, 1);
	ck_assert_uint_eq(stats.dead, 1);
	ck_assert_uint_ge(stats.oldest_ms, 90000);
	ck_assert_uint_lt(stats.oldest_ms, 120000);
	expect_ok(&err, fixture.ops->extend(fixture.self, received.receipt, 0, NULL, &err));
	ck_assert_uint_eq(stats_of(&fixture).visible, 3);
	/* A message of the future, as after a clock that was set back. */
	run_sql(&fixture, "UPDATE messages SET sent_ms = sent_ms + 9000000");
	ck_assert_uint_eq(stats_of(&fixture).oldest_ms, 0);
	fixture_finish(&fixture);
}
END_TEST

/* Sends numbers as fast as it can and says which one was acknowledged. */
static int send_numbers(const char *folder, void *arg)
{
	atomic_int *acknowledged = arg;
	struct fixture fixture;
	char text[16];

	fixture_share(&fixture, folder);
	for (int i = atomic_load(acknowledged) + 1;; i++) {
		snprintf(text, sizeof text, "%d", i);
		send_text(&fixture, text, 0);
		atomic_store(acknowledged, i);
	}
	return 0;
}

START_TEST(a_killed_sender_loses_nothing_that_was_acknowledged)
{
	atomic_int *acknowledged = place_shared(sizeof *acknowledged);
	struct fixture fixture;
	pid_t sender;
	int before;

	srandom(1);
	fixture_init(&fixture);
	for (int round = 0; round < 15; round++) {
		before = atomic_load(acknowledged);
		sender = place_start(send_numbers, fixture.folder, acknowledged);
		while (atomic_load(acknowledged) == before) {
			place_expect_alive(sender);
			place_sleep_ms(1);
		}
		place_sleep_ms((unsigned)random() % 20);
		place_kill(sender);
		/* The one that it died over may be there, and is then sent once more. */
		run_sql(&fixture, "DELETE FROM messages WHERE id NOT IN"
		                  " (SELECT min(id) FROM messages GROUP BY body)");
		ck_assert_int_ge(run_sql(&fixture, "SELECT count(*) FROM messages"),
		                 atomic_load(acknowledged));
		ck_assert_int_le(run_sql(&fixture, "SELECT count(*) FROM messages"),
		                 atomic_load(acknowledged) + 1);
		ck_assert_int_eq(run_sql(&fixture, "SELECT integrity_check = 'ok' FROM"
		                                   " pragma_integrity_check"),
		                 1);
	}
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("message");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, what_does_not_fit_is_refused_with_the_limit);
	tcase_add_test(tests, a_stale_receipt_does_nothing_to_the_message);
	tcase_add_test(tests, a_receipt_lives_until_the_next_receive);
	tcase_add_test(tests, what_is_no_receipt_is_bad_data);
	tcase_add_test(tests, an_extension_has_a_limit);
	tcase_add_test(tests, stats_are_exact);
	tcase_add_test(tests, a_killed_sender_loses_nothing_that_was_acknowledged);
	return run_tests(tests, "message");
}
