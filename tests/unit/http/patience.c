/* patience.c - a call that a test cancels. */
#include "patience.h"

#include <check.h>
#include <time.h>
#include <unistd.h>

int64_t patience_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct patience *of(const struct vm_call *call)
{
	return (const struct patience *)(const void *)call;
}

static bool cancelled(const struct vm_call *call)
{
	return atomic_load(&of(call)->cancelled);
}

static int cancel_fd(const struct vm_call *call)
{
	return of(call)->with_fd ? of(call)->pipe[0] : -1;
}

static int64_t time_left_ms(const struct vm_call *call)
{
	int64_t left;

	if (of(call)->end_ms == 0)
		return INT64_MAX;
	left = of(call)->end_ms - patience_now_ms();
	return left > 0 ? left : 0;
}

static void pause_ms(uint64_t ms)
{
	const struct timespec pause = {.tv_sec = (time_t)(ms / 1000),
	                               .tv_nsec = (long)(ms % 1000) * 1000000};

	nanosleep(&pause, NULL);
}

static bool sleep_ms(const struct vm_call *call, uint64_t duration_ms)
{
	for (uint64_t slept = 0; slept < duration_ms; slept += 5) {
		if (cancelled(call) || time_left_ms(call) <= 0)
			return false;
		pause_ms(5);
	}
	return true;
}

static void progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	(void)call;
	(void)done;
	(void)total;
}

static const struct vm_call_table table = {
    .size = sizeof table,
    .cancelled = cancelled,
    .cancel_fd = cancel_fd,
    .time_left_ms = time_left_ms,
    .sleep_ms = sleep_ms,
    .progress = progress,
};

void patience_start(struct patience *patience, uint64_t deadline_ms)
{
	*patience = (struct patience){.call = {.table = &table}};
	ck_assert_int_eq(pipe(patience->pipe), 0);
	patience->end_ms = deadline_ms > 0 ? patience_now_ms() + (int64_t)deadline_ms : 0;
}

static void *cancel(void *ctx)
{
	struct patience *patience = ctx;

	pause_ms(patience->after_ms);
	atomic_store(&patience->cancelled, true);
	ck_assert_int_eq(write(patience->pipe[1], "", 1), 1);
	return NULL;
}

void patience_cancel_after(struct patience *patience, uint64_t after_ms, bool with_fd)
{
	patience_start(patience, 0);
	patience->with_fd = with_fd;
	patience->after_ms = after_ms;
	ck_assert_int_eq(pthread_create(&patience->thread, NULL, cancel, patience), 0);
}

void patience_finish(struct patience *patience)
{
	if (patience->after_ms > 0)
		pthread_join(patience->thread, NULL);
	close(patience->pipe[0]);
	close(patience->pipe[1]);
}
