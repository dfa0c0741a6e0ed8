/* queue_local.c - the plugin queue-local: a queue in an SQLite file of the state directory. */
#include "queue_local.h"

#include <stdlib.h>
#include <string.h>

#include <vidmill/plugin.h>

#define HOURS_12_MS ((int64_t)LOCAL_HIDDEN_MOST_MS)

static const struct vm_option options[] = {
    {.name = "queue",
     VM_STRING(struct local_config, queue),
     .doc = "Name of the queue, and of its file; without it the queue is named after its role."},
    {.name = "visibility",
     VM_DURATION(struct local_config, visibility),
     .fallback = "2m",
     .min = 1,
     .max = HOURS_12_MS,
     .doc = "How long a received message stays hidden unless it is extended."},
    {.name = "max_receives",
     VM_INT(struct local_config, max_receives),
     .fallback = "20",
     .min = 1,
     .max = 1000,
     .doc = "A message received more often than this goes to the dead letters."},
    {0}};

static int check(const void *config, struct vm_error *err)
{
	const struct local_config *local = config;

	if (local->queue != NULL && !database_name_is_valid(local->queue))
		return vm_fail(err, VM_ERR_CONFIG,
		               "queue \"%s\": a name has letters, digits, '.', '_' and '-', not a '.' in "
		               "front, and at most %d of them",
		               local->queue, DATABASE_NAME_MAX);
	return VM_OK;
}

/* Server and worker are told the same role, so they find the same queue: "unprocessed". */
static const char *name_of(const struct vm_host *host, const struct local_config *config)
{
	static const char section[] = "queue.";

	if (config->queue != NULL)
		return config->queue;
	return strncmp(host->role, section, strlen(section)) == 0 ? host->role + strlen(section)
	                                                          : host->role;
}

static void destroy(void *self)
{
	struct local *local = self;

	if (local == NULL)
		return;
	database_destroy(local->database);
	free(local);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	struct local *local = calloc(1, sizeof *local);
	const char *name;
	int status;

	if (local == NULL)
		return vm_fail_memory(err);
	local->config = config;
	name = name_of(host, local->config);
	status = database_name_is_valid(name)
	             ? database_create(&local_plan, host->state_dir, name, &local->database, err)
	             : vm_fail(err, VM_ERR_CONFIG, "no file can be named after the role %s: set queue",
	                       host->role);
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

static void traits(void *self, struct vm_queue_traits *out)
{
	const struct local *local = self;

	out->max_receives = (uint32_t)local->config->max_receives;
	out->visibility_ms = local->config->visibility;
	out->extend_max_ms = LOCAL_HIDDEN_MOST_MS;
	out->delay_max_ms = LOCAL_HIDDEN_MOST_MS;
	out->message_bytes_max = LOCAL_MESSAGE_BYTES_MOST;
}

static const struct vm_queue_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .send = local_send,
    .receive = local_receive,
    .extend = local_extend,
    .remove = local_remove,
    .dead_letter = local_dead_letter,
    .stats = local_stats,
    .list_dead = local_list_dead,
    .redrive = local_redrive,
    .remove_dead = local_remove_dead,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_QUEUE),
    .name = "queue-local",
    .version = "0.1.0",
    .summary = "A queue in an SQLite file, for processes of one machine.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct local_config),
    .ops.queue = &ops,
    .check = check,
    .create = create,
    .destroy = destroy,
    .connect = connect_local,
};
