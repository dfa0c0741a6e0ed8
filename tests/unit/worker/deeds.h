/* deeds.h - what an attempt does that lasts, in the order in which it does it. */
#ifndef TESTS_WORKER_DEEDS_H
#define TESTS_WORKER_DEEDS_H

/* [any thread] The same again at once counts as one. */
void deeds_add(const char *deed);
/* "started, outputs, manifest, succeeded, removed" of this test's process. */
const char *deeds(void);

#endif
