/* shelf.c - the manifests that were asked for last. */
#include "server/shelf.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server/manifests.h"
#include "support/hash.h"

enum { KEPT_MOST = 8, OUTPUTS_MOST = 8192 };

struct kept {
	struct manifest manifest; /* first: a user holds a pointer to it */
	char key[VM_KEY_MAX], sha256[VIDEO_HASH_MAX];
	unsigned users;
	bool on_shelf;
};

struct shelf {
	pthread_mutex_t lock;
	struct kept *kept[KEPT_MOST]; /* the one asked for last first */
	size_t count;
};

int shelf_create(struct shelf **out, struct vm_error *err)
{
	struct shelf *shelf = calloc(1, sizeof *shelf);

	if (shelf == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&shelf->lock, NULL);
	*out = shelf;
	return VM_OK;
}

static void free_kept(struct kept *kept)
{
	manifest_finish(&kept->manifest);
	free(kept);
}

void shelf_destroy(struct shelf *shelf)
{
	if (shelf == NULL)
		return;
	for (size_t i = 0; i < shelf->count; i++)
		free_kept(shelf->kept[i]);
	pthread_mutex_destroy(&shelf->lock);
	free(shelf);
}

/* [with the lock] */
static void put_first(struct shelf *shelf, struct kept *kept, size_t from)
{
	memmove(shelf->kept + 1, shelf->kept, from * sizeof *shelf->kept);
	shelf->kept[0] = kept;
}

/* [with the lock] */
static struct kept *find(struct shelf *shelf, const struct video_result *result)
{
	for (size_t i = 0; i < shelf->count; i++) {
		struct kept *kept = shelf->kept[i];

		if (strcmp(kept->key, result->manifest_key) != 0 ||
		    strcmp(kept->sha256, result->manifest_sha256) != 0)
			continue;
		put_first(shelf, kept, i);
		return kept;
	}
	return NULL;
}

/* [with the lock] The one that nobody asked for longest makes room; in use, its last user frees
 * it. */
static void keep(struct shelf *shelf, struct kept *kept)
{
	if (kept->manifest.n_outputs > OUTPUTS_MOST)
		return;
	if (shelf->count == KEPT_MOST) {
		struct kept *oldest = shelf->kept[--shelf->count];

		oldest->on_shelf = false;
		if (oldest->users == 0)
			free_kept(oldest);
	}
	put_first(shelf, kept, shelf->count++);
	kept->on_shelf = true;
}

static int fetch(struct instance *storage, const struct video_result *result, struct kept **out,
                 const struct vm_call *call, struct vm_error *err)
{
	struct kept *kept = calloc(1, sizeof *kept);
	int status;

	if (kept == NULL)
		return vm_fail_memory(err);
	snprintf(kept->key, sizeof kept->key, "%s", result->manifest_key);
	status = manifest_fetch(storage, kept->key, kept->sha256, &kept->manifest, call, err);
	if (status == VM_OK && !hash_equal(kept->sha256, result->manifest_sha256))
		status = vm_fail(err, VM_ERR_BAD_DATA, "%s: not the manifest that was published",
		                 kept->key);
	if (status != VM_OK) {
		free_kept(kept);
		return status;
	}
	*out = kept;
	return VM_OK;
}

int shelf_take(struct shelf *shelf, struct instance *storage, const struct video_result *result,
               const struct manifest **out, const struct vm_call *call, struct vm_error *err)
{
	struct kept *kept, *fetched = NULL;
	int status;

	pthread_mutex_lock(&shelf->lock);
	if ((kept = find(shelf, result)) != NULL)
		kept->users++;
	pthread_mutex_unlock(&shelf->lock);
	if (kept == NULL) {
		if ((status = fetch(storage, result, &fetched, call, err)) != VM_OK)
			return status;
		pthread_mutex_lock(&shelf->lock);
		/* Another thread may have been first. */
		if ((kept = find(shelf, result)) == NULL) {
			kept = fetched;
			keep(shelf, kept);
		}
		kept->users++;
		pthread_mutex_unlock(&shelf->lock);
		if (kept != fetched)
			free_kept(fetched);
	}
	*out = &kept->manifest;
	return VM_OK;
}

void shelf_give(struct shelf *shelf, const struct manifest *manifest)
{
	union {
		const struct manifest *lent;
		struct kept *kept;
	} back = {.lent = manifest};
	bool is_last;

	if (manifest == NULL)
		return;
	pthread_mutex_lock(&shelf->lock);
	is_last = --back.kept->users == 0 && !back.kept->on_shelf;
	pthread_mutex_unlock(&shelf->lock);
	if (is_last)
		free_kept(back.kept);
}
