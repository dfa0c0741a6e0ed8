/* deed.h - what no plugin should do, done on purpose. */
#ifndef MOCKS_DEED_H
#define MOCKS_DEED_H

#include <vidmill/status.h>

/* The names that a step's answer may have: the statuses in their order, then the deeds. */
extern const char *const deed_names[];

/* Carries out a deed (no return, most of them), or answers the status. */
int deed_do(int answer, const char *operation, struct vm_error *err);

#endif
