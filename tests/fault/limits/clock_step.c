/* clock_step.c - preloaded: the wall clock differs by as many milliseconds as a file says. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Eight bytes that a test writes while we run; NULL: the clock is right. */
static const _Atomic int64_t *step_ms;

__attribute__((constructor)) static void open_step(void)
{
	const char *path = getenv("VIDMILL_TEST_CLOCK");
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *map = fd >= 0 ? mmap(NULL, sizeof *step_ms, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

	if (fd >= 0)
		close(fd);
	if (map != MAP_FAILED)
		step_ms = map;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int failed = (int)syscall(SYS_clock_gettime, clock, now);
	int64_t nanoseconds;

	if (failed != 0 || step_ms == NULL ||
	    (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
		return failed;
	nanoseconds = now->tv_sec * INT64_C(1000000000) + now->tv_nsec + *step_ms * 1000000;
	now->tv_sec = nanoseconds / 1000000000;
	now->tv_nsec = nanoseconds % 1000000000;
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}
