/* scan_names.h - the names of the settings in all groups that are open now. */
#ifndef PIPELINE_SCAN_NAMES_H
#define PIPELINE_SCAN_NAMES_H

#include <vidmill/status.h>

struct scan_name {
	const char *text; /* borrowed; NULL: here an inner group begins */
	size_t length;
	unsigned file, line;
};

/* A zeroed one is the outermost group, empty. */
struct scan_names {
	struct scan_name *items;
	size_t count, capacity;
};

int scan_names_enter(struct scan_names *names, unsigned file, unsigned line, struct vm_error *err);
void scan_names_leave(struct scan_names *names); /* the outermost group is never left */
int scan_names_add(struct scan_names *names, const struct scan_name *name, struct vm_error *err);
/* In the innermost group; NULL: it is new. */
const struct scan_name *scan_names_find(const struct scan_names *names,
                                        const struct scan_name *name);
/* Where the innermost group began; NULL: the outermost is open alone. */
const struct scan_name *scan_names_open(const struct scan_names *names);
void scan_names_finish(struct scan_names *names);

#endif
