/* start.c - a task is started, or the one that its token started is found. */
#include <stdlib.h>
#include <string.h>

#include "ecs.h"

/* RunTask: "a total of 8192 characters … this includes the JSON formatting". */
#define OVERRIDES_MOST 8192

static json_t *strings(const struct vm_strings *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

static json_t *network(const struct ecs_config *config)
{
	json_t *vpc = json_pack("{s:o, s:s}", "subnets", strings(&config->subnets), "assignPublicIp",
	                        config->public_ip ? "ENABLED" : "DISABLED");

	if (config->security_groups.count > 0)
		json_object_set_new(vpc, "securityGroups", strings(&config->security_groups));
	return json_pack("{s:o}", "awsvpcConfiguration", vpc);
}

/* The first provider has one task more than its share; each has the same weight. */
static json_t *providers(const struct vm_strings *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(
		    array, json_pack("{s:s, s:i}", "capacityProvider", list->items[i], "weight", 1));
	return array;
}

static int describe(const struct ecs *ecs, const struct vm_task *want, json_t **out,
                    struct vm_error *err)
{
	static const char *const launches[] = {"FARGATE", "EC2", "EXTERNAL"};
	const struct ecs_config *config = ecs->config;
	json_t *overrides = json_pack("{s:[{s:s, s:[{s:s, s:s}]}]}", "containerOverrides", "name",
	                              config->container, "environment", "name", VM_JOB_VARIABLE,
	                              "value", want->job);
	size_t length = overrides != NULL ? json_dumpb(overrides, NULL, 0, JSON_COMPACT) : 0;
	json_t *in = json_pack("{s:s, s:i, s:s, s:s, s:o}", "taskDefinition", config->task_definition,
	                       "count", 1, "startedBy", want->token, "clientToken", want->token,
	                       "overrides", overrides);

	if (in == NULL)
		return vm_fail_memory(err);
	if (config->capacity_providers.count > 0)
		json_object_set_new(in, "capacityProviderStrategy", providers(&config->capacity_providers));
	else
		json_object_set_new(in, "launchType", json_string(launches[config->launch]));
	if (config->subnets.count > 0)
		json_object_set_new(in, "networkConfiguration", network(config));
	if (length > OVERRIDES_MOST) {
		json_decref(in);
		return vm_fail(err, VM_ERR_LIMIT,
		               "start: the job has %zu characters, where %d are the most", length,
		               OVERRIDES_MOST);
	}
	*out = in;
	return VM_OK;
}

/* Words of a failure, or of a refusal, that say: not now. (ECS Developer Guide, "API failure
 * reasons"; service quotas; Fargate's own sentence) */
static bool is_no_room(const char *text)
{
	static const char *const words[] = {
	    "RESOURCE:",
	    "AGENT",
	    "Capacity is unavailable",
	    "limit on the number",
	    "No Container Instances were found",
	    "LimitExceeded",
	    "Unable to assume the service linked role", /* of a new account, for its first minutes */
	};

	for (size_t i = 0; text != NULL && i < sizeof words / sizeof *words; i++)
		if (strstr(text, words[i]) != NULL)
			return true;
	return false;
}

/* A 200 that has started nothing. */
static int read_failure(const json_t *out, const char *token, struct vm_error *err)
{
	const json_t *failure = json_array_get(json_object_get(out, "failures"), 0);
	const char *reason = json_string_value(json_object_get(failure, "reason"));
	const char *detail = json_string_value(json_object_get(failure, "detail"));
	bool later = is_no_room(reason) || is_no_room(detail);

	if (reason == NULL && detail == NULL)
		return vm_fail(err, VM_ERR_TIMEOUT, "start %s: an answer without a task", token);
	return vm_fail(err, later ? VM_ERR_THROTTLED : VM_ERR_CONFIG, "start %s: %s%s%s", token,
	               reason != NULL ? reason : "", reason != NULL && detail != NULL ? ": " : "",
	               detail != NULL ? detail : "");
}

static int take_task(const char *arn, char task[VM_TASK_MAX], struct vm_error *err)
{
	if (arn == NULL || strlen(arn) >= VM_TASK_MAX)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "start: a task without a name");
	memcpy(task, arn, strlen(arn) + 1);
	return VM_OK;
}

/* The one that this token started, running or over; VM_ERR_NOT_FOUND. */
static int find_started(const struct ecs *ecs, const char *token, char task[VM_TASK_MAX],
                        const struct vm_call *call, struct vm_error *err)
{
	static const char *const desired[] = {"RUNNING", "STOPPED"};

	for (size_t i = 0; i < sizeof desired / sizeof *desired; i++) {
		json_t *arns = NULL;
		int status = ecs_list(ecs, token, desired[i], &arns, call, err);

		if (status == VM_OK && json_array_size(arns) > 0) {
			status = take_task(json_string_value(json_array_get(arns, 0)), task, err);
			json_decref(arns);
			return status;
		}
		json_decref(arns);
		if (status != VM_OK)
			return status;
	}
	return vm_fail(err, VM_ERR_NOT_FOUND, "start %s: not started", token);
}

static int run_task(struct ecs *ecs, const struct vm_task *want, char task[VM_TASK_MAX],
                    const struct vm_call *call, struct vm_error *err)
{
	struct aws_refusal refusal = {0};
	json_t *in = NULL, *out = NULL;
	const json_t *started;
	char what[96];
	int status = describe(ecs, want, &in, err);

	if (status != VM_OK)
		return status;
	snprintf(what, sizeof what, "start %s", want->token);
	status = ecs_action(ecs, "RunTask", what, in, &out, &refusal, call, err);
	if (status != VM_OK && err != NULL && (is_no_room(refusal.message) || is_no_room(refusal.code)))
		status = err->status = VM_ERR_THROTTLED;
	/* Of a parameter the file says what it is. */
	else if (status == VM_ERR_BAD_DATA && err != NULL)
		status = err->status = VM_ERR_CONFIG;
	if (status != VM_OK)
		return status;
	started = json_array_get(json_object_get(out, "tasks"), 0);
	status = started == NULL
	             ? read_failure(out, want->token, err)
	             : take_task(json_string_value(json_object_get(started, "taskArn")), task, err);
	json_decref(out);
	return status;
}

int ecs_start(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
              const struct vm_call *call, struct vm_error *err)
{
	struct ecs *ecs = self;
	struct vm_error why;
	/* The service forgets a client token after a while, and some never knew it. */
	int status = find_started(ecs, want->token, task, call, &why);

	if (status == VM_ERR_NOT_FOUND && (status = ecs_take_place(ecs, call, &why)) == VM_OK) {
		status = run_task(ecs, want, task, call, &why);
		ecs_leave_place(ecs, status == VM_OK ? task : NULL);
	}
	/* The same token with other parameters: the file has changed since, and it runs. */
	if (status == VM_ERR_CONFLICT)
		status = find_started(ecs, want->token, task, call, &why);
	if (status != VM_OK && err != NULL)
		*err = why;
	return status;
}
