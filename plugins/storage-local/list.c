/* list.c - every object below a prefix, ordered by key. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kit/fail.h"
#include "names.h"
#include "object.h"
#include "place.h"

struct listing {
	struct store *store;
	const char *what;
	vm_object_fn *emit;
	void *ctx;
	const struct vm_call *call;
	enum vm_more more;
	char key[VM_KEY_MAX]; /* of the folder that is being read: ends with "/", or is empty */
};

/* What was removed while we looked is simply not listed. */
static bool is_gone(int code)
{
	return code == ENOENT || code == ENOTDIR;
}

static int list_file(struct listing *listing, int folder, const char *name, struct vm_error *err)
{
	struct vm_object object;
	struct stat file;
	int code, fd;

	/* Files that somebody else put there, under a name that is no key, and our own. */
	if (key_refusal(listing->key) != NULL)
		return VM_OK;
	code = object_open(folder, name, &fd, &file);
	if (is_gone(code))
		return VM_OK;
	if (code != 0)
		return kit_fail_errno(err, code, listing->store->root, "%s", listing->what);
	close(fd);
	object_describe(&file, &object);
	listing->more = listing->emit(listing->ctx, listing->key, &object);
	return VM_OK;
}

/* Lists what is in the folder `name` of the folder `parent` and begins with `prefix`. */
static int list_folder(struct listing *listing, int parent, const char *name, const char *prefix,
                       struct vm_error *err)
{
	size_t length = strlen(listing->key);
	struct names names = {0};
	int status = VM_OK, code = 0, folder;

	folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder >= 0)
		code = names_read(folder, ".", prefix, &names);
	else
		code = errno;
	if (code != 0 && !is_gone(code))
		status = kit_fail_errno(err, code, listing->store->root, "%s", listing->what);

	for (size_t i = 0; i < names.count && status == VM_OK && listing->more == VM_MORE; i++) {
		char *item = names.items[i];
		size_t item_length = strlen(item);

		status = vm_call_check(listing->call, listing->what, err);
		if (status != VM_OK || length + item_length >= sizeof listing->key)
			continue;
		memcpy(listing->key + length, item, item_length + 1);
		if (item[item_length - 1] != '/') {
			status = list_file(listing, folder, item, err);
		} else {
			/* With its slash a symbolic link would be followed. */
			item[item_length - 1] = '\0';
			status = list_folder(listing, folder, item, "", err);
		}
		listing->key[length] = '\0';
	}
	names_finish(&names);
	if (folder >= 0)
		close(folder);
	return status;
}

int object_list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	struct store *store = self;
	char what[WHAT_MAX];
	struct listing listing = {store, what, emit, ctx, call, VM_MORE, ""};
	struct place place;
	const char *slash = strrchr(prefix, '/');
	const char *rest = slash != NULL ? slash + 1 : prefix;
	int status, code;

	status = store_begin_all(store, "list", prefix, what, call, err);
	if (status != VM_OK || strlen(prefix) >= VM_KEY_MAX)
		return status;

	/* The place of "a/b/c" is the folder a/b: all keys in question lie there, or there are none. */
	if (slash != NULL) {
		memcpy(listing.key, prefix, (size_t)(slash - prefix));
		if (key_refusal(listing.key) != NULL)
			return VM_OK;
		listing.key[slash - prefix] = '/';
	}
	code = place_open(store, prefix, false, &place);
	if (code == 0)
		status = list_folder(&listing, place.folder, ".", rest, err);
	else if (!is_gone(code))
		status = kit_fail_errno(err, code, store->root, "%s", what);
	place_close(&place);
	return status;
}
