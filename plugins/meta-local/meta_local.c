/* meta_local.c - the plugin meta-local: documents in an SQLite file of the state directory. */
#include "meta_local.h"

#include <stdlib.h>

#include <vidmill/plugin.h>

static const struct vm_option options[] = {
    {.name = "database",
     VM_STRING(struct local_config, database),
     .fallback = "videos",
     .doc = "Name of the database, and of its file in the state directory."},
    {0}};

static int check(const void *config, struct vm_error *err)
{
	const struct local_config *local = config;

	if (!database_name_is_valid(local->database))
		return vm_fail(err, VM_ERR_CONFIG,
		               "database \"%s\": a name has letters, digits, '.', '_' and '-', not a '.' "
		               "in front, and at most %d of them",
		               local->database, DATABASE_NAME_MAX);
	return VM_OK;
}

static void destroy(void *self)
{
	struct local *local = self;

	if (local == NULL)
		return;
	database_destroy(local->database);
	pthread_mutex_destroy(&local->lock);
	free(local);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct local_config *chosen = config;
	struct local *local = calloc(1, sizeof *local);
	int status;

	if (local == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&local->lock, NULL);
	status = database_create(&local_plan, host->state_dir, chosen->database, &local->database, err);
	if (status != VM_OK)
		goto fail;
	*self = local;
	return VM_OK;

fail:
	destroy(local);
	return status;
}

static int connect_local(void *self, const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;

	return database_connect(local->database, call, err);
}

static const struct vm_meta_ops ops = {
    .size = sizeof ops,
    .index = local_index,
    .get = local_get,
    .put = local_put,
    .find = local_find,
    .count = local_count,
    .remove = local_remove,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_META),
    .name = "meta-local",
    .version = "0.1.0",
    .summary = "Documents in an SQLite file, for processes of one machine.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct local_config),
    .ops.meta = &ops,
    .check = check,
    .create = create,
    .destroy = destroy,
    .connect = connect_local,
};
