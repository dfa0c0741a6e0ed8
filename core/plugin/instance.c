/* instance.c - makes and ends a configured plugin, and lends it what the host offers. */
#include "plugin/instance.h"

#include <stdlib.h>
#include <string.h>

#include "support/log.h"

VM_PRINTF(3, 4)
static void host_log(const struct vm_host *host, enum vm_log_level level, const char *format, ...)
{
	struct log_scope scope = {.role = host->role};
	va_list arguments;

	log_enter(&scope);
	va_start(arguments, format);
	log_line_v(level, format, arguments);
	va_end(arguments);
	log_leave(&scope);
}

static void read_traits(struct instance *instance)
{
	const struct vm_plugin *entry = &instance->plugin->entry;

	switch ((enum vm_kind)entry->kind) {
	case VM_KIND_STORAGE:
		instance->traits.storage.size = sizeof instance->traits.storage;
		entry->ops.storage->traits(instance->self, &instance->traits.storage);
		break;
	case VM_KIND_QUEUE:
		instance->traits.queue.size = sizeof instance->traits.queue;
		entry->ops.queue->traits(instance->self, &instance->traits.queue);
		break;
	case VM_KIND_COMPUTE:
		instance->traits.compute.size = sizeof instance->traits.compute;
		entry->ops.compute->traits(instance->self, &instance->traits.compute);
		break;
	case VM_KIND_META:
	case VM_KIND_CODEC:
		break;
	}
}

int instance_create(const struct plugin *plugin, const void *config, const char *role,
                    const char *state_dir, const char *pipeline, struct instance **out,
                    struct vm_error *err)
{
	struct instance *instance;
	int status = plugins_load(plugin, err);

	if (status != VM_OK)
		return status;
	instance = calloc(1, sizeof *instance);
	if (instance == NULL)
		return vm_fail_memory(err);
	instance->plugin = plugin;
	instance->config = config;
	retry_budget_init(&instance->budget);
	gate_init(&instance->gate);
	pthread_mutex_init(&instance->counts_lock, NULL);
	instance->role = strdup(role);
	if (instance->role == NULL) {
		status = vm_fail_memory(err);
		goto fail;
	}
	instance->host = (struct vm_host){
	    .size = sizeof instance->host,
	    .log = host_log,
	    .state_dir = state_dir,
	    .role = instance->role,
	    .pipeline = pipeline,
	};
	status = plugin->entry.create(&instance->host, config, &instance->self, err);
	if (status != VM_OK)
		goto fail;
	read_traits(instance);
	*out = instance;
	return VM_OK;

fail:
	instance_destroy(instance);
	return status;
}

void instance_destroy(struct instance *instance)
{
	if (instance == NULL)
		return;
	instance->plugin->entry.destroy(instance->self); /* accepts NULL: create failed */
	pthread_mutex_destroy(&instance->counts_lock);
	gate_finish(&instance->gate);
	retry_budget_finish(&instance->budget);
	free(instance->role);
	free(instance);
}

/* Operations are few and known by name, so the place of one is found by walking. */
void instance_add_count(struct instance *instance, const char *operation, struct instance_count add)
{
	struct instance_count *count = instance->counts;
	struct instance_count *end = count + INSTANCE_OPERATIONS_MAX;

	pthread_mutex_lock(&instance->counts_lock);
	while (count != end && count->operation != NULL && strcmp(count->operation, operation) != 0)
		count++;
	if (count != end) {
		count->operation = operation;
		count->calls += add.calls;
		count->failures += add.failures;
		count->retries += add.retries;
		count->refusals += add.refusals;
	}
	pthread_mutex_unlock(&instance->counts_lock);
}

void instance_counts(struct instance *instance, instance_count_fn *each, void *ctx)
{
	struct instance_count counts[INSTANCE_OPERATIONS_MAX];

	pthread_mutex_lock(&instance->counts_lock);
	memcpy(counts, instance->counts, sizeof counts);
	pthread_mutex_unlock(&instance->counts_lock);
	for (size_t i = 0; i < INSTANCE_OPERATIONS_MAX && counts[i].operation != NULL; i++)
		each(ctx, &counts[i]);
}
