/* state_dir.h - the private folder of this machine's vidmill. */
#ifndef CLI_STATE_DIR_H
#define CLI_STATE_DIR_H

#include <stddef.h>

#include <vidmill/status.h>

/*
 * Writes the absolute path of the state folder and makes it (0700, parents
 * included) when it is not there. `given` is --state; NULL: $XDG_STATE_HOME/vidmill,
 * else ~/.local/state/vidmill. VM_ERR_CONFIG when it cannot be made or written to.
 */
int state_dir_make(const char *given, char *path, size_t size, struct vm_error *err);

#endif
