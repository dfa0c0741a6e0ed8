/* call.c - the host's side of a call, whose cancellation is a timer. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

int64_t contract_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void contract_sleep_ms(unsigned duration_ms)
{
	struct timespec left = {.tv_sec = duration_ms / 1000,
	                        .tv_nsec = (long)(duration_ms % 1000) * 1000000};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

static const struct contract_call *own(const struct vm_call *call)
{
	return (const struct contract_call *)call;
}

static bool cancelled(const struct vm_call *call)
{
	return contract_now_ms() >= atomic_load(&own(call)->cancel_ms);
}

static int cancel_fd(const struct vm_call *call)
{
	return own(call)->fd;
}

static int64_t time_left_ms(const struct vm_call *call)
{
	int64_t left_ms;

	if (own(call)->deadline_ms == INT64_MAX)
		return INT64_MAX;
	left_ms = own(call)->deadline_ms - contract_now_ms();
	return left_ms > 0 ? left_ms : 0;
}

static bool sleep_ms(const struct vm_call *call, uint64_t duration_ms)
{
	struct pollfd wake = {.fd = own(call)->fd, .events = POLLIN};
	int64_t left_ms = time_left_ms(call);
	bool is_short = left_ms != INT64_MAX && (uint64_t)left_ms < duration_ms;
	int64_t end_ms = contract_now_ms() + (is_short ? left_ms : (int64_t)duration_ms);

	for (;;) {
		int64_t rest_ms = end_ms - contract_now_ms();

		if (cancelled(call))
			return false;
		if (rest_ms <= 0)
			return !is_short;
		(void)poll(&wake, 1, rest_ms < 60000 ? (int)rest_ms : 60000);
	}
}

static void progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	/* The ABI hands calls about as const; what is counted is the host's own affair. */
	struct contract_call *own_call = (struct contract_call *)(uintptr_t)call;

	atomic_fetch_add(&own_call->progress_calls, 1);
	atomic_store(&own_call->done, done);
	atomic_store(&own_call->total, total);
}

static const struct vm_call_table table = {
    .size = sizeof table,
    .cancelled = cancelled,
    .cancel_fd = cancel_fd,
    .time_left_ms = time_left_ms,
    .sleep_ms = sleep_ms,
    .progress = progress,
};

static void set_timer(int fd, uint64_t after_ms)
{
	struct itimerspec when = {
	    .it_value = {.tv_sec = (time_t)(after_ms / 1000),
	                 .tv_nsec = (long)(after_ms % 1000) * 1000000},
	};

	/* Zero would switch the timer off. */
	if (after_ms == 0)
		when.it_value.tv_nsec = 1;
	timerfd_settime(fd, 0, &when, NULL);
}

void contract_call_begin(struct contract *t, struct contract_call *call, uint64_t cancel_after_ms,
                         uint64_t time_ms)
{
	int64_t now_ms = contract_now_ms();

	memset(call, 0, sizeof *call);
	call->vm.table = &table;
	call->deadline_ms = time_ms == CONTRACT_NEVER ? INT64_MAX : now_ms + (int64_t)time_ms;
	atomic_store(&call->cancel_ms, INT64_MAX);
	call->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	expect(t, call->fd >= 0, "the suite cannot make a timer: %s", strerror(errno));
	if (cancel_after_ms != CONTRACT_NEVER) {
		atomic_store(&call->cancel_ms, now_ms + (int64_t)cancel_after_ms);
		set_timer(call->fd, cancel_after_ms);
	}
}

void contract_call_cancel(struct contract_call *call)
{
	atomic_store(&call->cancel_ms, contract_now_ms());
	set_timer(call->fd, 0);
}

void contract_call_end(struct contract_call *call)
{
	close(call->fd);
}
