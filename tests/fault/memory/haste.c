/* haste.c - once an allocation was refused, time runs faster. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "refuse.h"

/*
 * Patience in tests is for slow machines: a minute for what takes a
 * millisecond. In the run of a refused allocation that minute takes three
 * seconds, of the monotonic clock and of what waits by it. Waits are cut into
 * slices, for it may begin in the middle of one.
 */
enum { TIMES = 20, SLICE_MS = 50 };

static const int64_t NS = 1000000000;

static int64_t clock_ns(clockid_t clock)
{
	static int (*next)(clockid_t, struct timespec *);
	struct timespec now;

	NEXT(next, "clock_gettime");
	next(clock, &now);
	return (int64_t)now.tv_sec * NS + now.tv_nsec;
}

static int64_t real_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static int64_t wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

/* 0: time runs as it does. */
static int64_t hastens_from_ns(void)
{
	return turn != NULL && getpid() != turn->top ? turn->refused_ns : 0;
}

static int64_t fast_ns(void)
{
	int64_t now = real_ns(), from = hastens_from_ns();

	return from == 0 ? now : from + (now - from) * TIMES;
}

static struct timespec to_timespec(int64_t ns)
{
	return (struct timespec){.tv_sec = ns / NS, .tv_nsec = ns % NS};
}

int64_t haste_begin_ns(void)
{
	return real_ns();
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *out)
{
	static int (*next)(clockid_t, struct timespec *);

	NEXT(next, "clock_gettime");
	if (clock != CLOCK_MONOTONIC)
		return next(clock, out);
	*out = to_timespec(fast_ns());
	return 0;
}

EXPORT int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	static int (*next)(struct pollfd *, nfds_t, int);
	int64_t until = fast_ns() + (int64_t)timeout_ms * 1000000, left;
	int ready;

	NEXT(next, "poll");
	if (timeout_ms <= 0 || turn == NULL)
		return next(fds, count, timeout_ms);
	do {
		left = (until - fast_ns()) / (hastens_from_ns() != 0 ? TIMES : 1) / 1000000 + 1;
		ready = next(fds, count, left < SLICE_MS ? (int)left : SLICE_MS);
	} while (ready == 0 && fast_ns() < until);
	return ready;
}

static int sleep_until(int64_t until, struct timespec *left)
{
	static int (*next)(const struct timespec *, struct timespec *);
	int64_t now, slice;

	NEXT(next, "nanosleep");
	while ((now = fast_ns()) < until) {
		slice = (until - now) / (hastens_from_ns() != 0 ? TIMES : 1) + 1;
		if (slice > SLICE_MS * NS / 1000)
			slice = SLICE_MS * NS / 1000;
		if (next(&(struct timespec){.tv_nsec = slice}, NULL) != 0 && errno == EINTR) {
			if (left != NULL)
				*left = to_timespec(until > fast_ns() ? until - fast_ns() : 0);
			return -1;
		}
	}
	return 0;
}

EXPORT int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	return sleep_until(fast_ns() + (int64_t)wanted->tv_sec * NS + wanted->tv_nsec, left);
}

/* A time of the wall clock is known by its size: the other clock began when the machine did. */
EXPORT int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                  const struct timespec *until)
{
	static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
	bool by_wall = until->tv_sec > 1000000000;
	int64_t end = (int64_t)until->tv_sec * NS + until->tv_nsec, slice;
	struct timespec real;
	int result;

	NEXT(next, "pthread_cond_timedwait");
	if (turn == NULL)
		return next(cond, mutex, until);
	if (by_wall)
		end += fast_ns() - wall_ns();
	do {
		slice = (end - fast_ns()) / (hastens_from_ns() != 0 ? TIMES : 1);
		if (slice > SLICE_MS * NS / 1000)
			slice = SLICE_MS * NS / 1000;
		real = to_timespec((by_wall ? wall_ns() : real_ns()) + slice);
		result = next(cond, mutex, &real);
	} while (result == ETIMEDOUT && fast_ns() < end);
	return result;
}
