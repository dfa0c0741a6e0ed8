/* diagnostics.h - everything that is wrong with a file, collected in one run. */
#ifndef SUPPORT_DIAGNOSTICS_H
#define SUPPORT_DIAGNOSTICS_H

#include <stdio.h>

#include <vidmill/base.h>

struct diagnostic {
	char *file;    /* owned; NULL: the whole run */
	unsigned line; /* 0: the whole file */
	bool is_warning;
	char *text;
};

/* A zeroed one is empty. [one thread] */
struct diagnostics {
	struct diagnostic *items;
	size_t count;
	size_t errors;
	bool incomplete; /* memory ran out: some are missing; counts as an error */
};

void diagnostics_error(struct diagnostics *list, const char *file, unsigned line,
                       const char *format, ...) VM_PRINTF(4, 5);
void diagnostics_warning(struct diagnostics *list, const char *file, unsigned line,
                         const char *format, ...) VM_PRINTF(4, 5);

/* Ordered by file and line: "pipelines/a.cfg:14: error: storage.unprocessed: unknown option …". */
void diagnostics_print(const struct diagnostics *list, FILE *out);
void diagnostics_finish(struct diagnostics *list);

#endif
