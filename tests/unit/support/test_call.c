/* test_call.c - what a plugin is told about its operation. */
#include "support/call.h"

#include "run.h"
#include "support/clock.h"

START_TEST(a_call_without_anything_never_ends)
{
	struct call call;
	struct vm_error err;

	call_init(&call, NULL, 0);
	ck_assert(!vm_call_cancelled(&call.vm));
	ck_assert_int_eq(vm_call_cancel_fd(&call.vm), -1);
	ck_assert_int_eq(vm_call_time_left_ms(&call.vm), INT64_MAX);
	ck_assert(call.vm.table->sleep_ms(&call.vm, 1));
	vm_call_progress(&call.vm, 1, 2);
	ck_assert_int_eq(vm_call_check(&call.vm, "stat", &err), VM_OK);
}
END_TEST

START_TEST(the_table_has_every_function)
{
	struct call call;
	const struct vm_call_table *table;

	call_init(&call, NULL, 0);
	table = call.vm.table;
	ck_assert_uint_eq(table->size, sizeof *table);
	ck_assert(VM_HAS(table, cancelled) && VM_HAS(table, cancel_fd) && VM_HAS(table, progress));
	ck_assert(VM_HAS(table, time_left_ms) && VM_HAS(table, sleep_ms));
}
END_TEST

START_TEST(the_token_is_heard)
{
	struct cancel *cancel;
	struct vm_error err;
	struct call call;

	ck_assert_int_eq(cancel_create(NULL, &cancel, NULL), VM_OK);
	call_init(&call, cancel, 60000);
	ck_assert_int_eq(vm_call_cancel_fd(&call.vm), cancel_fd(cancel));
	ck_assert(!vm_call_cancelled(&call.vm));
	cancel_trigger(cancel);
	ck_assert(vm_call_cancelled(&call.vm));
	ck_assert(!call.vm.table->sleep_ms(&call.vm, 60000));
	ck_assert_int_eq(vm_call_check(&call.vm, "stat", &err), VM_ERR_CANCELLED);
	ck_assert_str_eq(err.message, "stat: cancelled");
	cancel_destroy(cancel);
}
END_TEST

START_TEST(a_sleep_ends_at_the_deadline)
{
	int64_t start = clock_monotonic_ms();
	struct vm_error err;
	struct call call;

	call_init(&call, NULL, 40);
	ck_assert_int_le(vm_call_time_left_ms(&call.vm), 40);
	ck_assert(!call.vm.table->sleep_ms(&call.vm, 600000));
	ck_assert_int_ge(clock_monotonic_ms() - start, 40);
	ck_assert_int_eq(vm_call_time_left_ms(&call.vm), 0);
	ck_assert_int_eq(vm_call_check(&call.vm, "stat", &err), VM_ERR_TIMEOUT);
	ck_assert_str_eq(err.message, "stat: no time left");
}
END_TEST

START_TEST(a_time_beyond_all_clocks_is_none)
{
	struct call call;

	call_init(&call, NULL, UINT64_MAX);
	ck_assert_int_eq(vm_call_time_left_ms(&call.vm), INT64_MAX);
}
END_TEST

static void note(void *ctx, uint64_t done, uint64_t total)
{
	uint64_t *told = ctx;

	told[0] = done;
	told[1] = total;
}

START_TEST(progress_reaches_who_wants_it)
{
	uint64_t told[2] = {0};
	struct call call;

	call_init(&call, NULL, 0);
	call.progress = note;
	call.progress_ctx = told;
	vm_call_progress(&call.vm, 3, 7);
	ck_assert_uint_eq(told[0], 3);
	ck_assert_uint_eq(told[1], 7);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("call");

	tcase_add_test(tests, a_call_without_anything_never_ends);
	tcase_add_test(tests, the_table_has_every_function);
	tcase_add_test(tests, the_token_is_heard);
	tcase_add_test(tests, a_sleep_ends_at_the_deadline);
	tcase_add_test(tests, a_time_beyond_all_clocks_is_none);
	tcase_add_test(tests, progress_reaches_who_wants_it);
	return run_tests(tests, "call");
}
