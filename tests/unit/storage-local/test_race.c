/* test_race.c - many threads and processes at one store. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "meet.h"
#include "run.h"

enum { PROCESSES = 3, THREADS = 3, RACERS = PROCESSES * THREADS, ROUNDS = 60 };

/* What all racers of all processes see. */
struct shared {
	atomic_int ready;
	atomic_int wins[ROUNDS];
	atomic_int running;
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part parts[RACERS];
};

struct racer {
	struct fixture store; /* of its process */
	int number;
	void (*race)(struct racer *racer);
};

static struct fixture store;
static struct shared *shared;

static void setup(void)
{
	fixture_init(&store, NULL);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
}

static void teardown(void)
{
	munmap(shared, sizeof *shared);
	fixture_finish(&store);
}

static void *run(void *arg)
{
	struct racer *racer = arg;

	meet_at(&shared->ready, RACERS);
	racer->race(racer);
	return NULL;
}

static void run_process(int process, void (*race)(struct racer *racer))
{
	pthread_t threads[THREADS];
	struct racer racers[THREADS];
	struct fixture own;

	fixture_share(&store, &own);
	for (int i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){own, process * THREADS + i, race};
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	fixture_finish_shared(&own);
}

/* Runs `race` in every thread of every process, and fails when one of them does. */
static void race_all(void (*race)(struct racer *racer))
{
	pid_t pids[PROCESSES];
	int status;

	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			run_process(i, race);
			_exit(0);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
}

static const char *key_of(char key[64], const char *prefix, int number)
{
	snprintf(key, 64, "%s%d", prefix, number);
	return key;
}

static void put_if_absent(struct racer *racer)
{
	for (int i = 0; i < ROUNDS; i++) {
		char key[64], text[16];
		struct vm_put how = {.key = key_of(key, "deep/", i), .if_absent = true};
		int status;

		snprintf(text, sizeof text, "%d", racer->number);
		status = racer->store.ops->put(racer->store.self, &how, text, strlen(text), NULL, NULL,
		                               NULL);
		if (status == VM_OK) {
			atomic_fetch_add(&shared->wins[i], 1);
			check_text(&racer->store, key, text);
		} else {
			ck_assert_int_eq(status, VM_ERR_CONFLICT);
		}
	}
}

START_TEST(if_absent_has_one_winner)
{
	race_all(put_if_absent);
	for (int i = 0; i < ROUNDS; i++)
		ck_assert_int_eq(atomic_load(&shared->wins[i]), 1);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

/* The folders come and go under each other's feet. */
static void put_and_remove(struct racer *racer)
{
	char key[64], text[16];

	for (int i = 0; i < ROUNDS; i++) {
		key_of(key, "a/b/c/", racer->number);
		snprintf(text, sizeof text, "%d", i);
		put(&racer->store, key, text);
		check_text(&racer->store, key, text);
		ck_assert_int_eq(racer->store.ops->remove(racer->store.self, key, NULL, NULL), VM_OK);
		ck_assert_int_eq(find(&racer->store, key), VM_ERR_NOT_FOUND);
	}
}

START_TEST(puts_and_removes_in_one_folder_do_not_disturb_each_other)
{
	race_all(put_and_remove);
	ck_assert_int_eq(entries(&store, "objects"), 0);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

/* Racer 0 writes "a" again and again; the others make a folder of it. */
static void change_form(struct racer *racer)
{
	char key[64], text[16];

	for (int i = 1; i <= ROUNDS; i++) {
		if (racer->number == 0) {
			snprintf(text, sizeof text, "%d", i);
			put(&racer->store, "a", text);
			check_text(&racer->store, "a", text);
		} else {
			put(&racer->store, key_of(key, "a/", racer->number), "x");
			ck_assert_int_eq(find(&racer->store, "a"), VM_OK);
			ck_assert_int_eq(racer->store.ops->remove(racer->store.self, key, NULL, NULL), VM_OK);
			ck_assert_int_eq(find(&racer->store, "a"), VM_OK);
		}
	}
}

START_TEST(an_object_whose_name_becomes_a_folder_keeps_its_newest_version)
{
	put(&store, "a", "0");
	race_all(change_form);
	check_text(&store, "a", "60");
	ck_assert_str_eq(listed(&store, ""), "a ");
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

/* The object comes and goes in both forms; a version that was removed never returns. */
static void change_and_remove(struct racer *racer)
{
	struct vm_put how = {.key = "a", .if_absent = true};
	char key[64];

	for (int i = 1; i <= ROUNDS; i++) {
		if (racer->number == 0) {
			char text[16];

			snprintf(text, sizeof text, "%d", i);
			ck_assert_int_eq(racer->store.ops->put(racer->store.self, &how, text, strlen(text),
			                                       NULL, NULL, NULL),
			                 VM_OK);
			check_text(&racer->store, "a", text);
			ck_assert_int_eq(racer->store.ops->remove(racer->store.self, "a", NULL, NULL), VM_OK);
			ck_assert_int_eq(find(&racer->store, "a"), VM_ERR_NOT_FOUND);
		} else {
			put(&racer->store, key_of(key, "a/", racer->number), "x");
			ck_assert_int_eq(racer->store.ops->remove(racer->store.self, key, NULL, NULL), VM_OK);
		}
	}
}

START_TEST(what_was_removed_stays_removed_in_both_forms)
{
	race_all(change_and_remove);
	ck_assert_str_eq(listed(&store, ""), "");
	ck_assert_int_eq(entries(&store, "objects"), 0);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

static void send_and_commit(struct racer *racer)
{
	char text[16];
	int status;

	snprintf(text, sizeof text, "part %d;", racer->number);
	for (int i = 0; i < 5; i++)
		shared->parts[racer->number] = send_part(&racer->store, "a", shared->upload,
		                                         (uint32_t)racer->number + 1, text);
	meet_at(&shared->running, RACERS);
	status = commit(&racer->store, "a", shared->upload, shared->parts, RACERS);
	if (status == VM_OK)
		atomic_fetch_add(&shared->wins[0], 1);
	else
		ck_assert_int_eq(status, VM_ERR_NOT_FOUND);
}

START_TEST(parts_of_all_processes_are_committed_once)
{
	begin(&store, "a", shared->upload);
	race_all(send_and_commit);
	ck_assert_int_eq(atomic_load(&shared->wins[0]), 1);
	check_text(&store, "a", "part 0;part 1;part 2;part 3;part 4;part 5;part 6;part 7;part 8;");
	ck_assert_int_eq(entries(&store, "uploads"), 0);
	ck_assert_int_eq(entries(&store, "tmp"), 0);
}
END_TEST

static void commit_or_abort(struct racer *racer)
{
	int status;

	if (racer->number % 2 == 0) {
		status = commit(&racer->store, "a", shared->upload, shared->parts, 2);
		if (status == VM_OK)
			atomic_fetch_add(&shared->wins[0], 1);
		else
			ck_assert_int_eq(status, VM_ERR_NOT_FOUND);
	} else {
		status = racer->store.ops->upload_abort(racer->store.self, "a", shared->upload, NULL, NULL);
		ck_assert_int_eq(status, VM_OK);
		/* It was committed before, or never will be. */
		if (find(&racer->store, "a") == VM_ERR_NOT_FOUND)
			atomic_fetch_add(&shared->wins[1], 1);
	}
}

START_TEST(an_upload_is_committed_or_aborted)
{
	begin(&store, "a", shared->upload);
	shared->parts[0] = send_part(&store, "a", shared->upload, 1, "one");
	shared->parts[1] = send_part(&store, "a", shared->upload, 2, "two");
	race_all(commit_or_abort);
	ck_assert_int_le(atomic_load(&shared->wins[0]), 1);
	ck_assert_int_eq(atomic_load(&shared->wins[1]),
	                 atomic_load(&shared->wins[0]) == 1 ? 0 : RACERS / 2);
	ck_assert_int_eq(find(&store, "a"),
	                 atomic_load(&shared->wins[0]) == 1 ? VM_OK : VM_ERR_NOT_FOUND);
	ck_assert_int_eq(entries(&store, "uploads"), 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("race");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, if_absent_has_one_winner);
	tcase_add_test(tests, puts_and_removes_in_one_folder_do_not_disturb_each_other);
	tcase_add_test(tests, an_object_whose_name_becomes_a_folder_keeps_its_newest_version);
	tcase_add_test(tests, what_was_removed_stays_removed_in_both_forms);
	tcase_add_test(tests, parts_of_all_processes_are_committed_once);
	tcase_add_test(tests, an_upload_is_committed_or_aborted);
	return run_tests(tests, "race");
}
