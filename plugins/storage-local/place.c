/* place.c - the folder in which the object of a key lies. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kit/folder.h"

int place_open(struct store *store, const char *key, bool make, struct place *place)
{
	char *segment = place->key, *slash;
	int code = 0;

	/*
	 * One openat with O_NOFOLLOW a segment, where openat2 could take all in one
	 * call: folders have to be made one by one anyway, so this is the only way
	 * through, the same on every kernel.
	 */
	snprintf(place->key, sizeof place->key, "%s", key);
	place->depth = 0;
	place->folder = fcntl(store->objects, F_DUPFD_CLOEXEC, 0);
	if (place->folder < 0)
		return errno;
	while ((slash = strchr(segment, '/')) != NULL) {
		int next;

		*slash = '\0';
		next = kit_folder_enter(place->folder, segment, make);
		if (next < 0)
			code = errno;
		close(place->folder);
		place->folder = next;
		if (code != 0)
			return code;
		place->depth++;
		segment = slash + 1;
	}
	place->name = segment;
	return 0;
}

void place_close(struct place *place)
{
	close(place->folder);
}

int place_stat(const struct place *place, struct stat *file)
{
	if (fstatat(place->folder, place->name, file, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOTDIR ? ENOENT : errno;
	return S_ISREG(file->st_mode) ? 0 : ENOENT;
}

/* The segment before `segment`: place->key has a NUL for each "/". */
static const char *segment_before(const struct place *place, const char *segment)
{
	const char *end = segment - 1;

	while (end > place->key && end[-1] != '\0')
		end--;
	return end;
}

int place_prune(struct place *place)
{
	const char *segment = place->name;
	int code = 0;

	/* A folder into which somebody puts something meanwhile is not empty, or that put makes it
	 * again: publish looks for its place anew when it is gone. */
	while (place->depth > 0) {
		int above = openat(place->folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		segment = segment_before(place, segment);
		if (above < 0)
			break;
		if (unlinkat(above, segment, AT_REMOVEDIR) != 0) {
			close(above);
			break;
		}
		close(place->folder);
		place->folder = above;
		place->depth--;
	}
	if (fsync(place->folder) != 0)
		code = errno;
	place_close(place);
	return code;
}
