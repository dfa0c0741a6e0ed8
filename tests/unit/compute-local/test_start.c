/* test_start.c - what a task finds when it starts, and what keeps it from starting. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
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

START_TEST(a_task_runs_and_its_exit_code_is_told)
{
	must_start(&compute, "seven", "exit 7");
	must_start(&compute, "zero", "true");
	check_end(&compute, "seven", 7, "ended with exit code 7");
	check_end(&compute, "zero", 0, "ended with exit code 0");
}
END_TEST

START_TEST(the_job_is_in_the_environment_and_on_no_command_line)
{
	static const char script[] =
	    "tr '\\0' '\\n' </proc/self/environ >$0.new; echo end >>$0.new; mv $0.new $0.environment; "
	    "tr '\\0' ' ' </proc/$$/cmdline >$0.new; tr '\\0' ' ' </proc/$PPID/cmdline >>$0.new; "
	    "echo end >>$0.new; mv $0.new $0.command";
	char path[128], task[VM_TASK_MAX];
	const char *command[] = {"/bin/sh", "-c", script, path, NULL}, *text;
	struct vm_task want = {.token = "job", .job = "{\"ticket\":\"secret\"}", .command = command};

	snprintf(path, sizeof path, "%s/its", compute.folder);
	ck_assert_int_eq(setenv("VIDMILL_JOB", "of somebody else", 1), 0);
	ck_assert_int_eq(setenv("ANOTHER", "stays", 1), 0);
	ck_assert_int_eq(compute.ops->start(compute.self, &want, task, NULL, NULL), VM_OK);
	text = wait_file(&compute, "its.environment");
	ck_assert_ptr_nonnull(strstr(text, "\nVIDMILL_JOB={\"ticket\":\"secret\"}\n"));
	ck_assert_ptr_null(strstr(text, "somebody else"));
	ck_assert_ptr_nonnull(strstr(text, "ANOTHER=stays\n"));
	text = wait_file(&compute, "its.command");
	ck_assert_ptr_nonnull(strstr(text, "/bin/sh -c "));
	ck_assert_ptr_null(strstr(text, "secret"));
}
END_TEST

static void handler(int number)
{
	(void)number;
}

START_TEST(a_task_inherits_no_descriptor_no_signal_and_no_terminal)
{
	struct sigaction action = {.sa_handler = handler};
	sigset_t blocked;
	const char *text;
	int fds[2];

	/* Not close-on-exec, as some library may have it; and what a server does with signals. */
	ck_assert_int_eq(pipe(fds), 0);
	sigaction(SIGUSR1, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, NULL);

	must_start(&compute, "clean",
	           "ls /proc/self/fd | tr '\\n' ' ' >o; readlink /proc/self/fd/0 >>o; "
	           "grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status | tr '\\n\\t' '  ' >>o; "
	           "cut -d' ' -f6,7 /proc/self/stat >>o; echo $$ >>o; echo end >>o; mv o out");
	text = wait_file(&compute, "out");
	/* 3 is the folder that ls reads. */
	ck_assert_msg(strncmp(text, "0 1 2 3 /dev/null\n", 18) == 0, "%s", text);
	ck_assert_ptr_nonnull(strstr(text, "SigBlk: 0000000000000000"));
	ck_assert_ptr_nonnull(strstr(text, "SigIgn: 0000000000000000"));
	check_end(&compute, "clean", 0, "ended with exit code 0");
	signal(SIGCHLD, SIG_DFL);
}
END_TEST

START_TEST(the_same_token_never_starts_a_second_task)
{
	struct fixture other;

	fixture_share(&compute, &other);
	must_start(&compute, "once", "echo x >>trace; sleep 60");
	must_start(&compute, "once", "echo x >>trace; sleep 60");
	must_start(&other, "once", "echo x >>trace; sleep 60");
	ck_assert_uint_eq(capacity(&other), 1);
	wait_file(&compute, "trace");
	stop(&other, "once");
	wait_end(&compute, "once");
	must_start(&compute, "once", "echo x >>trace");
	check_end(&other, "once", -SIGTERM, "ended by signal 15 (Terminated)");
	ck_assert_int_eq(count_lines(&compute, "trace"), 1);
	vm_plugin_entry.destroy(other.self);
}
END_TEST

START_TEST(without_room_nothing_is_started)
{
	struct vm_error err;

	must_start(&compute, "a", "sleep 60");
	must_start(&compute, "b", "sleep 60");
	ck_assert_uint_eq(capacity(&compute), 0);
	ck_assert_int_eq(start(&compute, "c", "echo x >>trace", &err), VM_ERR_THROTTLED);
	ck_assert_str_eq(err.message, "start c: 2 tasks are running, and 2 may");
	ck_assert_int_eq(status_of(&compute, "c").state, VM_TASK_UNKNOWN);
	must_start(&compute, "a", "sleep 60");
	stop(&compute, "a");
	wait_end(&compute, "a");
	ck_assert_uint_eq(capacity(&compute), 1);
	must_start(&compute, "c", "echo x >>trace");
	wait_file(&compute, "trace");
}
END_TEST

START_TEST(a_program_that_cannot_run_is_said_and_can_be_tried_again)
{
	const char *command[] = {"/nowhere/vidmill", "work", NULL};
	struct vm_task want = {.token = "token", .job = "{}", .command = command};
	char task[VM_TASK_MAX];
	struct vm_error err;

	ck_assert_int_eq(compute.ops->start(compute.self, &want, task, NULL, &err), VM_ERR_CONFIG);
	ck_assert_str_eq(err.message,
	                 "start token: cannot run /nowhere/vidmill: No such file or directory");
	ck_assert_int_eq(status_of(&compute, "token").state, VM_TASK_UNKNOWN);
	ck_assert_uint_eq(capacity(&compute), 2);
	must_start(&compute, "token", "exit 3");
	check_end(&compute, "token", 3, "ended with exit code 3");
}
END_TEST

START_TEST(a_token_is_not_a_path)
{
	struct vm_error err;

	ck_assert_int_eq(start(&compute, "../token", "true", &err), VM_ERR_UNSUPPORTED);
	ck_assert_str_eq(err.message, "start ../token: a token has 1 to 64 letters, digits and \"-\"");
	ck_assert_int_eq(start(&compute, "", "true", &err), VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(start(&compute,
	                       "0123456789012345678901234567890123456789012345678901234567890123"
	                       "4",
	                       "true", &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(status_of(&compute, "../lock").state, VM_TASK_UNKNOWN);
	stop(&compute, "..");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("start");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_task_runs_and_its_exit_code_is_told);
	tcase_add_test(tests, the_job_is_in_the_environment_and_on_no_command_line);
	tcase_add_test(tests, a_task_inherits_no_descriptor_no_signal_and_no_terminal);
	tcase_add_test(tests, the_same_token_never_starts_a_second_task);
	tcase_add_test(tests, without_room_nothing_is_started);
	tcase_add_test(tests, a_program_that_cannot_run_is_said_and_can_be_tried_again);
	tcase_add_test(tests, a_token_is_not_a_path);
	return run_tests(tests, "start");
}
