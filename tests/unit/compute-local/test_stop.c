/* test_stop.c - stopping tasks, and what remains of them. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"
#include "record.h"
#include "run.h"

static struct fixture compute;

static void setup(void)
{
	fixture_init(&compute);
}

static void teardown(void)
{
	fixture_finish(&compute);
}

/* The numbers that a task has written into a file of that name. */
static long number_in(const char *name)
{
	return strtol(wait_file(&compute, name), NULL, 10);
}

static pid_t keeper_of(const char *token)
{
	struct record record;

	ck_assert_int_eq(record_read(((struct compute *)compute.self)->tasks, token, &record), 0);
	ck_assert(record.is_living);
	return record.keeper;
}

START_TEST(a_task_that_hears_sigterm_ends_as_it_likes)
{
	must_start(&compute, "polite",
	           "trap 'echo bye >said; exit 9' TERM; echo $$ >pid; while :; do sleep 0.01; done");
	wait_file(&compute, "pid");
	ck_assert_int_eq(status_of(&compute, "polite").state, VM_TASK_RUNNING);
	ck_assert_str_eq(status_of(&compute, "polite").reason, "");
	stop(&compute, "polite");
	check_end(&compute, "polite", 9, "ended with exit code 9 when asked to stop");
	ck_assert_str_eq(wait_file(&compute, "said"), "bye\n");
	stop(&compute, "polite");
}
END_TEST

START_TEST(a_task_that_does_not_is_killed_after_its_grace)
{
	must_start(&compute, "stubborn", "trap '' TERM; echo $$ >pid; while :; do sleep 0.01; done");
	wait_file(&compute, "pid");
	stop(&compute, "stubborn");
	stop(&compute, "stubborn");
	check_end(&compute, "stubborn", -SIGKILL,
	          "ended by signal 9 (Killed): it did not stop within its grace");
}
END_TEST

START_TEST(the_grace_is_kept_when_the_server_dies_meanwhile)
{
	pid_t server;
	long pid;
	int status;

	server = fork();
	if (server == 0) {
		struct fixture own;

		fixture_share(&compute, &own);
		must_start(&own, "orphan", "trap '' TERM; echo $$ >pid; while :; do sleep 0.01; done");
		wait_file(&own, "pid");
		stop(&own, "orphan");
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(server, &status, 0), server);
	ck_assert(WIFSIGNALED(status));
	pid = number_in("pid");
	check_end(&compute, "orphan", -SIGKILL,
	          "ended by signal 9 (Killed): it did not stop within its grace");
	ck_assert(!is_alive(pid));
}
END_TEST

START_TEST(a_task_outlives_its_server_and_another_learns_its_exit_code)
{
	pid_t server = fork();
	int status;

	if (server == 0) {
		struct fixture own;

		fixture_share(&compute, &own);
		must_start(&own, "long", "while [ ! -e go ]; do sleep 0.01; done; exit 5");
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(server, &status, 0), server);
	ck_assert_int_eq(status_of(&compute, "long").state, VM_TASK_RUNNING);
	ck_assert_uint_eq(capacity(&compute), 1);
	must_start(&compute, "go", "touch go");
	check_end(&compute, "long", 5, "ended with exit code 5");
}
END_TEST

START_TEST(what_a_task_leaves_in_its_group_ends_with_it)
{
	must_start(&compute, "parent", "sleep 60 & echo $! >child; exit 1");
	check_end(&compute, "parent", 1, "ended with exit code 1");
	wait_dead(number_in("child"));

	must_start(&compute, "both", "sleep 60 & echo $! >other; wait");
	wait_file(&compute, "other");
	stop(&compute, "both");
	wait_end(&compute, "both");
	wait_dead(number_in("other"));
}
END_TEST

START_TEST(a_task_dies_with_its_keeper)
{
	must_start(&compute, "task", "echo $$ >pid; exec sleep 60");
	wait_file(&compute, "pid");
	ck_assert_int_eq(kill(keeper_of("task"), SIGKILL), 0);
	check_end(&compute, "task", INT32_MIN,
	          "ended, nobody saw how: its keeper was killed, or the machine went down");
	wait_dead(number_in("pid"));
	ck_assert_uint_eq(capacity(&compute), 2);
}
END_TEST

START_TEST(a_task_that_kills_itself_is_told)
{
	must_start(&compute, "self", "kill -9 $$");
	check_end(&compute, "self", -SIGKILL, "ended by signal 9 (Killed)");
}
END_TEST

START_TEST(keepers_do_not_stay_as_zombies)
{
	pid_t keeper;

	must_start(&compute, "task", "sleep 60");
	keeper = keeper_of("task");
	stop(&compute, "task");
	wait_end(&compute, "task");
	for (int i = 0; i < 1000 && kill(keeper, 0) == 0; i++) {
		pause_ms(10);
		capacity(&compute);
	}
	ck_assert_int_eq(kill(keeper, 0), -1);
}
END_TEST

START_TEST(unknown_tasks_are_unknown_and_stop_at_once)
{
	ck_assert_int_eq(status_of(&compute, "nobody").state, VM_TASK_UNKNOWN);
	ck_assert_int_eq(status_of(&compute, "nobody").exit_code, INT32_MIN);
	stop(&compute, "nobody");
}
END_TEST

START_TEST(records_go_a_day_after_the_end)
{
	struct compute *self = compute.self;
	time_t now = time(NULL);
	uint32_t living;

	must_start(&compute, "ended", "true");
	wait_end(&compute, "ended");
	must_start(&compute, "living", "sleep 60");
	ck_assert_int_eq(record_count(self->tasks, now + 23 * 60 * 60, &living), 0);
	ck_assert_uint_eq(living, 1);
	ck_assert_int_eq(status_of(&compute, "ended").state, VM_TASK_STOPPED);
	ck_assert_int_eq(record_count(self->tasks, now + 25 * 60 * 60, &living), 0);
	ck_assert_uint_eq(living, 1);
	ck_assert_int_eq(status_of(&compute, "ended").state, VM_TASK_UNKNOWN);
	ck_assert_int_eq(status_of(&compute, "living").state, VM_TASK_RUNNING);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("stop");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_task_that_hears_sigterm_ends_as_it_likes);
	tcase_add_test(tests, a_task_that_does_not_is_killed_after_its_grace);
	tcase_add_test(tests, the_grace_is_kept_when_the_server_dies_meanwhile);
	tcase_add_test(tests, a_task_outlives_its_server_and_another_learns_its_exit_code);
	tcase_add_test(tests, what_a_task_leaves_in_its_group_ends_with_it);
	tcase_add_test(tests, a_task_dies_with_its_keeper);
	tcase_add_test(tests, a_task_that_kills_itself_is_told);
	tcase_add_test(tests, keepers_do_not_stay_as_zombies);
	tcase_add_test(tests, unknown_tasks_are_unknown_and_stop_at_once);
	tcase_add_test(tests, records_go_a_day_after_the_end);
	return run_tests(tests, "stop");
}
