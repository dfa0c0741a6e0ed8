/* folder.c - folders of our own: private, and durable before anything is put into them. */
#include "kit/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDER = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

int kit_folder_enter(int parent, const char *name, bool make)
{
	if (make) {
		if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
			return -1;
		/* Whoever made it first may not have come to this yet, or may have died before it. */
		if (fsync(parent) != 0)
			return -1;
	}
	return openat(parent, name, OPEN_FOLDER | O_NOFOLLOW);
}

/* Makes the folder in its parent, which may have to be made first. */
static int make_folder(const char *path)
{
	char *above = strdup(path), *name;
	size_t length = strlen(path);
	int parent, made = -1;

	if (above == NULL)
		return -1;
	while (length > 1 && above[length - 1] == '/')
		above[--length] = '\0';
	name = strrchr(above, '/');
	*name++ = '\0';
	parent = kit_folder_open(above[0] != '\0' ? above : "/");
	if (parent >= 0) {
		made = mkdirat(parent, name, 0700);
		close(parent);
	}
	free(above);
	return made == 0 || errno == EEXIST ? 0 : -1;
}

/* A parent that may be passed through but not read is not ours, and so was not made by us. */
static int sync_name(int folder)
{
	int parent = openat(folder, "..", OPEN_FOLDER);
	int synced;

	if (parent < 0)
		return errno == EACCES ? 0 : -1;
	synced = fsync(parent);
	close(parent);
	return synced;
}

int kit_folder_open(const char *path)
{
	int folder = open(path, OPEN_FOLDER);

	if (folder < 0 && errno == ENOENT && make_folder(path) == 0)
		folder = open(path, OPEN_FOLDER);
	if (folder >= 0 && sync_name(folder) != 0) {
		close(folder);
		return -1;
	}
	return folder;
}
