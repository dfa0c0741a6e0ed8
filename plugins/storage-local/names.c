/* names.c - the names in a folder, in the order of the keys that they are part of. */
#include "names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 16 };

/* DT_DIR, DT_REG or something else. */
static unsigned char type_of(int folder, const struct dirent *entry)
{
	struct stat file;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (fstatat(folder, entry->d_name, &file, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return S_ISDIR(file.st_mode) ? DT_DIR : S_ISREG(file.st_mode) ? DT_REG : DT_UNKNOWN;
}

static int add(struct names *names, const char *name, const char *end)
{
	size_t length = strlen(name), size = length + strlen(end) + 1;
	char *item;

	if (names->count == names->capacity) {
		size_t capacity = names->capacity > 0 ? 2 * names->capacity : FIRST_CAPACITY;
		char **items = reallocarray(names->items, capacity, sizeof *items);

		if (items == NULL)
			return ENOMEM;
		names->items = items;
		names->capacity = capacity;
	}
	item = malloc(size);
	if (item == NULL)
		return ENOMEM;
	snprintf(item, size, "%s%s", name, end);
	names->items[names->count++] = item;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static int read_entries(DIR *listing, const char *prefix, struct names *names)
{
	size_t length = strlen(prefix);
	int code = 0;

	while (code == 0) {
		const struct dirent *entry;
		unsigned char type;

		errno = 0;
		entry = readdir(listing);
		if (entry == NULL)
			return errno;
		if (strncmp(entry->d_name, prefix, length) != 0 || strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		type = type_of(dirfd(listing), entry);
		if (type == DT_DIR || type == DT_REG)
			code = add(names, entry->d_name, "");
		if (type == DT_DIR && code == 0)
			code = add(names, entry->d_name, "/");
	}
	return code;
}

int names_read(int parent, const char *name, const char *prefix, struct names *names)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
	int code;

	if (listing == NULL) {
		code = errno;
		if (fd >= 0)
			close(fd);
		return code;
	}
	code = read_entries(listing, prefix, names);
	closedir(listing);
	/*
	 * "a/" stands for all keys that begin so. No file's name holds a "/", so the
	 * order of these names is the order of the whole keys: "a.b" before "a/b".
	 */
	if (names->count > 0)
		qsort(names->items, names->count, sizeof *names->items, compare);
	return code;
}

void names_finish(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){0};
}
