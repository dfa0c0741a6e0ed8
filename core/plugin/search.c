/* search.c - walks the folders of the search path; what is not there is passed over. */
#include "plugin/search.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/suggest.h"

static const char suffix[] = ".so";
enum { SUFFIX_BYTES = sizeof suffix - 1 };

int search_default_path(char **out, struct vm_error *err)
{
	char program[PATH_MAX], path[2 * PATH_MAX + 128];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	char *slash;

	if (length < 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "where this program lies is not known (%s): set VIDMILL_PLUGIN_PATH",
		               strerror(errno));
	program[length] = '\0';
	slash = strrchr(program, '/');
	if (slash != NULL)
		*slash = '\0';
	snprintf(path, sizeof path, "%s/../lib/vidmill:%s/%s", program, program,
	         VIDMILL_PLUGINS_FROM_PROGRAM);
	*out = strdup(path);
	return *out != NULL ? VM_OK : vm_fail_memory(err);
}

/* The next folder of *path, which moves on; false at its end. An empty one is passed over. */
static bool next_folder(const char **path, const char **folder, int *length)
{
	*path += strspn(*path, ":");
	*folder = *path;
	*length = (int)strcspn(*path, ":");
	*path += *length;
	return *length > 0;
}

static int fail_not_found(const char *search_path, const char *name, struct vm_error *err)
{
	struct search_names names = {0};
	const char *near = NULL;
	int status;

	if (search_names(search_path, &names, NULL) == VM_OK)
		near = suggest_name(name, (const char *const *)names.items, names.count);
	if (near != NULL)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "no plugin \"%s\"; did you mean \"%s\"?", name,
		                 near);
	else
		status = vm_fail(err, VM_ERR_NOT_FOUND, "no plugin \"%s\" in %s", name, search_path);
	search_names_finish(&names);
	return status;
}

int search_file(const char *search_path, const char *name, char path[PATH_MAX],
                struct vm_error *err)
{
	const char *at = search_path, *folder;
	int length;

	while (next_folder(&at, &folder, &length)) {
		int printed = snprintf(path, PATH_MAX, "%.*s/%s%s", length, folder, name, suffix);

		if (printed > 0 && printed < PATH_MAX && access(path, F_OK) == 0)
			return VM_OK;
	}
	return fail_not_found(search_path, name, err);
}

static bool has_name(const struct search_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

/* Takes `name` over, also when it fails. */
static bool add_name(struct search_names *names, char *name)
{
	char **items;

	if (name == NULL || has_name(names, name)) {
		free(name);
		return name != NULL;
	}
	items = realloc(names->items, (names->count + 1) * sizeof *items);
	if (items == NULL) {
		free(name);
		return false;
	}
	names->items = items;
	names->items[names->count++] = name;
	return true;
}

static bool add_folder(struct search_names *names, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *file;
	bool added = true;

	if (dir == NULL)
		return true;
	while (added && (file = readdir(dir)) != NULL) {
		size_t length = strlen(file->d_name);

		if (file->d_name[0] != '.' && length > SUFFIX_BYTES &&
		    strcmp(file->d_name + length - SUFFIX_BYTES, suffix) == 0)
			added = add_name(names, strndup(file->d_name, length - SUFFIX_BYTES));
	}
	closedir(dir);
	return added;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int search_names(const char *search_path, struct search_names *out, struct vm_error *err)
{
	struct search_names names = {0};
	const char *at = search_path, *folder;
	char path[PATH_MAX];
	int length;

	while (next_folder(&at, &folder, &length)) {
		int printed = snprintf(path, sizeof path, "%.*s", length, folder);

		if (printed < (int)sizeof path && !add_folder(&names, path)) {
			search_names_finish(&names);
			return vm_fail_memory(err);
		}
	}
	if (names.count > 0)
		qsort(names.items, names.count, sizeof *names.items, by_name);
	*out = names;
	return VM_OK;
}

void search_names_finish(struct search_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct search_names){0};
}
