/* places.h - the instances that a pipeline names, made and ended together. */
#ifndef SERVER_PLACES_H
#define SERVER_PLACES_H

#include "server/server.h"

/* Makes all; no I/O. `places` is zeroed on failure. [main thread] */
int places_create(const struct pipeline *pipeline, const char *state_dir, struct places *places,
                  struct vm_error *err);
void places_destroy(struct places *places);

#endif
