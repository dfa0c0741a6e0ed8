/* hostile.h - codec children that speak the protocol wrongly, each in its own way. */
#ifndef TESTS_WORKER_HOSTILE_H
#define TESTS_WORKER_HOSTILE_H

#include <stdbool.h>

struct hostile {
	const char *name; /* of the stage that starts it */
	/* What the worker is to say of it; part of the reason. NULL: it breaks no rule. */
	const char *reason;
	void (*behave)(int descriptor);
	bool before_hello; /* these stand last */
};

extern const struct hostile hostiles[]; /* ended by NULL */

/* Does not return when there is one of this name. */
void hostile_run(const char *name, int descriptor);

#endif
