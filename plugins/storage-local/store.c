/* store.c - opens the three folders of a store and begins its operations. */
#include "store.h"

#include <ctype.h>
#include <errno.h>
#include <unistd.h>

#include "kit/fail.h"
#include "kit/folder.h"
#include "tmp.h"

/* Opens one of the three in the open folder `root`. */
static int open_folder(struct store *store, int root, const char *name, int *folder,
                       const char *what, struct vm_error *err)
{
	*folder = kit_folder_enter(root, name, true);
	if (*folder < 0)
		return kit_fail_errno(err, errno, store->root, "%s: make folder %s", what, name);
	return VM_OK;
}

static int open_folders(struct store *store, const char *what, struct vm_error *err)
{
	int root, objects = -1, tmp = -1, uploads = -1;
	int status;

	root = kit_folder_open(store->root);
	if (root < 0)
		return kit_fail_errno(err, errno, store->root, "%s: open the store", what);
	status = open_folder(store, root, "objects", &objects, what, err);
	if (status == VM_OK)
		status = open_folder(store, root, "tmp", &tmp, what, err);
	if (status == VM_OK)
		status = open_folder(store, root, "uploads", &uploads, what, err);
	close(root);
	if (status != VM_OK)
		goto fail;

	tmp_sweep(tmp, time(NULL));
	store->objects = objects;
	store->tmp = tmp;
	store->uploads = uploads;
	return VM_OK;

fail:
	if (objects >= 0)
		close(objects);
	if (tmp >= 0)
		close(tmp);
	return status;
}

static void describe(char what[WHAT_MAX], const char *verb, const char *key)
{
	snprintf(what, WHAT_MAX, "%s %.200s", verb, key);
	/* An error is one line of text, whatever the key is, and wherever it was cut off. */
	for (char *c = what; *c != '\0';) {
		size_t length = key_character(c);

		if (length == 0 || iscntrl((unsigned char)*c))
			*c = '?';
		c += length > 0 ? length : 1;
	}
}

int store_begin_all(struct store *store, const char *verb, const char *prefix, char what[WHAT_MAX],
                    const struct vm_call *call, struct vm_error *err)
{
	int status;

	describe(what, verb, prefix);
	status = vm_call_check(call, what, err);
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&store->opening);
	if (store->objects < 0)
		status = open_folders(store, what, err);
	pthread_mutex_unlock(&store->opening);
	return status;
}

int store_begin(struct store *store, const char *verb, const char *key, char what[WHAT_MAX],
                const struct vm_call *call, struct vm_error *err)
{
	const char *refusal = key_refusal(key);

	if (refusal == NULL)
		return store_begin_all(store, verb, key, what, call, err);
	describe(what, verb, key);
	return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: %s", what, refusal);
}
