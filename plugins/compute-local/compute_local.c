/* compute_local.c - tasks are processes of this machine. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compute.h"
#include "kit/fail.h"
#include "kit/folder.h"

static const struct vm_option options[] = {
    {.name = "tasks",
     VM_INT(struct compute_config, tasks),
     .fallback = "2",
     .min = 1,
     .max = 1024,
     .doc = "How many tasks run at once, of all servers of this state directory together."},
    {.name = "grace",
     VM_DURATION(struct compute_config, grace_ms),
     .fallback = "10s",
     .min = 0,
     .max = 3600000,
     .doc = "How long a task that is asked to stop may take before it is killed."},
    {0},
};

static void destroy(void *self)
{
	struct compute *compute = self;

	if (compute == NULL)
		return;
	if (compute->tasks >= 0)
		close(compute->tasks);
	pthread_mutex_destroy(&compute->lock);
	free(compute->keepers);
	free(compute->folder);
	free(compute);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	static const char below[] = "/compute/tasks";
	struct compute *compute = calloc(1, sizeof *compute);
	size_t size = strlen(host->state_dir) + sizeof below;

	if (compute == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&compute->lock, NULL);
	compute->config = config;
	compute->tasks = -1;
	compute->folder = malloc(size);
	if (compute->folder == NULL) {
		destroy(compute);
		return vm_fail_memory(err);
	}
	snprintf(compute->folder, size, "%s%s", host->state_dir, below);
	*self = compute;
	return VM_OK;
}

static void traits(void *self, struct vm_compute_traits *out)
{
	(void)self;
	out->start_ms = 15000;
	out->watch_ms = 500;
	out->ends_with_host = true;
}

bool token_is_valid(const char *token)
{
	size_t length = 0;

	while (isalnum((unsigned char)token[length]) || token[length] == '-')
		length++;
	return length > 0 && length < TOKEN_MAX && token[length] == '\0';
}

/* Those that stay unwaited for are zombies; nobody else in the server knows them. */
static void reap_keepers(struct compute *compute)
{
	size_t left = 0;

	for (size_t i = 0; i < compute->count; i++) {
		if (waitpid(compute->keepers[i], NULL, WNOHANG) == 0)
			compute->keepers[left++] = compute->keepers[i];
	}
	compute->count = left;
}

int compute_begin(struct compute *compute, const char *verb, const char *task, char what[WHAT_MAX],
                  const struct vm_call *call, struct vm_error *err)
{
	int status;

	snprintf(what, WHAT_MAX, "%s %.64s", verb, task);
	status = vm_call_check(call, what, err);
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&compute->lock);
	if (compute->tasks < 0)
		compute->tasks = kit_folder_open(compute->folder);
	if (compute->tasks < 0)
		status = kit_fail_errno(err, errno, compute->folder, "%s", what);
	reap_keepers(compute);
	pthread_mutex_unlock(&compute->lock);
	return status;
}

static const struct vm_compute_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .start = task_start,
    .status = task_status,
    .stop = task_stop,
    .capacity = task_capacity,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_COMPUTE),
    .name = "compute-local",
    .version = "1.0.0",
    .summary = "Tasks as processes of this machine.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct compute_config),
    .ops.compute = &ops,
    .create = create,
    .destroy = destroy,
};
