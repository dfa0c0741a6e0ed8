/* option_secret.h - a secret is written env:NAME or file:/path and read by the host alone. */
#ifndef PLUGIN_OPTION_SECRET_H
#define PLUGIN_OPTION_SECRET_H

#include <vidmill/status.h>

#include "plugin/option_memory.h"

#define OPTION_SECRET_MAX 65536

/*
 * Resolves `text` into *memory, which wipes it. One newline at the end of a
 * file is dropped. *is_exposed tells that everybody on this machine may read
 * the file. VM_ERR_CONFIG names the variable or the file, never what it holds,
 * and repeats nothing of a text that is neither.
 */
int option_secret_read(const char *text, struct option_memory **memory, const char **out,
                       bool *is_exposed, struct vm_error *err);

#endif
