/* provision.c - the cluster, the log group and the task definition. */
#include <stdlib.h>
#include <string.h>

#include "ecs.h"

struct provisioning {
	struct ecs *ecs;
	bool dry_run;
	vm_say_fn *say;
	void *ctx;
	const struct vm_call *call;
	struct vm_error *err;
};

static void say(const struct provisioning *provisioning, const char *what, const char *outcome)
{
	char line[512];

	snprintf(line, sizeof line, "%s: %s", what, outcome);
	provisioning->say(provisioning->ctx, line);
}

static int provide_cluster(const struct provisioning *provisioning)
{
	const char *cluster = provisioning->ecs->config->cluster;
	json_t *out = NULL;
	const json_t *found;
	const char *state;
	bool there;
	int status = ecs_action(provisioning->ecs, "DescribeClusters", "look at the cluster",
	                        json_pack("{s:[s]}", "clusters", cluster), &out, NULL,
	                        provisioning->call, provisioning->err);

	if (status != VM_OK)
		return status;
	found = json_array_get(json_object_get(out, "clusters"), 0);
	state = json_string_value(json_object_get(found, "status"));
	there = state != NULL && strcmp(state, "ACTIVE") == 0;
	json_decref(out);
	if (!there && !provisioning->dry_run)
		status = ecs_action(provisioning->ecs, "CreateCluster", "create the cluster",
		                    json_pack("{s:s}", "clusterName", cluster), NULL, NULL,
		                    provisioning->call, provisioning->err);
	if (status == VM_OK)
		say(provisioning, cluster,
		    there                   ? "cluster, is there"
		    : provisioning->dry_run ? "cluster, would be created"
		                            : "cluster, created");
	return status;
}

static int provide_log_group(const struct provisioning *provisioning)
{
	static const struct aws_service service = {.name = "logs"};
	static const struct aws_json_service manners = {.prefix = "Logs_20140328", .version = "1.1"};
	const struct ecs_config *config = provisioning->ecs->config;
	struct aws_client *client = NULL;
	struct aws_refusal refusal = {0};
	struct vm_error why;
	bool there = false;
	int status = aws_client_create(&service, &config->aws, provisioning->ecs->host, &client, &why);

	if (status == VM_OK && !provisioning->dry_run)
		status = aws_json(client, &manners, "CreateLogGroup", "create the log group",
		                  json_pack("{s:s}", "logGroupName", config->log_group), 0, NULL, &refusal,
		                  provisioning->call, &why);
	if (strcmp(refusal.code, "ResourceAlreadyExistsException") == 0) {
		there = true;
		status = VM_OK;
	}
	aws_client_destroy(client);
	if (status == VM_OK)
		say(provisioning, config->log_group,
		    there                   ? "log group, is there"
		    : provisioning->dry_run ? "log group, would be created where it is not"
		                            : "log group, created");
	else
		*provisioning->err = why;
	return status;
}

static json_t *container_wanted(const struct ecs *ecs)
{
	const struct ecs_config *config = ecs->config;
	char region[AWS_REGION_MAX];
	json_t *container, *command = json_array();

	aws_client_region(ecs->client, region);
	for (size_t i = 0; i < config->command.count; i++)
		json_array_append_new(command, json_string(config->command.items[i]));
	/* Drains on SIGTERM, and has two minutes for it, the most that Fargate gives. */
	container = json_pack("{s:s, s:s, s:b, s:o, s:i}", "name", config->container, "image",
	                      config->image, "essential", 1, "command", command, "stopTimeout", 120);
	json_object_set_new(container, "logConfiguration",
	                    json_pack("{s:s, s:{s:s, s:s, s:s}}", "logDriver", "awslogs", "options",
	                              "awslogs-group", config->log_group, "awslogs-region", region,
	                              "awslogs-stream-prefix", "vidmill"));
	return container;
}

static json_t *definition_wanted(const struct ecs *ecs)
{
	static const char *const compatible[] = {
	    [ECS_FARGATE] = "FARGATE", [ECS_EC2] = "EC2", [ECS_EXTERNAL] = "EXTERNAL"};
	const struct ecs_config *config = ecs->config;
	const char *slash = strrchr(config->task_definition, '/');
	const char *name = slash != NULL ? slash + 1 : config->task_definition;
	json_t *wanted = json_pack(
	    "{s:o, s:[s], s:[o], s:o, s:o}", "family", json_stringn(name, strcspn(name, ":")),
	    "requiresCompatibilities", compatible[config->launch], "containerDefinitions",
	    container_wanted(ecs), "cpu", json_sprintf("%lld", (long long)config->cpu), "memory",
	    json_sprintf("%llu", (unsigned long long)(config->memory >> 20)));

	/* A worker listens to nobody: without a network of its own it takes the instance's. */
	json_object_set_new(wanted, "networkMode",
	                    json_string(config->subnets.count > 0 ? "awsvpc" : "host"));
	if (config->task_role != NULL)
		json_object_set_new(wanted, "taskRoleArn", json_string(config->task_role));
	if (config->execution_role != NULL)
		json_object_set_new(wanted, "executionRoleArn", json_string(config->execution_role));
	return wanted;
}

/* All that is wanted is there; what the service adds of its own does not matter. */
static bool contains(const json_t *have, const json_t *wanted)
{
	const char *name;
	json_t *value;
	size_t index;

	if (json_is_object(wanted)) {
		json_object_foreach((json_t *)(uintptr_t)wanted, name,
		                    value) if (!contains(json_object_get(have, name), value)) return false;
		return true;
	}
	if (json_is_array(wanted)) {
		if (json_array_size(have) != json_array_size(wanted))
			return false;
		json_array_foreach(wanted, index,
		                   value) if (!contains(json_array_get(have, index), value)) return false;
		return true;
	}
	return json_equal(have, wanted);
}

static int provide_definition(const struct provisioning *provisioning)
{
	struct ecs *ecs = provisioning->ecs;
	json_t *out = NULL, *wanted = definition_wanted(ecs);
	struct vm_error why;
	bool same;
	int status = ecs_action(ecs, "DescribeTaskDefinition", "look at the task definition",
	                        json_pack("{s:O}", "taskDefinition", json_object_get(wanted, "family")),
	                        &out, NULL, provisioning->call, &why);

	/* The service says ClientException for one that is not there. */
	same = status == VM_OK && contains(json_object_get(out, "taskDefinition"), wanted);
	json_decref(out);
	if (status != VM_OK && status != VM_ERR_BAD_DATA && status != VM_ERR_NOT_FOUND) {
		*provisioning->err = why;
		json_decref(wanted);
		return status;
	}
	status = VM_OK;
	if (!same && !provisioning->dry_run)
		status = ecs_action(ecs, "RegisterTaskDefinition", "register the task definition",
		                    json_incref(wanted), NULL, NULL, provisioning->call, provisioning->err);
	json_decref(wanted);
	if (status == VM_OK)
		say(provisioning, ecs->config->task_definition,
		    same                    ? "task definition, as it should be"
		    : provisioning->dry_run ? "task definition, would get a new revision"
		                            : "task definition, has a new revision");
	return status;
}

int ecs_provision(void *self, bool dry_run, vm_say_fn *say_line, void *ctx,
                  const struct vm_call *call, struct vm_error *err)
{
	struct ecs *ecs = self;
	struct vm_error why;
	const struct provisioning provisioning = {
	    .ecs = ecs, .dry_run = dry_run, .say = say_line, .ctx = ctx, .call = call, .err = &why};
	int status;

	if ((status = provide_cluster(&provisioning)) == VM_OK &&
	    (status = provide_log_group(&provisioning)) == VM_OK) {
		if (ecs->config->image != NULL)
			status = provide_definition(&provisioning);
		else
			say(&provisioning, ecs->config->task_definition,
			    "task definition, is left to you: image is not set");
	}
	if (status != VM_OK && err != NULL)
		*err = why;
	return status;
}
