/* publish.c - a draft becomes an object, in one step and for good. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "draft.h"
#include "kit/fail.h"
#include "kit/folder.h"
#include "kit/lock.h"
#include "place.h"
#include "tmp.h"

/* So often it is begun anew when others change the folders on the way meanwhile. */
enum { TRIES = 100 };

struct publishing {
	struct store *store;
	struct draft *draft;
	const char *key;
	bool if_absent;
	const char *what;
	const struct vm_call *call;
};

static int lock(const struct publishing *p, const struct place *place, struct vm_error *err)
{
	return kit_lock(place->folder, p->what, p->call, err);
}

/*
 * Makes of the object at the place a folder that holds it, in one step: nobody
 * ever sees it missing. The place is locked, as it is by whoever replaces or
 * removes a file: what lies in the folder is the object's newest version. 0, also
 * when others were faster; or errno, ENOTDIR when what is there is no object.
 */
static int make_folder(struct store *store, const struct place *place, const char *name)
{
	struct stat file;
	int folder, code = 0;

	if (fstatat(place->folder, place->name, &file, AT_SYMLINK_NOFOLLOW) != 0 ||
	    S_ISDIR(file.st_mode))
		return 0;
	if (!S_ISREG(file.st_mode))
		return ENOTDIR;
	folder = kit_folder_enter(store->tmp, name, true);
	if (folder < 0)
		return errno;
	if (linkat(place->folder, place->name, folder, ITSELF, 0) != 0 || fsync(folder) != 0 ||
	    renameat2(store->tmp, name, place->folder, place->name, RENAME_EXCHANGE) != 0 ||
	    fsync(place->folder) != 0)
		code = errno;
	close(folder);
	tmp_remove(store->tmp, name);
	return code;
}

static int make_way(const struct publishing *p, const struct place *place, int *code,
                    struct vm_error *err)
{
	char name[DRAFT_NAME_MAX];
	int status = draft_name(name, p->what, err);

	if (status == VM_OK)
		status = lock(p, place, err);
	if (status == VM_OK)
		*code = make_folder(p->store, place, name);
	return status;
}

/* 0 or errno. A link, unlike a rename, replaces nothing. */
static int link_name(const struct publishing *p, const struct place *place, struct stat *there,
                     bool *is_new)
{
	struct stat ours;

	*is_new = linkat(p->store->tmp, p->draft->name, place->folder, place->name, 0) == 0;
	if (*is_new)
		return 0;
	if (errno != EEXIST)
		return errno;
	if (fstatat(place->folder, place->name, there, AT_SYMLINK_NOFOLLOW) != 0 ||
	    fstatat(p->store->tmp, p->draft->name, &ours, AT_SYMLINK_NOFOLLOW) != 0)
		return errno;
	/* A commit that was interrupted had come as far as this. */
	return there->st_ino == ours.st_ino ? 0 : EEXIST;
}

/* Gives the draft the name at the place, which is free, or inside, where it is a folder. */
static int take_name(const struct publishing *p, struct place *place, bool *is_new)
{
	struct stat there;
	int code = link_name(p, place, &there, is_new);

	if (code != EEXIST || !S_ISDIR(there.st_mode))
		return code;
	code = place_enter(place);
	return code != 0 ? code : link_name(p, place, &there, is_new);
}

/* Gives it a name that is taken; EISDIR when that became a folder meanwhile. */
static int replace(const struct publishing *p, const struct place *place, int *code,
                   struct vm_error *err)
{
	int status = lock(p, place, err);

	if (status == VM_OK)
		*code = renameat(p->store->tmp, p->draft->name, place->folder, place->name) == 0 ? 0
		                                                                                 : errno;
	return status;
}

/* One try. A status, or errno in *code: ENOENT to begin anew. */
static int publish_once(const struct publishing *p, int *code, struct vm_error *err)
{
	struct place place;
	bool is_new = false;
	int status = VM_OK;

	*code = place_open(p->store, p->key, true, &place);
	if (*code == ENOTDIR) {
		status = make_way(p, &place, code, err);
		if (*code == 0)
			*code = ENOENT;
	} else if (*code == 0) {
		*code = take_name(p, &place, &is_new);
		if (*code == EEXIST && !p->if_absent)
			status = replace(p, &place, code, err);
		if (*code == EISDIR)
			*code = ENOENT;
	}
	if (status == VM_OK && *code == 0 && fsync(place.folder) != 0) {
		*code = errno;
		/* Nobody may build on a name that a power failure could take away; where it
		 * replaced another, one of the two is there. */
		if (is_new)
			unlinkat(place.folder, place.name, 0);
	}
	place_close(&place);
	return status;
}

int draft_publish(struct store *store, struct draft *draft, const char *key, bool if_absent,
                  const char *what, const struct vm_call *call, struct vm_error *err)
{
	const struct publishing p = {store, draft, key, if_absent, what, call};
	int code = ENOENT;

	for (int i = 0; i < TRIES && code == ENOENT; i++) {
		int status = publish_once(&p, &code, err);

		if (status != VM_OK)
			return status;
	}
	switch (code) {
	case 0:
		return VM_OK;
	case EEXIST:
		return vm_fail(err, VM_ERR_CONFLICT, "%s: there is an object with this key", what);
	case ENOTDIR:
		return vm_fail(err, VM_ERR_UNSUPPORTED,
		               "%s: a symbolic link or a special file stands in its way", what);
	case EPERM:
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: the file system of %s has no hard links: name a folder of another",
		               what, store->root);
	case ENOENT:
		return vm_fail(err, VM_ERR_UNAVAILABLE, "%s: something removes the folders of %s", what,
		               store->root);
	default:
		return kit_fail_errno(err, code, store->root, "%s", what);
	}
}
