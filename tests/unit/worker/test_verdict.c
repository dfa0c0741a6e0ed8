/* test_verdict.c - which error class each end of an attempt gets. */
#include "worker/verdict.h"

#include <signal.h>

#include "run.h"

static struct verdict judge(enum fault_place place, int status)
{
	struct vm_error error;
	struct verdict verdict;

	vm_fail(&error, status, "what happened");
	verdict_of_error(place, &error, &verdict);
	return verdict;
}

static void check(enum fault_place place, int status, enum error_class error, bool transient)
{
	struct verdict verdict = judge(place, status);

	ck_assert_msg(verdict.error == error && verdict.transient == transient,
	              "place %d, status %d: %s", (int)place, status, error_class_name(verdict.error));
}

START_TEST(a_source_that_is_gone_or_another_is_missing_for_good)
{
	check(FAULT_SOURCE, VM_ERR_NOT_FOUND, ERROR_SOURCE_MISSING, false);
	check(FAULT_SOURCE, VM_ERR_CONFLICT, ERROR_SOURCE_MISSING, false);
	ck_assert_str_eq(judge(FAULT_SOURCE, VM_ERR_CONFLICT).reason,
	                 "the source is not the object that was uploaded: what happened");
}
END_TEST

START_TEST(a_storage_that_fails_is_tried_again)
{
	static const int statuses[] = {VM_ERR_CONFIG,      VM_ERR_DENIED,  VM_ERR_THROTTLED,
	                               VM_ERR_UNAVAILABLE, VM_ERR_TIMEOUT, VM_ERR_BAD_DATA,
	                               VM_ERR_BUG};

	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		for (int place = FAULT_SOURCE; place <= FAULT_OUTPUT; place++)
			check((enum fault_place)place, statuses[i], ERROR_STORAGE, true);
	check(FAULT_INPUT, VM_ERR_NOT_FOUND, ERROR_STORAGE, true);
	check(FAULT_OUTPUT, VM_ERR_CONFLICT, ERROR_STORAGE, true);
}
END_TEST

START_TEST(a_codec_has_the_last_word_on_the_media_alone)
{
	check(FAULT_CODEC, VM_ERR_BAD_DATA, ERROR_BAD_MEDIA, false);
	check(FAULT_CODEC, VM_ERR_UNSUPPORTED, ERROR_UNSUPPORTED, false);
	check(FAULT_CODEC, VM_ERR_LIMIT, ERROR_LIMIT, false);
	check(FAULT_CODEC, VM_ERR_NO_MEMORY, ERROR_LIMIT, false);
	check(FAULT_CODEC, VM_ERR_TIMEOUT, ERROR_TIMEOUT, true);
	for (int status = VM_ERR_NOT_FOUND; status <= VM_ERR_THROTTLED; status++)
		check(FAULT_CODEC, status, ERROR_BUG, true);
	check(FAULT_CODEC, VM_ERR_BUG, ERROR_BUG, true);
	check(FAULT_CODEC, VM_ERR_CANCELLED, ERROR_BUG, true);
	check(FAULT_CODEC, VM_ERR_CONFIG, ERROR_BUG, false);
}
END_TEST

START_TEST(outputs_that_pass_their_limit_fail_for_good)
{
	check(FAULT_OUTPUT, VM_ERR_LIMIT, ERROR_LIMIT, false);
	check(FAULT_OUTPUT, VM_ERR_UNSUPPORTED, ERROR_UNSUPPORTED, false);
}
END_TEST

static const struct child_budget budget = {
    .cpu_ms = 60000, .memory_bytes = UINT64_C(4) << 30, .address_bytes = UINT64_C(5) << 30};

START_TEST(a_limit_is_judged_by_what_was_used)
{
	struct child_end end = {.wait_status = 0, .cpu_ms = 59999};
	struct verdict verdict;

	ck_assert(!verdict_of_budget(&end, &budget, &verdict));
	end.cpu_ms = 60000;
	ck_assert(verdict_of_budget(&end, &budget, &verdict));
	ck_assert_int_eq(verdict.error, ERROR_LIMIT);
	ck_assert(!verdict.transient);
	ck_assert_str_eq(
	    verdict.reason,
	    "policy.limits.cpu: more than the 1 min 0 s of processor time that are allowed");

	end = (struct child_end){.wait_status = SIGXCPU};
	ck_assert(verdict_of_budget(&end, &budget, &verdict));
	end = (struct child_end){.wait_status = SIGSEGV, .address_most = UINT64_C(4900) << 20};
	ck_assert(verdict_of_budget(&end, &budget, &verdict));
	ck_assert_int_eq(verdict.error, ERROR_LIMIT);
	end.address_most = UINT64_C(4400) << 20;
	ck_assert(!verdict_of_budget(&end, &budget, &verdict));
	end = (struct child_end){.wait_status = SIGKILL, .killed = true};
	end.memory_most = UINT64_C(4096) << 20;
	ck_assert(!verdict_of_budget(&end, &budget, &verdict));
	end.memory_most = UINT64_C(4097) << 20;
	ck_assert(verdict_of_budget(&end, &budget, &verdict));
	ck_assert_str_eq(
	    verdict.reason,
	    "policy.limits.memory: more than the 4096 MiB that are allowed; 4097 MiB were in use");
	end = (struct child_end){.wait_status = SIGKILL, .memory_most = UINT64_C(4000) << 20};
	ck_assert(verdict_of_budget(&end, &budget, &verdict));
	end = (struct child_end){.wait_status = SIGKILL, .memory_most = UINT64_C(1000) << 20};
	ck_assert(!verdict_of_budget(&end, &budget, &verdict));
}
END_TEST

START_TEST(memory_that_is_refused_is_a_limit)
{
	struct child_end end = {.memory_most = UINT64_C(100) << 20, .starved = true};
	struct verdict verdict;

	ck_assert(verdict_of_budget(&end, &budget, &verdict));
	ck_assert_int_eq(verdict.error, ERROR_LIMIT);
	ck_assert(!verdict.transient);
	ck_assert_str_eq(
	    verdict.reason,
	    "policy.limits.memory: more than the 4096 MiB that are allowed; 100 MiB were in use");
}
END_TEST

START_TEST(without_a_limit_nothing_passes_it)
{
	struct child_end end = {
	    .wait_status = SIGSEGV, .cpu_ms = UINT64_MAX / 2, .memory_most = UINT64_MAX / 2};
	struct child_budget none = {0};
	struct verdict verdict;

	ck_assert(!verdict_of_budget(&end, &none, &verdict));
}
END_TEST

START_TEST(more_threads_than_encoders_have_are_a_limit)
{
	const struct child_budget few = {.threads = 2000};
	struct child_end end = {.wait_status = SIGKILL, .killed = true, .threads_most = 2000};
	struct verdict verdict;

	ck_assert(!verdict_of_budget(&end, &few, &verdict));
	end.threads_most = 2001;
	ck_assert(verdict_of_budget(&end, &few, &verdict));
	ck_assert_int_eq(verdict.error, ERROR_LIMIT);
	ck_assert(!verdict.transient);
	ck_assert_str_eq(verdict.reason, "more than 2000 threads");
}
END_TEST

START_TEST(a_crash_says_by_which_signal)
{
	struct child_end end = {.wait_status = SIGSEGV};
	struct verdict verdict;

	verdict_of_death(&end, "codec-x", "", &verdict);
	ck_assert_int_eq(verdict.error, ERROR_DECODER_CRASH);
	ck_assert(verdict.transient);
	ck_assert_str_eq(verdict.reason, "codec-x was ended by signal 11 (SIGSEGV)");
	end.wait_status = SIGSYS;
	verdict_of_death(&end, "codec-x", "the system call socket is forbidden", &verdict);
	ck_assert_int_eq(verdict.error, ERROR_DECODER_CRASH);
	ck_assert_str_eq(verdict.reason,
	                 "codec-x was ended by its sandbox: the system call socket is forbidden");
	end.wait_status = 3 << 8;
	verdict_of_death(&end, "codec-x", "no such file", &verdict);
	ck_assert_str_eq(verdict.reason, "codec-x ended by itself with exit code 3: no such file");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("verdict");

	tcase_add_test(tests, a_source_that_is_gone_or_another_is_missing_for_good);
	tcase_add_test(tests, a_storage_that_fails_is_tried_again);
	tcase_add_test(tests, a_codec_has_the_last_word_on_the_media_alone);
	tcase_add_test(tests, outputs_that_pass_their_limit_fail_for_good);
	tcase_add_test(tests, a_limit_is_judged_by_what_was_used);
	tcase_add_test(tests, memory_that_is_refused_is_a_limit);
	tcase_add_test(tests, without_a_limit_nothing_passes_it);
	tcase_add_test(tests, more_threads_than_encoders_have_are_a_limit);
	tcase_add_test(tests, a_crash_says_by_which_signal);
	return run_tests(tests, "verdict");
}
