/* storage_local.c - objects are plain files below one folder of this machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/fail.h"
#include "object.h"
#include "store.h"
#include "upload.h"

static const struct vm_option options[] = {
    {.name = "root",
     VM_STRING(struct store_config, root),
     .fallback = "storage",
     .doc = "Folder in which the objects lie, below objects/; absolute, or within the state "
            "directory."},
    {0},
};

static int check(const void *config, struct vm_error *err)
{
	const struct store_config *store = config;

	if (store->root[0] == '\0')
		return vm_fail(err, VM_ERR_CONFIG, "root is empty: name a folder, or leave it out");
	return VM_OK;
}

static void destroy(void *self)
{
	struct store *store = self;

	if (store == NULL)
		return;
	if (store->objects >= 0) {
		close(store->objects);
		close(store->tmp);
		close(store->uploads);
	}
	pthread_mutex_destroy(&store->opening);
	free(store->root);
	free(store);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const char *root = ((const struct store_config *)config)->root;
	const char *above = root[0] == '/' ? "" : host->state_dir;
	struct store *store = calloc(1, sizeof *store);
	size_t size = strlen(above) + strlen(root) + 2;

	if (store == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&store->opening, NULL);
	store->objects = store->tmp = store->uploads = -1;
	store->root = malloc(size);
	if (store->root == NULL) {
		destroy(store);
		return vm_fail_memory(err);
	}
	snprintf(store->root, size, "%s%s%s", above, root[0] == '/' ? "" : "/", root);
	*self = store;
	return VM_OK;
}

/* The folder itself, or the nearest one above that exists and in which it would be made. */
static int connect(void *self, const struct vm_call *call, struct vm_error *err)
{
	const struct store *store = self;
	int status = vm_call_check(call, store->root, err), code = 0;
	struct stat folder;
	char *path;

	if (status != VM_OK)
		return status;
	path = strdup(store->root);
	if (path == NULL)
		return vm_fail_memory(err);
	while (access(path, F_OK) != 0 && errno == ENOENT && strrchr(path, '/') > path)
		*strrchr(path, '/') = '\0';
	if (stat(path, &folder) != 0)
		code = errno;
	else if (!S_ISDIR(folder.st_mode))
		code = ENOTDIR;
	else if (faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS) != 0)
		code = errno;
	if (code != 0)
		status = kit_fail_errno(err, code, path, "use %s", store->root);
	free(path);
	return status;
}

static void traits(void *self, struct vm_storage_traits *out)
{
	(void)self;
	out->parts_max = PARTS_MAX;
	out->part_bytes_min = 1;
	out->part_bytes_max = PART_BYTES_MAX;
	out->object_bytes_max = PARTS_MAX * PART_BYTES_MAX;
	out->announces = false;
}

static const struct vm_storage_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .stat = object_stat,
    .read_at = object_read_at,
    .put = object_put,
    .upload_begin = upload_begin,
    .upload_part = upload_part,
    .upload_commit = upload_commit,
    .upload_abort = upload_abort,
    .remove = object_remove,
    .list = object_list,
    .list_uploads = upload_list,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_STORAGE),
    .name = "storage-local",
    .version = "1.0.0",
    .summary = "Objects as plain files below one folder of this machine.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct store_config),
    .ops.storage = &ops,
    .check = check,
    .create = create,
    .destroy = destroy,
    .connect = connect,
};
