/* sleep.c - waiting that ends early when the operation does. */
#include "kit/sleep.h"

#include <errno.h>
#include <time.h>

bool kit_sleep_ms(const struct vm_call *call, uint64_t duration_ms)
{
	struct timespec left = {(time_t)(duration_ms / 1000), (long)(duration_ms % 1000) * 1000000};

	if (call != NULL)
		return call->table->sleep_ms(call, duration_ms);
	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		continue;
	return true;
}
