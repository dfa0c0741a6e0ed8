/* wait.h - a pause that ends with the call. */
#ifndef SQLITE_WAIT_H
#define SQLITE_WAIT_H

#include <vidmill/host.h>

/* [any thread] Ends early when the call is cancelled or its time is up. */
void wait_ms(const struct vm_call *call, uint64_t duration_ms);
int64_t wait_now_ms(void); /* monotonic */

#endif
