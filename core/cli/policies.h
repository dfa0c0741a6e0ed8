/* policies.h - what the services must allow to server, worker and starter, as one JSON document. */
#ifndef CLI_POLICIES_H
#define CLI_POLICIES_H

#include "cli/opened.h"

/*
 * Prints {"server": POLICY, "worker": POLICY, "starter": POLICY} with the
 * statements of all plugins that know permissions. [main thread]
 */
int policies_print(const struct opened *opened, const char *state_dir, struct vm_error *err);

#endif
