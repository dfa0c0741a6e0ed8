/* test_dead.c - dead letters: in one place at every moment, listed, redriven, removed. */
#include <string.h>

#include "fixture.h"
#include "run.h"

START_TEST(dead_letters_are_listed_oldest_first)
{
	struct fixture fixture;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	send_text(&fixture, "b", 0);
	send_text(&fixture, "c", 0);
	bury_text(&fixture, "a", "bad_media: no video");
	bury_text(&fixture, "b", "limit");
	bury_text(&fixture, "c", "");
	run_sql(&fixture, "UPDATE dead_letters SET died_ms = died_ms - id * 1000");
	ck_assert_str_eq(dead_texts(&fixture, 10), "c::1 b:limit:1 a:bad_media: no video:1 ");
	ck_assert_str_eq(dead_texts(&fixture, 1), "c::1 ");
	expect_nothing(&fixture);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(burying_twice_is_as_good_as_once)
{
	struct received received;
	struct vm_message message;
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	received = bury_text(&fixture, "a", "first");
	message = message_of(&received);
	expect_ok(&err, fixture.ops->dead_letter(fixture.self, &message, "second", NULL, &err));
	ck_assert_str_eq(dead_texts(&fixture, 10), "a:first:1 ");
	expect_ok(&err, fixture.ops->remove(fixture.self, received.receipt, NULL, &err));
	ck_assert_uint_eq(stats_of(&fixture).dead, 1);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_stale_receipt_buries_nothing)
{
	struct received first, second;
	struct vm_message message;
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	first = expect_received(&fixture, "a");
	message = message_of(&first);
	expect_ok(&err, fixture.ops->extend(fixture.self, first.receipt, 0, NULL, &err));
	second = expect_received(&fixture, "a");
	ck_assert_int_eq(fixture.ops->dead_letter(fixture.self, &message, "why", NULL, &err),
	                 VM_ERR_CONFLICT);
	ck_assert_ptr_nonnull(strstr(err.message, "received again"));
	ck_assert_uint_eq(stats_of(&fixture).invisible, 1);
	expect_ok(&err, fixture.ops->remove(fixture.self, second.receipt, NULL, &err));
	ck_assert_int_eq(fixture.ops->dead_letter(fixture.self, &message, "why", NULL, &err),
	                 VM_ERR_CONFLICT);
	ck_assert_ptr_nonnull(strstr(err.message, "removed"));
	ck_assert_str_eq(dead_texts(&fixture, 10), "");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_redriven_message_begins_anew)
{
	struct received received;
	struct fixture fixture;
	struct vm_error err;
	uint64_t moved = 99;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	send_text(&fixture, "b", 0);
	received = bury_text(&fixture, "a", "why");
	bury_text(&fixture, "b", "why");
	ck_assert_int_eq(fixture.ops->redrive(fixture.self, "12345", &moved, NULL, &err),
	                 VM_ERR_NOT_FOUND);
	ck_assert_int_eq(fixture.ops->redrive(fixture.self, "b", &moved, NULL, &err), VM_ERR_NOT_FOUND);
	ck_assert_uint_eq(moved, 99);
	expect_ok(&err, fixture.ops->redrive(fixture.self, received.id, &moved, NULL, &err));
	ck_assert_uint_eq(moved, 1);
	/* The receipt of its first life is none of the second. */
	ck_assert_int_eq(fixture.ops->remove(fixture.self, received.receipt, NULL, &err),
	                 VM_ERR_CONFLICT);
	received = expect_received(&fixture, "a");
	ck_assert_uint_eq(received.receives, 1);
	expect_nothing(&fixture);
	ck_assert_str_eq(dead_texts(&fixture, 10), "b:why:1 ");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(all_are_redriven_together)
{
	struct fixture fixture;
	struct vm_error err;
	uint64_t moved = 99;

	fixture_init(&fixture);
	expect_ok(&err, fixture.ops->redrive(fixture.self, NULL, &moved, NULL, &err));
	ck_assert_uint_eq(moved, 0);
	send_text(&fixture, "a", 0);
	send_text(&fixture, "b", 0);
	send_text(&fixture, "c", 0);
	bury_text(&fixture, "a", "why");
	bury_text(&fixture, "b", "why");
	expect_ok(&err, fixture.ops->redrive(fixture.self, NULL, &moved, NULL, &err));
	ck_assert_uint_eq(moved, 2);
	ck_assert_str_eq(received_texts(&fixture, 10, 0), "c a b ");
	ck_assert_str_eq(dead_texts(&fixture, 10), "");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_removed_letter_is_gone_for_good)
{
	struct received received;
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	received = bury_text(&fixture, "a", "why");
	expect_ok(&err, fixture.ops->remove_dead(fixture.self, received.id, NULL, &err));
	ck_assert_int_eq(fixture.ops->remove_dead(fixture.self, received.id, NULL, &err),
	                 VM_ERR_NOT_FOUND);
	ck_assert_int_eq(fixture.ops->remove_dead(fixture.self, "", NULL, &err), VM_ERR_NOT_FOUND);
	expect_nothing(&fixture);
	/* Its number is never given again. */
	send_text(&fixture, "b", 0);
	ck_assert_str_ne(expect_received(&fixture, "b").id, received.id);
	fixture_finish(&fixture);
}
END_TEST

/* Moves every message to the dead letters and all of them back, for ever. */
static int move_to_and_fro(const char *folder, void *arg)
{
	static const char *const texts[] = {"a", "b", "c"};
	atomic_int *rounds = arg;
	struct received received;
	struct fixture fixture;
	struct vm_message message;
	struct vm_error err;
	uint64_t moved;

	fixture_share(&fixture, folder);
	for (;;) {
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			if (!receive_one(&fixture, 0, &received))
				break;
			message = message_of(&received);
			expect_ok(&err, fixture.ops->dead_letter(fixture.self, &message, "why", NULL, &err));
		}
		expect_ok(&err, fixture.ops->redrive(fixture.self, NULL, &moved, NULL, &err));
		atomic_fetch_add(rounds, 1);
	}
	return 0;
}

START_TEST(a_killed_mover_leaves_every_message_in_one_place)
{
	atomic_int *rounds = place_shared(sizeof *rounds);
	struct fixture fixture;
	pid_t mover;
	int before;

	srandom(2);
	fixture_init(&fixture);
	send_text(&fixture, "a", 0);
	send_text(&fixture, "b", 0);
	send_text(&fixture, "c", 0);
	for (int round = 0; round < 15; round++) {
		before = atomic_load(rounds);
		mover = place_start(move_to_and_fro, fixture.folder, rounds);
		while (atomic_load(rounds) == before) {
			place_expect_alive(mover);
			place_sleep_ms(1);
		}
		place_sleep_ms((unsigned)random() % 20);
		place_kill(mover);
		ck_assert_int_eq(run_sql(&fixture, "SELECT group_concat(body, '') = 'abc' FROM (SELECT body"
		                                   " FROM messages UNION ALL SELECT body FROM dead_letters"
		                                   " ORDER BY body)"),
		                 1);
		/* What it had received comes back at once, as if its visibility were over. */
		run_sql(&fixture, "UPDATE messages SET due_ms = 1, receives = 0");
	}
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("dead");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, dead_letters_are_listed_oldest_first);
	tcase_add_test(tests, burying_twice_is_as_good_as_once);
	tcase_add_test(tests, a_stale_receipt_buries_nothing);
	tcase_add_test(tests, a_redriven_message_begins_anew);
	tcase_add_test(tests, all_are_redriven_together);
	tcase_add_test(tests, a_removed_letter_is_gone_for_good);
	tcase_add_test(tests, a_killed_mover_leaves_every_message_in_one_place);
	return run_tests(tests, "dead");
}
