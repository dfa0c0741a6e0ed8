/* compute_ecs.c - the plugin compute-ecs: one task of Amazon ECS for each attempt. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ecs.h"

static const char *const launches[] = {"FARGATE", "EC2", "EXTERNAL", NULL};

static const struct vm_option options[] = {
    {.name = "cluster",
     VM_STRING(struct ecs_config, cluster),
     .fallback = "default",
     .doc = "Name or ARN of the cluster."},
    {.name = "task_definition",
     VM_STRING(struct ecs_config, task_definition),
     .flags = VM_REQUIRED,
     .doc = "Family of the task definition, its newest revision; or with one, as in "
            "\"vidmill-work:7\"."},
    {.name = "container",
     VM_STRING(struct ecs_config, container),
     .fallback = "vidmill",
     .doc = "Name of the container in the task definition that runs `vidmill work`."},
    {.name = "launch",
     VM_CHOICE(struct ecs_config, launch),
     .choices = launches,
     .fallback = "FARGATE",
     .doc = "Where tasks run, when capacity_providers is not given."},
    {.name = "capacity_providers",
     VM_STRINGS(struct ecs_config, capacity_providers),
     .doc =
         "Capacity providers to spread over, as in [ \"FARGATE_SPOT\", \"FARGATE\" ]. A task that "
         "Spot takes away is begun again and is no attempt of its video, up to five times."},
    {.name = "subnets",
     VM_STRINGS(struct ecs_config, subnets),
     .doc = "Subnets of the tasks; Fargate needs one, and without them EC2 lends its own network."},
    {.name = "security_groups",
     VM_STRINGS(struct ecs_config, security_groups),
     .doc = "Security groups of the tasks; without them the default one of the VPC."},
    {.name = "public_ip",
     VM_BOOL(struct ecs_config, public_ip),
     .fallback = "false",
     .doc = "Gives tasks a public address, for subnets without a NAT gateway or endpoints."},
    {.name = "capacity",
     VM_INT(struct ecs_config, capacity),
     .fallback = "10",
     .min = 1,
     .max = 5000,
     .doc =
         "Tasks of this definition that may run at once. It is counted, not reserved: servers that "
         "take the last place at the same moment all get it."},
    {.name = "start_deadline",
     VM_DURATION(struct ecs_config, start),
     .fallback = "10m",
     .min = 10000,
     .max = 3600000,
     .doc = "When a task that has not reported is given up; pulling the image takes its time."},
    {.name = "watch",
     VM_DURATION(struct ecs_config, watch),
     .fallback = "30s",
     .min = 1000,
     .max = 600000,
     .doc = "How often each task is looked at."},
    {.name = "image",
     VM_STRING(struct ecs_config, image),
     .doc = "For `vidmill provision`: the image of the task definition; without it that is yours."},
    {.name = "command",
     VM_STRINGS(struct ecs_config, command),
     .fallback = "[ \"work\", \"/etc/vidmill/pipeline.cfg\" ]",
     .doc = "For `vidmill provision`: what the container runs; its pipeline file is in the image."},
    {.name = "cpu",
     VM_INT(struct ecs_config, cpu),
     .fallback = "2048",
     .min = 128,
     .max = 16384,
     .doc = "For `vidmill provision`: processor units of a task, 1024 for each processor."},
    {.name = "memory",
     VM_SIZE(struct ecs_config, memory),
     .fallback = "4GiB",
     .min = 128 << 20,
     .max = INT64_C(120) << 30,
     .doc = "For `vidmill provision`: memory of a task."},
    {.name = "task_role",
     VM_STRING(struct ecs_config, task_role),
     .doc = "ARN of the role whose rights the worker has."},
    {.name = "execution_role",
     VM_STRING(struct ecs_config, execution_role),
     .doc = "ARN of the role by which ECS pulls the image and writes the log."},
    {.name = "log_group",
     VM_STRING(struct ecs_config, log_group),
     .fallback = "vidmill",
     .doc = "For `vidmill provision`: the log group of the tasks."},
    AWS_OPTIONS(struct ecs_config, aws),
    {0},
};

static int check(const void *config, struct vm_error *err)
{
	const struct ecs_config *ecs = config;

	if (ecs->launch == ECS_FARGATE && ecs->capacity_providers.count == 0 && ecs->subnets.count == 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "subnets: Fargate needs at least one, as in [ \"subnet-0a1b2c\" ]");
	if (ecs->subnets.count == 0 && (ecs->security_groups.count > 0 || ecs->public_ip))
		return vm_fail(err, VM_ERR_CONFIG,
		               "security_groups and public_ip are of no use without subnets");
	return aws_config_check(&ecs->aws, err);
}

static void destroy(void *self)
{
	struct ecs *ecs = self;

	if (ecs == NULL)
		return;
	aws_client_destroy(ecs->client);
	pthread_mutex_destroy(&ecs->lock);
	free(ecs);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	static const struct aws_service service = {.name = "ecs"};
	struct ecs *ecs = calloc(1, sizeof *ecs);
	int status;

	if (ecs == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&ecs->lock, NULL);
	ecs->config = config;
	ecs->host = host;
	status = aws_client_create(&service, &ecs->config->aws, host, &ecs->client, err);
	if (status != VM_OK)
		goto fail;
	*self = ecs;
	return VM_OK;

fail:
	destroy(ecs);
	return status;
}

/* The cluster is there, and these keys may look at its tasks. */
static int connect_ecs(void *self, const struct vm_call *call, struct vm_error *err)
{
	uint32_t free_tasks;

	return ecs_capacity(self, &free_tasks, call, err);
}

static void traits(void *self, struct vm_compute_traits *out)
{
	const struct ecs *ecs = self;

	out->start_ms = ecs->config->start;
	out->watch_ms = ecs->config->watch;
	out->ends_with_host = false;
}

int ecs_action(const struct ecs *ecs, const char *action, const char *what, json_t *in,
               json_t **out, struct aws_refusal *refusal, const struct vm_call *call,
               struct vm_error *err)
{
	/* Where a client token is not known, RunTask twice is two tasks. */
	static const struct aws_json_service service = {
	    .prefix = "AmazonEC2ContainerServiceV20141113", .version = "1.1", .once = true};

	if (in != NULL && json_object_set_new(in, "cluster", json_string(ecs->config->cluster)) != 0) {
		json_decref(in);
		in = NULL;
	}
	return aws_json(ecs->client, &service, action, what, in, 0, out, refusal, call, err);
}

int64_t ecs_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const struct vm_compute_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .start = ecs_start,
    .status = ecs_status,
    .stop = ecs_stop,
    .capacity = ecs_capacity,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_COMPUTE),
    .name = "compute-ecs",
    .version = "0.1.0",
    .summary = "One task of Amazon ECS, on Fargate or EC2, for each attempt.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct ecs_config),
    .ops.compute = &ops,
    .check = check,
    .create = create,
    .destroy = destroy,
    .connect = connect_ecs,
    .provision = ecs_provision,
    .permissions = ecs_permissions,
};
