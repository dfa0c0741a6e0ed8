/* lock.c - one at a time, across threads and processes. */
#include "kit/lock.h"

#include <errno.h>
#include <sys/file.h>

#include "kit/fail.h"
#include "kit/sleep.h"

/* flock has no deadline and cannot be cancelled, so it is asked again; holders are quick. */
enum { POLL_MS = 10 };

int kit_lock(int fd, const char *what, const struct vm_call *call, struct vm_error *err)
{
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		int status;

		if (errno != EWOULDBLOCK && errno != EINTR)
			return kit_fail_errno(err, errno, "its lock", "%s", what);
		status = vm_call_check(call, what, err);
		if (status != VM_OK)
			return status;
		kit_sleep_ms(call, POLL_MS);
	}
	return VM_OK;
}
