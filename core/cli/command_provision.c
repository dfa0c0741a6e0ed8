/* command_provision.c - `vidmill provision`: creates what a pipeline file names. */
#include <limits.h>

#include "cli/policies.h"
#include "cli/state_dir.h"
#include "plugin/instance.h"
#include "support/call.h"

#define PROVISION_MS (10 * 60 * 1000)

enum { DRY_RUN, IAM };

static const struct command_option options[] = {
    [DRY_RUN] = {"dry-run", NULL, "Only says what would be done."},
    [IAM] = {"iam", NULL, "Changes nothing and prints the least rights of each party."},
    {0},
};

/* A bucket tells a queue of what arrives, so the queue is there first. */
static const enum vm_kind order[] = {VM_KIND_QUEUE, VM_KIND_STORAGE, VM_KIND_META, VM_KIND_COMPUTE,
                                     VM_KIND_CODEC};

struct provisioning {
	const struct opened *opened;
	enum vm_kind kind; /* whose turn it is */
	const char *state_dir;
	bool dry_run;
	bool failed;
};

static void say(void *ctx, const char *line)
{
	const struct role *role = ctx;

	printf("%s: %s\n", role->name, line);
	fflush(stdout);
}

static void provision_role(void *ctx, const struct role *role)
{
	struct provisioning *provisioning = ctx;
	struct instance *instance = NULL;
	struct role speaker = *role;
	struct call call;
	struct vm_error err;
	int status;

	if (role->plugin->entry.provision == NULL || role->plugin->entry.kind != provisioning->kind)
		return;
	call_init(&call, NULL, PROVISION_MS);
	status = instance_create(role->plugin, role->config, role->name, provisioning->state_dir,
	                         provisioning->opened->pipeline->name, &instance, &err);
	if (status == VM_OK)
		status = role->plugin->entry.provision(instance->self, provisioning->dry_run, say, &speaker,
		                                       &call.vm, &err);
	if (status != VM_OK) {
		provisioning->failed = true;
		fprintf(stderr, "%s:%u: error: %s: %s\n", role->file, role->line, role->name, err.message);
	}
	instance_destroy(instance);
}

static int provision(const struct opened *opened, const struct arguments *arguments,
                     struct vm_error *err)
{
	char state_dir[PATH_MAX];
	struct provisioning provisioning = {
	    .opened = opened,
	    .state_dir = state_dir,
	    .dry_run = arguments->values[DRY_RUN] != NULL,
	};
	int status = state_dir_make(arguments->state_dir, state_dir, sizeof state_dir, err);

	if (status != VM_OK)
		return status;
	if (arguments->values[IAM] != NULL)
		return policies_print(opened, state_dir, err);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		provisioning.kind = order[i];
		opened_each_role(opened, provision_role, &provisioning);
	}
	if (provisioning.failed)
		return vm_fail(err, VM_ERR_UNAVAILABLE,
		               "not everything is there yet; it may be run again as it is");
	return VM_OK;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct opened opened;
	struct vm_error err;
	int code, status;

	if (!arguments_read(&command_provision, argc, argv, &arguments, &code))
		return code;
	status = opened_open(&arguments, &opened, &err);
	if (status == VM_OK && opened.found.errors > 0)
		status = vm_fail(&err, VM_ERR_CONFIG, "nothing was done");
	diagnostics_print(&opened.found, stderr);
	if (status == VM_OK)
		status = provision(&opened, &arguments, &err);
	if (status != VM_OK)
		fprintf(stderr, "vidmill provision: %s\n", err.message);
	opened_close(&opened);
	if (status == VM_OK)
		return EXIT_OK;
	return status == VM_ERR_CONFIG ? EXIT_CONFIG : EXIT_FAILED;
}

const struct command command_provision = {
    .name = "provision",
    .arguments = "[FILE] [--dry-run | --iam]",
    .summary = "Creates what a pipeline file names, where a plugin can do that.",
    .help =
        "Asks each plugin of FILE to create what its options name: buckets, queues, task\n"
        "definitions, alarms. What is there already is left as it is, so it may be run again.\n"
        "With --iam it prints three policies instead: for `vidmill serve`, for `vidmill work`,\n"
        "and for what starts its task.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
