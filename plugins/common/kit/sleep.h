/* sleep.h - waiting that ends early when the operation does. */
#ifndef KIT_SLEEP_H
#define KIT_SLEEP_H

#include <vidmill/host.h>

/*
 * True when the time passed, false when cancellation or the deadline cut it
 * short: vm_call_check then says which. `call` may be NULL.
 */
bool kit_sleep_ms(const struct vm_call *call, uint64_t duration_ms);

#endif
