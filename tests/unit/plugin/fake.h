/* fake.h - a plugin in memory whose operations answer what a test tells them. */
#ifndef TESTS_UNIT_PLUGIN_FAKE_H
#define TESTS_UNIT_PLUGIN_FAKE_H

#include "plugin/instance.h"

struct fake {
	struct plugin plugin; /* the test sets entry.kind, entry.ops and entry.threads */
	struct plugin_life life;
	int created, destroyed;
	int create_status; /* what create answers */
	const struct vm_host *host;
};

void fake_init(struct fake *fake, enum vm_kind kind, enum vm_threads threads);
void fake_finish(struct fake *fake);

/* An instance whose `self` is `self`; fails the test when there is none. */
struct instance *fake_instance(struct fake *fake, void *self);

/* A call in a time of its own: waits take none and are written down. [one thread] */
struct fake_call {
	struct vm_call vm;
	uint64_t waits_ms[8];
	unsigned n_waits;
};

void fake_call_init(struct fake_call *call);

/* The counters of one operation; all 0 when it was never used. */
struct instance_count fake_count(struct instance *instance, const char *operation);

#endif
