/* cancel.h - a token that is triggered once and tells its children. */
#ifndef SUPPORT_CANCEL_H
#define SUPPORT_CANCEL_H

#include <stdbool.h>

#include <vidmill/status.h>

struct cancel;

/* `parent` may be NULL and must outlive the child; a triggered parent makes a triggered child. */
int cancel_create(struct cancel *parent, struct cancel **out, struct vm_error *err);
void cancel_destroy(struct cancel *cancel); /* accepts NULL; no children may be left */

/* [any thread] cancel_trigger may not be called from a signal handler. */
void cancel_trigger(struct cancel *cancel);
bool cancel_triggered(const struct cancel *cancel); /* NULL: false */
int cancel_fd(const struct cancel *cancel);         /* becomes readable: poll it, never read it */

/* Waits; true when the time passed, false when cancelled. */
bool cancel_sleep_ms(const struct cancel *cancel, uint64_t duration_ms);

#endif
