/* check_plugins.c - asks every plugin of a pipeline whether its options go together. */
#include "pipeline/pipeline.h"

static void check_role(const struct role *role, struct diagnostics *found)
{
	const struct vm_plugin *entry = &role->plugin->entry;
	struct vm_error err;
	int status = plugins_load(role->plugin, &err);

	if (status == VM_OK && entry->check != NULL)
		status = entry->check(role->config, &err);
	if (status != VM_OK)
		diagnostics_error(found, role->file, role->line, "%s: %s", role->name, err.message);
}

void pipeline_check_plugins(const struct pipeline *pipeline, struct diagnostics *found)
{
	const struct role *const roles[] = {
	    pipeline->storage_unprocessed, pipeline->storage_processed, pipeline->queue_unprocessed,
	    pipeline->queue_processed,     pipeline->compute,           pipeline->meta,
	};
	const void *checked =
	    NULL; /* what is written once stands in two places, one behind the other */

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		if (roles[i] == NULL || roles[i]->config == checked)
			continue;
		check_role(roles[i], found);
		checked = roles[i]->config;
	}
	for (size_t i = 0; i < pipeline->n_stages; i++)
		if (pipeline->stages[i].role.plugin != NULL)
			check_role(&pipeline->stages[i].role, found);
}
