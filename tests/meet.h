/* meet.h - racers of a test, in threads and processes, that go on at once. */
#ifndef TESTS_MEET_H
#define TESTS_MEET_H

#include <check.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

/* Counts this one as there, then waits for the others; one that has died is not waited for long. */
static inline void meet_at(atomic_int *there, int racers)
{
	struct timespec now;
	time_t begin_s;

	clock_gettime(CLOCK_MONOTONIC, &now);
	begin_s = now.tv_sec;
	atomic_fetch_add(there, 1);
	while (atomic_load(there) < racers) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		ck_assert_msg(now.tv_sec - begin_s < 60, "a racer does not come");
		sched_yield();
	}
}

#endif
