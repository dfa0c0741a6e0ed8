/* publish.c - a draft becomes an object, in one step and for good. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "draft.h"
#include "kit/fail.h"
#include "place.h"

/* A place is looked for anew as often as this when removals prune its folders away. */
enum { TRIES = 100 };

/* 0 or errno. */
static int take_name(struct store *store, struct draft *draft, const struct place *place,
                     bool if_absent)
{
	if (!if_absent) {
		if (renameat(store->tmp, draft->name, place->folder, place->name) != 0)
			return errno;
	} else {
		struct stat there;

		/* A link, unlike a rename, replaces nothing. */
		if (linkat(store->tmp, draft->name, place->folder, place->name, 0) != 0) {
			int code = errno;

			return code == EEXIST && fstatat(place->folder, place->name, &there, 0) == 0 &&
			               S_ISDIR(there.st_mode)
			           ? EISDIR
			           : code;
		}
		unlinkat(store->tmp, draft->name, 0);
	}
	draft->name[0] = '\0';
	return 0;
}

static int publish_once(struct store *store, struct draft *draft, const char *key, bool if_absent)
{
	struct place place;
	int code = place_open(store, key, true, &place);

	if (code != 0)
		return code;
	code = take_name(store, draft, &place, if_absent);
	if (code == 0 && fsync(place.folder) != 0)
		code = errno;
	place_close(&place);
	return code;
}

int draft_publish(struct store *store, struct draft *draft, const char *key, bool if_absent,
                  const char *what, struct vm_error *err)
{
	int code = ENOENT;

	for (int i = 0; i < TRIES && code == ENOENT; i++)
		code = publish_once(store, draft, key, if_absent);
	switch (code) {
	case 0:
		return VM_OK;
	case EEXIST:
		return vm_fail(err, VM_ERR_CONFLICT, "%s: there is an object with this key", what);
	case EISDIR:
	case ENOTDIR:
		return vm_fail(err, VM_ERR_UNSUPPORTED,
		               "%s: a file cannot be a folder too: there are keys below this one, or an "
		               "object has the name of a folder of it",
		               what);
	case ENOENT:
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: something removes the folders of %s", what,
		               store->root);
	default:
		return kit_fail_errno(err, code, store->root, "%s", what);
	}
}
