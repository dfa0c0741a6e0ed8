/* opened.c - the pipeline file that a command was given, read and checked with its plugins. */
#include "cli/opened.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

int opened_open(const struct arguments *arguments, struct opened *out, struct vm_error *err)
{
	char path[PATH_MAX];
	int status;

	*out = (struct opened){0};
	/* A connection of a plugin's that breaks is an error of that plugin's, and no end. */
	signal(SIGPIPE, SIG_IGN);
	if (arguments->n_operands == 0 &&
	    (status = pipeline_default_path(path, sizeof path, err)) != VM_OK)
		return status;
	out->path = strdup(arguments->n_operands > 0 ? arguments->operands[0] : path);
	if (out->path == NULL)
		return vm_fail_memory(err);
	status = plugins_init(&out->plugins, arguments->plugin_path, err);
	if (status != VM_OK)
		return status;
	pipeline_read(out->path, &out->plugins, &out->pipeline, &out->found);
	if (out->pipeline != NULL)
		pipeline_check_plugins(out->pipeline, &out->found);
	return VM_OK;
}

void opened_close(struct opened *opened)
{
	pipeline_destroy(opened->pipeline);
	plugins_finish(&opened->plugins);
	diagnostics_finish(&opened->found);
	free(opened->path);
}

void opened_each_role(const struct opened *opened, opened_role_fn *each, void *ctx)
{
	const struct pipeline *pipeline = opened->pipeline;
	const struct role *const roles[] = {
	    pipeline->storage_unprocessed,
	    pipeline->storage_processed != pipeline->storage_unprocessed ? pipeline->storage_processed
	                                                                 : NULL,
	    pipeline->queue_unprocessed,
	    pipeline->queue_processed,
	    pipeline->compute,
	    pipeline->meta,
	};

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (roles[i] != NULL)
			each(ctx, roles[i]);
	for (size_t i = 0; i < pipeline->n_stages; i++)
		each(ctx, &pipeline->stages[i].role);
}
