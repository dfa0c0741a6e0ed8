/* opened.h - the pipeline file that a command was given, read and checked with its plugins. */
#ifndef CLI_OPENED_H
#define CLI_OPENED_H

#include "cli/arguments.h"
#include "pipeline/pipeline.h"

struct opened {
	char *path; /* NULL: no file was named, and there is none beside the program */
	struct plugins plugins;
	struct pipeline *pipeline; /* NULL when something was wrong */
	struct diagnostics found;  /* what was wrong, warnings included; not printed yet */
};

/*
 * Reads the file that the command's first operand names, else the local
 * pipeline that comes with vidmill. What is wrong with it is in `found` and no
 * failure. opened_close must be called in either case. [main thread]
 */
int opened_open(const struct arguments *arguments, struct opened *out, struct vm_error *err);
void opened_close(struct opened *opened);

/* Every role of the pipeline once: what stands in two places is told of once. */
typedef void opened_role_fn(void *ctx, const struct role *role);
void opened_each_role(const struct opened *opened, opened_role_fn *each, void *ctx);

#endif
