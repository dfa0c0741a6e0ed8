/* test_race.c - many threads of many servers start tasks at once. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "meet.h"
#include "run.h"

enum { PROCESSES = 3, THREADS = 3, RACERS = PROCESSES * THREADS, ROUNDS = 12 };

/* What all racers of all processes see. */
struct shared {
	atomic_int ready[ROUNDS + 1];
	atomic_int started, refused;
};

struct racer {
	struct fixture compute; /* of its process */
	int number;
	void (*race)(struct racer *racer);
};

static struct fixture compute;
static struct shared *shared;

static void setup(void)
{
	fixture_init(&compute);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
}

static void teardown(void)
{
	munmap(shared, sizeof *shared);
	fixture_finish(&compute);
}

/* All racers go on from here at once. */
static void meet(int round)
{
	meet_at(&shared->ready[round], RACERS);
}

static void *run(void *arg)
{
	struct racer *racer = arg;

	meet(ROUNDS);
	racer->race(racer);
	return NULL;
}

static void run_process(int process, void (*race)(struct racer *racer))
{
	pthread_t threads[THREADS];
	struct racer racers[THREADS];
	struct fixture own;

	fixture_share(&compute, &own);
	for (int i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){own, process * THREADS + i, race};
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	vm_plugin_entry.destroy(own.self);
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

static void start_same(struct racer *racer)
{
	for (int i = 0; i < ROUNDS; i++) {
		char token[32], script[64];

		snprintf(token, sizeof token, "round-%d", i);
		snprintf(script, sizeof script, "echo x >>trace-%d", i);
		meet(i);
		must_start(&racer->compute, token, script);
		ck_assert_int_eq(wait_end(&racer->compute, token).exit_code, 0);
	}
}

START_TEST(one_token_starts_one_task)
{
	race_all(start_same);
	for (int i = 0; i < ROUNDS; i++) {
		char trace[32];

		snprintf(trace, sizeof trace, "trace-%d", i);
		ck_assert_int_eq(count_lines(&compute, trace), 1);
	}
}
END_TEST

static void start_own(struct racer *racer)
{
	struct vm_error err;
	char token[32];
	int status;

	snprintf(token, sizeof token, "racer-%d", racer->number);
	status = start(&racer->compute, token, "echo x >>trace; sleep 60", &err);
	ck_assert_msg(status == VM_OK || status == VM_ERR_THROTTLED, "%s", err.message);
	atomic_fetch_add(status == VM_OK ? &shared->started : &shared->refused, 1);
}

START_TEST(no_more_tasks_start_than_there_is_room_for)
{
	race_all(start_own);
	ck_assert_int_eq(atomic_load(&shared->started), 2);
	ck_assert_int_eq(atomic_load(&shared->refused), RACERS - 2);
	ck_assert_uint_eq(capacity(&compute), 0);
	for (int i = 0; i < 1000 && count_lines(&compute, "trace") < 2; i++)
		pause_ms(10);
	ck_assert_int_eq(count_lines(&compute, "trace"), 2);
}
END_TEST

/* Each starts, watches and stops what it likes, with the others asking too. */
static void start_and_stop(struct racer *racer)
{
	struct vm_error err;
	char token[32];

	for (int i = 0; i < ROUNDS; i++) {
		int status;

		snprintf(token, sizeof token, "own-%d-%d", racer->number, i);
		status = start(&racer->compute, token, "exec sleep 60", &err);
		if (status == VM_ERR_THROTTLED) {
			ck_assert_int_eq(status_of(&racer->compute, token).state, VM_TASK_UNKNOWN);
			continue;
		}
		ck_assert_msg(status == VM_OK, "%s", err.message);
		ck_assert_int_eq(status_of(&racer->compute, token).state, VM_TASK_RUNNING);
		ck_assert_uint_lt(capacity(&racer->compute), 2);
		stop(&racer->compute, token);
		ck_assert_int_eq(wait_end(&racer->compute, token).exit_code, -SIGTERM);
	}
}

START_TEST(tasks_come_and_go_side_by_side)
{
	race_all(start_and_stop);
	ck_assert_uint_eq(capacity(&compute), 2);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("race");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, one_token_starts_one_task);
	tcase_add_test(tests, no_more_tasks_start_than_there_is_room_for);
	tcase_add_test(tests, tasks_come_and_go_side_by_side);
	return run_tests(tests, "race");
}
