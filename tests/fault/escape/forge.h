/* forge.h - what a codec child that is taken over says to its worker. */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include <vidmill/status.h>

/*
 * Writes frames of its own to the socket. "honest" is one that any child may
 * send, so VM_OK; behind any other it waits to be ended.
 */
int forge(const char *name, struct vm_error *err);

#endif
