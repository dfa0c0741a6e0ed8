/* option_bind.h - a group of a libconfig file, checked by an option table, put into a struct. */
#ifndef PLUGIN_OPTION_BIND_H
#define PLUGIN_OPTION_BIND_H

#include <libconfig.h>

#include <vidmill/option.h>

#include "support/diagnostics.h"

/* What binds allocated: strings, lists and secrets, which are wiped when it is freed. */
struct option_memory;

struct option_source {
	const config_setting_t *group; /* NULL: nothing was written, all defaults */
	const char *role;              /* said in every message: "storage.unprocessed" */
	const char *const
	    *reserved; /* names in the group that are not options, ended by NULL; may be NULL */
};

/*
 * Fills `config` (zeroed by the caller, as large as the table says). What the
 * config points at is added to *memory (NULL: empty), which the caller frees
 * when the config is no longer used, also when there were errors. All errors go
 * to `found`: unknown, missing, duplicate, out of range, wrong type, bad secret,
 * each a sentence of its own with file:line and "did you mean".
 */
void option_bind(const struct vm_option *table, const struct option_source *source, void *config,
                 struct option_memory **memory, struct diagnostics *found);
void option_memory_free(struct option_memory *memory); /* accepts NULL */

#endif
