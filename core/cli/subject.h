/* subject.h - a plugin that is to be tested, with the configuration that it is tested with. */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "cli/arguments.h"
#include "plugin/load.h"
#include "plugin/option_bind.h"

struct subject {
	struct plugins plugins;
	struct plugin *plugin;
	void *config; /* what its options fill */
	struct option_memory *memory;
};

/*
 * Opens the file (a plugin's name will do) and binds its options from `config`,
 * a file that holds what stands between the braces of a pipeline file's group;
 * NULL: all defaults. What is wrong is printed on stderr. Returns an exit code;
 * subject_close must be called whatever it is.
 */
int subject_open(const struct arguments *arguments, const char *file, const char *config,
                 struct subject *out);
void subject_close(struct subject *subject);

/* Whether the default of every row can be read, also those of groups. */
int subject_read_fallbacks(const struct vm_option *table, struct vm_error *err);

#endif
