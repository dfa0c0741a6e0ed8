/* call.c - what a plugin may ask of an operation in flight, answered by token and clock. */
#include "support/call.h"

#include "support/clock.h"

static const struct call *call_of(const struct vm_call *vm)
{
	return (const struct call *)vm;
}

static bool call_cancelled(const struct vm_call *vm)
{
	return cancel_triggered(call_of(vm)->cancel);
}

static int call_cancel_fd(const struct vm_call *vm)
{
	return cancel_fd(call_of(vm)->cancel);
}

static int64_t call_time_left_ms(const struct vm_call *vm)
{
	const struct call *call = call_of(vm);
	int64_t now = clock_monotonic_ms();

	if (call->deadline_ms == INT64_MAX)
		return INT64_MAX;
	return call->deadline_ms > now ? call->deadline_ms - now : 0;
}

static bool call_sleep_ms(const struct vm_call *vm, uint64_t duration_ms)
{
	uint64_t left_ms = (uint64_t)call_time_left_ms(vm);

	if (duration_ms <= left_ms)
		return cancel_sleep_ms(call_of(vm)->cancel, duration_ms);
	cancel_sleep_ms(call_of(vm)->cancel, left_ms);
	return false;
}

static void call_progress(const struct vm_call *vm, uint64_t done, uint64_t total)
{
	const struct call *call = call_of(vm);

	if (call->progress != NULL)
		call->progress(call->progress_ctx, done, total);
}

static const struct vm_call_table call_table = {
    .size = sizeof call_table,
    .cancelled = call_cancelled,
    .cancel_fd = call_cancel_fd,
    .time_left_ms = call_time_left_ms,
    .sleep_ms = call_sleep_ms,
    .progress = call_progress,
};

void call_init(struct call *call, const struct cancel *cancel, uint64_t time_ms)
{
	int64_t now = clock_monotonic_ms();

	*call = (struct call){.vm.table = &call_table, .cancel = cancel, .deadline_ms = INT64_MAX};
	if (time_ms != 0 && time_ms < (uint64_t)(INT64_MAX - now))
		call->deadline_ms = now + (int64_t)time_ms;
}
