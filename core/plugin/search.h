/* search.h - the search path: folders, and the files of plugins in them. */
#ifndef PLUGIN_SEARCH_H
#define PLUGIN_SEARCH_H

#include <limits.h>

#include <vidmill/status.h>

/* Where plugins lie when nobody says otherwise; *out is freed by the caller. */
int search_default_path(char **out, struct vm_error *err);

/* The first NAME.so of the path; VM_ERR_CONFIG, with the nearest name, when there is none. */
int search_file(const char *search_path, const char *name, char path[PATH_MAX],
                struct vm_error *err);

/* The names of all files NAME.so of the path, in order and each once. */
struct search_names {
	char **items;
	size_t count;
};

int search_names(const char *search_path, struct search_names *out, struct vm_error *err);
void search_names_finish(struct search_names *names);

#endif
