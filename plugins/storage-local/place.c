/* place.c - the folder in which the object of a key lies. */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kit/folder.h"

int place_open(struct store *store, const char *key, bool make, struct place *place)
{
	char *slash;

	/*
	 * One openat with O_NOFOLLOW a segment, where openat2 could take all in one
	 * call: folders have to be made one by one anyway, so this is the only way
	 * through, the same on every kernel.
	 */
	snprintf(place->key, sizeof place->key, "%s/%s", key, ITSELF);
	place->key[strlen(key)] = '\0';
	place->name = place->key;
	place->depth = 0;
	/* Opened, not duplicated: a lock on it is this place's own. */
	place->folder = openat(store->objects, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->folder < 0)
		return errno;
	while ((slash = strchr(place->name, '/')) != NULL) {
		int next;

		*slash = '\0';
		next = kit_folder_enter(place->folder, place->name, make);
		if (next < 0)
			return errno;
		place_close(place);
		place->folder = next;
		place->depth++;
		place->name = slash + 1;
	}
	return 0;
}

void place_close(struct place *place)
{
	if (place->folder >= 0)
		close(place->folder);
	place->folder = -1;
}

int place_enter(struct place *place)
{
	int next = kit_folder_enter(place->folder, place->name, false);

	if (next < 0)
		return errno;
	place_close(place);
	place->folder = next;
	place->depth++;
	place->name += strlen(place->name) + 1;
	return 0;
}

/* The name of the folder itself: the segment before place->name. */
static char *folder_name(const struct place *place)
{
	char *name = place->name - 1;

	while (name > place->key && name[-1] != '\0')
		name--;
	return name;
}

int place_prune(struct place *place)
{
	int code = 0;

	/* A folder into which somebody puts something meanwhile is not empty, or is made again:
	 * draft_publish looks for its place anew when that is gone. */
	while (place->depth > 0) {
		int above = openat(place->folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (above < 0)
			break;
		if (unlinkat(above, folder_name(place), AT_REMOVEDIR) != 0) {
			close(above);
			break;
		}
		close(place->folder);
		place->folder = above;
		place->depth--;
		place->name = folder_name(place);
	}
	if (fsync(place->folder) != 0)
		code = errno;
	place_close(place);
	return code;
}
