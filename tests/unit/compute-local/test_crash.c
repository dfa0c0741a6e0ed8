/* test_crash.c - server and keeper killed at every system call: never a second task, none lost. */
#include <fcntl.h>
#include <unistd.h>

#include "crash.h"
#include "fixture.h"
#include "keeper.h"
#include "record.h"
#include "run.h"

/* More than there are, sanitizers included: the end must be reached. */
enum { CALLS_MAX = 5000 };

static struct fixture compute;
static char token[32], script[64], trace[32];

static void setup(void)
{
	fixture_init(&compute);
	ck_assert_uint_eq(capacity(&compute), 2);
}

static void teardown(void)
{
	fixture_finish(&compute);
}

static void name_task(unsigned n)
{
	snprintf(token, sizeof token, "task-%u", n);
	snprintf(trace, sizeof trace, "trace-%u", n);
	snprintf(script, sizeof script, "echo x >>%s", trace);
}

/* Or every start would have more records to look through, and never come to its end. */
static void forget_task(void)
{
	ck_assert_int_eq(unlinkat(((struct compute *)compute.self)->tasks, token, 0), 0);
}

static int start_it(void *ctx)
{
	(void)ctx;
	return start(&compute, token, script, NULL);
}

START_TEST(a_start_whose_server_is_killed_is_found_or_done_again)
{
	int result = -1;

	if (!crash_is_possible())
		return;
	for (unsigned n = 0; n < CALLS_MAX; n++) {
		bool over;

		name_task(n);
		over = crash_at(n, start_it, NULL, &result);
		must_start(&compute, token, script);
		check_end(&compute, token, 0, "ended with exit code 0");
		ck_assert_int_eq(count_lines(&compute, trace), 1);
		forget_task();
		if (over)
			break;
	}
	ck_assert_int_eq(result, VM_OK);
	ck_assert_uint_eq(capacity(&compute), 2);
}
END_TEST

static int keep_it(void *ctx)
{
	char text[192], sh[] = "/bin/sh", option[] = "-c";
	char *arguments[] = {sh, option, text, NULL}, *environment[] = {NULL};
	struct keeper keeper = {
	    .tasks = openat(((struct compute *)compute.self)->tasks, ".", O_RDONLY | O_CLOEXEC),
	    .report = open("/dev/null", O_WRONLY | O_CLOEXEC),
	    .token = token,
	    .draft = ".draft",
	    .file = sh,
	    .arguments = arguments,
	    .environment = environment,
	    .grace_ms = 1000,
	};
	sigset_t all;

	(void)ctx;
	snprintf(text, sizeof text, "cd %s; %s", compute.folder, script);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	keeper_run(&keeper);
}

START_TEST(a_keeper_that_is_killed_takes_its_task_with_it)
{
	int result = -1;

	if (!crash_is_possible())
		return;
	for (unsigned n = 0; n < CALLS_MAX; n++) {
		struct vm_task_status status;
		bool over;

		name_task(n);
		over = crash_at(n, keep_it, NULL, &result);
		status = status_of(&compute, token);
		/* Before there is a record there is no task. */
		if (status.state == VM_TASK_UNKNOWN) {
			ck_assert_int_eq(count_lines(&compute, trace), 0);
			must_start(&compute, token, script);
			check_end(&compute, token, 0, "ended with exit code 0");
			ck_assert_int_eq(count_lines(&compute, trace), 1);
		} else {
			ck_assert_int_eq(status.state, VM_TASK_STOPPED);
			ck_assert(status.exit_code == 0 || status.exit_code == INT32_MIN);
			must_start(&compute, token, script);
			ck_assert_int_eq(status_of(&compute, token).state, VM_TASK_STOPPED);
			ck_assert_int_le(count_lines(&compute, trace), 1);
		}
		if (over)
			break;
	}
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(count_lines(&compute, trace), 1);
	check_end(&compute, token, 0, "ended with exit code 0");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("crash");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, a_start_whose_server_is_killed_is_found_or_done_again);
	tcase_add_test(tests, a_keeper_that_is_killed_takes_its_task_with_it);
	return run_tests(tests, "crash");
}
