/* test_document.c - compare-and-set among threads, processes and deaths; what is no document. */
#include <pthread.h>
#include <string.h>

#include "fixture.h"
#include "run.h"

enum { THREADS = 4, PROCESSES = 4, ROUNDS = 40 };

START_TEST(what_is_no_json_object_is_bad_data)
{
	static const char *const texts[] = {
	    "",
	    "null",
	    "[]",
	    "\"text\"",
	    "{",
	    "{} {}",
	    "{\"a\":1,}",
	    "{'a':1}",
	    "{\"a\":1,\"a\":2}",
	    "{\"a\":\"\xFF\"}",
	    "{\"a\":NaN}",
	};
	struct fixture fixture;
	struct vm_error err;
	char text[64];
	uint64_t version;

	fixture_init(&fixture);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		ck_assert_msg(put(&fixture, "v1", 0, texts[i], &err) == VM_ERR_BAD_DATA, "%s", texts[i]);
		ck_assert_ptr_nonnull(strstr(err.message, "put v1"));
	}
	ck_assert_int_eq(fixture.ops->put(fixture.self, "v1", 0, "{}\0", 3, NULL, &err),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(get(&fixture, "v1", &version, text, sizeof text), VM_ERR_NOT_FOUND);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(an_error_quotes_nothing_of_the_document)
{
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	ck_assert_int_eq(put(&fixture, "v1", 0, "{\"ticket\": 5f0c81d2a4b7e963}", &err),
	                 VM_ERR_BAD_DATA);
	ck_assert_ptr_null(strstr(err.message, "5f0c"));
	ck_assert_ptr_nonnull(strstr(err.message, "line 1"));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_conflict_names_both_versions_and_changes_nothing)
{
	struct fixture fixture;
	struct vm_error err;
	uint64_t version = 0;
	char text[64];

	fixture_init(&fixture);
	ck_assert_int_eq(put(&fixture, "v1", 4, "{}", &err), VM_ERR_CONFLICT);
	expect_put(&fixture, "v1", 0, "{\"n\":1}");
	expect_put(&fixture, "v1", 1, "{\"n\":2}");
	ck_assert_int_eq(put(&fixture, "v1", 1, "{\"n\":3}", &err), VM_ERR_CONFLICT);
	ck_assert_str_eq(err.message, "put v1: at version 2, not 1");
	ck_assert_int_eq(put(&fixture, "v1", 0, "{\"n\":3}", &err), VM_ERR_CONFLICT);
	ck_assert_int_eq(put(&fixture, "v1", UINT64_MAX, "{\"n\":3}", &err), VM_ERR_CONFLICT);
	ck_assert_int_eq(fixture.ops->remove(fixture.self, "v1", 1, NULL, &err), VM_ERR_CONFLICT);
	ck_assert_int_eq(get(&fixture, "v1", &version, text, sizeof text), VM_OK);
	ck_assert_uint_eq(version, 2);
	ck_assert_str_eq(text, "{\"n\":2}");
	expect_ok(&err, fixture.ops->remove(fixture.self, "v1", 2, NULL, &err));
	expect_ok(&err, fixture.ops->remove(fixture.self, "v1", 2, NULL, &err));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(an_id_has_a_limit)
{
	char id[VM_DOCUMENT_ID_MAX + 1];
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	memset(id, 'x', sizeof id);
	id[VM_DOCUMENT_ID_MAX] = '\0';
	ck_assert_int_eq(put(&fixture, id, 0, "{}", &err), VM_ERR_LIMIT);
	expect_put(&fixture, id + 1, 0, "{}");
	fixture_finish(&fixture);
}
END_TEST

/* Counts one document up, against everybody else. */
static void *increment(void *ctx)
{
	struct fixture *fixture = ctx;
	uint64_t version;
	char text[64];
	struct vm_error err;
	long count;
	int status;

	for (int done = 0; done < ROUNDS;) {
		ck_assert_int_eq(get(fixture, "counter", &version, text, sizeof text), VM_OK);
		count = strtol(text + strlen("{\"wake\":"), NULL, 10);
		snprintf(text, sizeof text, "{\"wake\":%ld}", count + 1);
		status = put(fixture, "counter", version, text, &err);
		ck_assert_msg(status == VM_OK || status == VM_ERR_CONFLICT, "%s", err.message);
		done += status == VM_OK;
	}
	return NULL;
}

static int increment_apart(const char *folder, void *arg)
{
	struct fixture fixture;

	(void)arg;
	fixture_share(&fixture, folder);
	increment(&fixture);
	fixture_finish_shared(&fixture);
	return 0;
}

START_TEST(no_increment_is_lost)
{
	pthread_t threads[THREADS];
	pid_t others[PROCESSES];
	struct fixture first, fixture;
	uint64_t version;
	char text[64], wanted[64];

	fixture_init(&first);
	expect_put(&first, "counter", 0, "{\"wake\":0}");
	fixture_finish_shared(&first); /* no instance lives through a fork */
	for (int i = 0; i < PROCESSES; i++)
		others[i] = place_start(increment_apart, first.folder, NULL);
	fixture_share(&fixture, first.folder);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, increment, &fixture), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < PROCESSES; i++)
		place_wait(others[i]);
	ck_assert_int_eq(get(&fixture, "counter", &version, text, sizeof text), VM_OK);
	snprintf(wanted, sizeof wanted, "{\"wake\":%d}", (THREADS + PROCESSES) * ROUNDS);
	ck_assert_str_eq(text, wanted);
	fixture_finish(&fixture);
}
END_TEST

/* Puts one document again and again, and says which version was acknowledged. */
static int put_for_ever(const char *folder, void *arg)
{
	atomic_int *acknowledged = arg;
	struct fixture fixture;
	char text[512];
	uint64_t version = 0;
	int number;

	fixture_share(&fixture, folder);
	if (get(&fixture, "v", &version, text, sizeof text) != VM_OK)
		version = 0;
	for (;; version++) {
		number = (int)version + 1;
		/* Longer and shorter in turn, so that pages come and go. */
		snprintf(text, sizeof text, "{\"wake\":%d,\"created\":%d,\"padding\":\"%0*d\"}", number,
		         number, number % 2 == 0 ? 400 : 1, 0);
		expect_put(&fixture, "v", version, text);
		atomic_store(acknowledged, number);
	}
	return 0;
}

START_TEST(a_killed_writer_leaves_the_old_document_or_the_new_one)
{
	atomic_int *acknowledged = place_shared(sizeof *acknowledged);
	struct vm_condition wake = {.field = "wake", .match = VM_MATCH_EQUAL};
	struct vm_find find = {.conditions = &wake, .count = 1};
	char text[512], wanted[64];
	struct fixture fixture;
	uint64_t version;
	pid_t writer;
	int before;

	srandom(3);
	fixture_init(&fixture);
	for (int round = 0; round < 20; round++) {
		before = atomic_load(acknowledged);
		writer = place_start(put_for_ever, fixture.folder, acknowledged);
		while (atomic_load(acknowledged) == before) {
			place_expect_alive(writer);
			place_sleep_ms(1);
		}
		place_sleep_ms((unsigned)random() % 20);
		place_kill(writer);
		ck_assert_int_eq(get(&fixture, "v", &version, text, sizeof text), VM_OK);
		ck_assert_int_ge((int)version, atomic_load(acknowledged));
		ck_assert_int_le((int)version, atomic_load(acknowledged) + 1);
		snprintf(wanted, sizeof wanted, "{\"wake\":%d,\"created\":%d,", (int)version, (int)version);
		ck_assert_int_eq(strncmp(text, wanted, strlen(wanted)), 0);
		wake.number = (int64_t)version;
		ck_assert_str_eq(found(&fixture, &find), "v ");
		ck_assert_str_eq(run_sql(&fixture, "PRAGMA integrity_check"), "ok\n");
	}
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("document");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, what_is_no_json_object_is_bad_data);
	tcase_add_test(tests, an_error_quotes_nothing_of_the_document);
	tcase_add_test(tests, a_conflict_names_both_versions_and_changes_nothing);
	tcase_add_test(tests, an_id_has_a_limit);
	tcase_add_test(tests, no_increment_is_lost);
	tcase_add_test(tests, a_killed_writer_leaves_the_old_document_or_the_new_one);
	return run_tests(tests, "document");
}
