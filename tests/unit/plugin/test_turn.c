/* test_turn.c - which failures are tried again, how often, and what is told in the end. */
#include <pthread.h>
#include <string.h>

#include "fake.h"
#include "run.h"
#include "support/call.h"
#include "support/clock.h"

/* An operation that gives one answer after the other, and the last one for ever. */
struct script {
	int answers[5];
	int count;
	uint32_t retry_after_ms;
	bool shows;  /* hands something to the caller before it answers */
	bool silent; /* fails without a message */
	int tries;
};

static struct fake fake;
static struct instance *instance;

static void set_up(void)
{
	fake_init(&fake, VM_KIND_META, VM_THREADS_PARALLEL);
	instance = fake_instance(&fake, NULL);
}

static void tear_down(void)
{
	instance_destroy(instance);
	fake_finish(&fake);
}

static int answer(struct script *script, struct vm_error *err)
{
	int i = script->tries < script->count ? script->tries : script->count - 1;

	script->tries++;
	if (script->answers[i] == VM_OK || script->silent)
		return script->answers[i];
	vm_fail(err, script->answers[i], "try %d", script->tries);
	err->retry_after_ms = script->retry_after_ms;
	return script->answers[i];
}

/* `call` NULL: one that waits in no time. */
static int run(struct script *script, enum turn_kind kind, const struct vm_call *call,
               struct vm_error *err)
{
	struct fake_call fast;
	struct turn turn;

	fake_call_init(&fast);
	turn_begin(&turn, instance, "get", kind, call != NULL ? call : &fast.vm, err);
	while (turn_next(&turn)) {
		turn.shown = script->shows;
		turn.status = answer(script, &turn.error);
	}
	return turn.status;
}

static struct script script_of(int count, int a, int b, int c, int d)
{
	return (struct script){.answers = {a, b, c, d}, .count = count};
}

START_TEST(a_success_is_one_try_and_writes_no_error)
{
	struct script script = script_of(1, VM_OK, 0, 0, 0);
	struct vm_error err = {.status = 77, .message = "as before"};

	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_OK);
	ck_assert_int_eq(script.tries, 1);
	ck_assert_int_eq(err.status, 77);
	ck_assert_str_eq(err.message, "as before");
}
END_TEST

START_TEST(what_passes_is_tried_again_until_it_passed)
{
	struct script script = script_of(4, VM_ERR_UNAVAILABLE, VM_ERR_THROTTLED, VM_ERR_TIMEOUT,
	                                 VM_OK);
	struct vm_error err = {.message = "as before"};
	struct instance_count count;

	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_OK);
	ck_assert_int_eq(script.tries, 4);
	ck_assert_str_eq(err.message, "as before");
	count = fake_count(instance, "get");
	ck_assert_uint_eq(count.calls, 1);
	ck_assert_uint_eq(count.retries, 3);
	ck_assert_uint_eq(count.failures, 0);
}
END_TEST

START_TEST(five_tries_are_the_most)
{
	struct script script = script_of(1, VM_ERR_UNAVAILABLE, 0, 0, 0);
	struct vm_error err;
	struct instance_count count;

	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(script.tries, 5);
	ck_assert_int_eq(err.status, VM_ERR_UNAVAILABLE);
	ck_assert_str_eq(err.message, "try 5");
	count = fake_count(instance, "get");
	ck_assert_uint_eq(count.calls, 1);
	ck_assert_uint_eq(count.retries, 4);
	ck_assert_uint_eq(count.failures, 1);
}
END_TEST

START_TEST(what_stays_is_told_at_once)
{
	for (int status = VM_ERR_CONFIG; status <= VM_ERR_BUG; status++) {
		struct script script = script_of(1, status, 0, 0, 0);
		struct vm_error err;

		if (retry_is_transient(status))
			continue;
		ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), status);
		ck_assert_int_eq(script.tries, 1);
		ck_assert_str_eq(err.message, "try 1");
	}
}
END_TEST

START_TEST(once_means_once_unless_surely_nothing_happened)
{
	struct script script = script_of(2, VM_ERR_THROTTLED, VM_OK, 0, 0);

	ck_assert_int_eq(run(&script, TURN_ONCE, NULL, NULL), VM_OK);
	ck_assert_int_eq(script.tries, 2);
	script = script_of(2, VM_ERR_UNAVAILABLE, VM_OK, 0, 0);
	ck_assert_int_eq(run(&script, TURN_ONCE, NULL, NULL), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(script.tries, 1);
	script = script_of(2, VM_ERR_TIMEOUT, VM_OK, 0, 0);
	ck_assert_int_eq(run(&script, TURN_ONCE, NULL, NULL), VM_ERR_TIMEOUT);
	ck_assert_int_eq(script.tries, 1);
}
END_TEST

START_TEST(a_condition_that_an_unheard_try_may_have_broken_is_not_told_as_broken)
{
	struct vm_error err;
	struct script script = script_of(2, VM_ERR_TIMEOUT, VM_ERR_CONFLICT, 0, 0);

	ck_assert_int_eq(run(&script, TURN_CONDITIONAL, NULL, &err), VM_ERR_TIMEOUT);
	ck_assert_int_eq(script.tries, 2);
	ck_assert_int_eq(err.status, VM_ERR_TIMEOUT);
	ck_assert_str_eq(err.message, "an earlier try may have done it: try 2");
	script = script_of(2, VM_ERR_UNAVAILABLE, VM_ERR_NOT_FOUND, 0, 0);
	ck_assert_int_eq(run(&script, TURN_CONDITIONAL, NULL, &err), VM_ERR_TIMEOUT);
	script = script_of(3, VM_ERR_UNAVAILABLE, VM_ERR_THROTTLED, VM_ERR_CONFLICT, 0);
	ck_assert_int_eq(run(&script, TURN_CONDITIONAL, NULL, &err), VM_ERR_TIMEOUT);
}
END_TEST

START_TEST(a_throttled_last_try_does_not_say_that_nothing_happened)
{
	struct vm_error err;
	struct script script = script_of(2, VM_ERR_TIMEOUT, VM_ERR_THROTTLED, 0, 0);

	script.retry_after_ms = 1;
	ck_assert_int_eq(run(&script, TURN_CONDITIONAL, NULL, &err), VM_ERR_TIMEOUT);
	ck_assert_int_eq(script.tries, 5);
	ck_assert_str_eq(err.message, "an earlier try may have done it: try 5");
	ck_assert_uint_eq(err.retry_after_ms, 1);
	script = script_of(1, VM_ERR_THROTTLED, 0, 0, 0);
	ck_assert_int_eq(run(&script, TURN_CONDITIONAL, NULL, &err), VM_ERR_THROTTLED);
}
END_TEST

START_TEST(a_condition_that_does_not_hold_is_told_so)
{
	struct vm_error err;
	struct script script = script_of(1, VM_ERR_CONFLICT, 0, 0, 0);

	ck_assert_int_eq(run(&script, TURN_CONDITIONAL, NULL, &err), VM_ERR_CONFLICT);
	ck_assert_int_eq(script.tries, 1);
	script = script_of(2, VM_ERR_THROTTLED, VM_ERR_CONFLICT, 0, 0);
	ck_assert_int_eq(run(&script, TURN_CONDITIONAL, NULL, &err), VM_ERR_CONFLICT);
	script = script_of(2, VM_ERR_TIMEOUT, VM_ERR_CONFLICT, 0, 0);
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_ERR_CONFLICT);
}
END_TEST

START_TEST(what_was_shown_is_not_shown_twice)
{
	struct script script = script_of(2, VM_ERR_UNAVAILABLE, VM_OK, 0, 0);

	script.shows = true;
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, NULL), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(script.tries, 1);
}
END_TEST

START_TEST(an_empty_budget_allows_no_second_try)
{
	struct script script = script_of(2, VM_ERR_UNAVAILABLE, VM_OK, 0, 0);

	while (retry_budget_take(&instance->budget))
		;
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, NULL), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(script.tries, 1);
	ck_assert_uint_eq(fake_count(instance, "get").refusals, 1);
	ck_assert_uint_eq(fake_count(instance, "get").retries, 0);
	/* Ten answers earn one, also those that say no. */
	for (int i = 0; i < 10; i++) {
		script = script_of(1, i % 3 == 0 ? VM_ERR_CONFLICT : VM_OK, 0, 0, 0);
		run(&script, TURN_REPEATABLE, NULL, NULL);
	}
	script = script_of(2, VM_ERR_UNAVAILABLE, VM_OK, 0, 0);
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, NULL), VM_OK);
	ck_assert_int_eq(script.tries, 2);
}
END_TEST

START_TEST(the_rest_that_a_service_asks_for_is_given)
{
	struct script script = script_of(2, VM_ERR_THROTTLED, VM_OK, 0, 0);
	int64_t start = clock_monotonic_ms();
	struct call call;

	script.retry_after_ms = 150;
	call_init(&call, NULL, 0);
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, &call.vm, NULL), VM_OK);
	ck_assert_int_ge(clock_monotonic_ms() - start, 150);
}
END_TEST

START_TEST(an_answer_is_no_failure)
{
	static const struct {
		int status;
		unsigned failures;
	} cases[] = {{VM_ERR_NOT_FOUND, 0}, {VM_ERR_CONFLICT, 0}, {VM_ERR_CANCELLED, 0},
	             {VM_ERR_DENIED, 1},    {VM_ERR_CONFIG, 2},   {VM_ERR_UNAVAILABLE, 3}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct script script = script_of(1, cases[i].status, 0, 0, 0);

		run(&script, TURN_REPEATABLE, NULL, NULL);
		ck_assert_uint_eq(fake_count(instance, "get").failures, cases[i].failures);
	}
}
END_TEST

START_TEST(a_rest_of_many_seconds_is_left_to_the_caller)
{
	struct script script = script_of(2, VM_ERR_THROTTLED, VM_OK, 0, 0);
	struct vm_error err;

	script.retry_after_ms = 3600 * 1000;
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_ERR_THROTTLED);
	ck_assert_int_eq(script.tries, 1);
	ck_assert_uint_eq(err.retry_after_ms, 3600 * 1000);
}
END_TEST

START_TEST(no_wait_passes_the_deadline)
{
	struct script script = script_of(2, VM_ERR_UNAVAILABLE, VM_OK, 0, 0);
	struct vm_error err;
	struct call call;

	script.retry_after_ms = 20 * 1000;
	call_init(&call, NULL, 19 * 1000);
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, &call.vm, &err), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(script.tries, 1);
	ck_assert_int_gt(vm_call_time_left_ms(&call.vm), 10 * 1000);
}
END_TEST

static void *trigger_soon(void *ctx)
{
	cancel_sleep_ms(NULL, 20);
	cancel_trigger(ctx);
	return NULL;
}

START_TEST(a_cancelled_wait_ends_as_cancelled)
{
	struct script script = script_of(2, VM_ERR_UNAVAILABLE, VM_OK, 0, 0);
	struct cancel *cancel;
	struct vm_error err;
	struct call call;
	pthread_t thread;

	script.retry_after_ms = 29 * 1000;
	ck_assert_int_eq(cancel_create(NULL, &cancel, NULL), VM_OK);
	call_init(&call, cancel, 60 * 1000);
	ck_assert_int_eq(pthread_create(&thread, NULL, trigger_soon, cancel), 0);
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, &call.vm, &err), VM_ERR_CANCELLED);
	ck_assert_int_eq(script.tries, 1);
	ck_assert_str_eq(err.message, "get: cancelled");
	ck_assert_int_gt(vm_call_time_left_ms(&call.vm), 40 * 1000);
	pthread_join(thread, NULL);
	cancel_destroy(cancel);
}
END_TEST

START_TEST(a_status_that_is_none_is_a_bug_of_the_plugin)
{
	struct script script = script_of(1, 99, 0, 0, 0);
	struct vm_error err;

	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_ERR_BUG);
	ck_assert_str_eq(err.message, "fake: get returned 99, which is no status");
	script = script_of(1, -1, 0, 0, 0);
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_ERR_BUG);
}
END_TEST

START_TEST(a_failure_without_a_word_gets_one)
{
	struct script script = script_of(1, VM_ERR_DENIED, 0, 0, 0);
	struct vm_error err;

	script.silent = true;
	ck_assert_int_eq(run(&script, TURN_REPEATABLE, NULL, &err), VM_ERR_DENIED);
	ck_assert_int_eq(err.status, VM_ERR_DENIED);
	ck_assert_str_eq(err.message, "fake: get failed and does not say why");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("turn");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_success_is_one_try_and_writes_no_error);
	tcase_add_test(tests, what_passes_is_tried_again_until_it_passed);
	tcase_add_test(tests, five_tries_are_the_most);
	tcase_add_test(tests, what_stays_is_told_at_once);
	tcase_add_test(tests, once_means_once_unless_surely_nothing_happened);
	tcase_add_test(tests, a_condition_that_an_unheard_try_may_have_broken_is_not_told_as_broken);
	tcase_add_test(tests, a_throttled_last_try_does_not_say_that_nothing_happened);
	tcase_add_test(tests, a_condition_that_does_not_hold_is_told_so);
	tcase_add_test(tests, what_was_shown_is_not_shown_twice);
	tcase_add_test(tests, an_empty_budget_allows_no_second_try);
	tcase_add_test(tests, the_rest_that_a_service_asks_for_is_given);
	tcase_add_test(tests, an_answer_is_no_failure);
	tcase_add_test(tests, a_rest_of_many_seconds_is_left_to_the_caller);
	tcase_add_test(tests, no_wait_passes_the_deadline);
	tcase_add_test(tests, a_cancelled_wait_ends_as_cancelled);
	tcase_add_test(tests, a_status_that_is_none_is_a_bug_of_the_plugin);
	tcase_add_test(tests, a_failure_without_a_word_gets_one);
	return run_tests(tests, "turn");
}
