/* look.c - tasks that are listed, looked at and stopped. */
#include <stdlib.h>
#include <string.h>

#include "ecs.h"

/* "vidmill-work" of "vidmill-work:7" or "arn:aws:ecs:…:task-definition/vidmill-work:7". */
static json_t *family_of(const char *definition)
{
	const char *slash = strrchr(definition, '/');
	const char *name = slash != NULL ? slash + 1 : definition;

	return json_stringn(name, strcspn(name, ":"));
}

int ecs_list(const struct ecs *ecs, const char *started_by, const char *desired, json_t **out,
             const struct vm_call *call, struct vm_error *err)
{
	json_t *arns = json_array(), *next = NULL;
	int status = arns == NULL ? vm_fail_memory(err) : VM_OK;
	bool more = true;

	while (status == VM_OK && more) {
		json_t *page = NULL;
		json_t *in = json_pack("{s:s}", "desiredStatus", desired);

		if (started_by != NULL)
			json_object_set_new(in, "startedBy", json_string(started_by));
		else
			json_object_set_new(in, "family", family_of(ecs->config->task_definition));
		if (next != NULL)
			json_object_set(in, "nextToken", next);
		status = ecs_action(ecs, "ListTasks", "list tasks", in, &page, NULL, call, err);
		json_decref(next);
		next = NULL;
		if (status != VM_OK)
			break;
		json_array_extend(arns, json_object_get(page, "taskArns"));
		next = json_incref(json_object_get(page, "nextToken"));
		more = json_is_string(next);
		json_decref(page);
	}
	json_decref(next);
	if (status == VM_OK)
		*out = arns;
	else
		json_decref(arns);
	return status;
}

enum vm_task_state ecs_state(const char *last_status)
{
	static const struct {
		const char *name;
		enum vm_task_state state;
	} states[] = {
	    {"PROVISIONING", VM_TASK_STARTING},  {"PENDING", VM_TASK_STARTING},
	    {"ACTIVATING", VM_TASK_STARTING},    {"RUNNING", VM_TASK_RUNNING},
	    {"DEACTIVATING", VM_TASK_RUNNING},   {"STOPPING", VM_TASK_RUNNING},
	    {"DEPROVISIONING", VM_TASK_STOPPED}, {"STOPPED", VM_TASK_STOPPED},
	};

	for (size_t i = 0; last_status != NULL && i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i].name, last_status) == 0)
			return states[i].state;
	return VM_TASK_UNKNOWN;
}

/* Of the container that runs the worker; a task that never came so far has none. */
static void read_exit(const struct ecs *ecs, const json_t *task, struct vm_task_status *out)
{
	size_t index;
	json_t *container;

	json_array_foreach(json_object_get(task, "containers"), index, container)
	{
		const char *name = json_string_value(json_object_get(container, "name"));
		const json_t *code = json_object_get(container, "exitCode");
		json_int_t value = json_integer_value(code);

		if (name == NULL || strcmp(name, ecs->config->container) != 0 || !json_is_integer(code))
			continue;
		/* A container that a signal has ended says 128 and the signal's number. */
		out->exit_code = value > 128 && value <= 128 + 64 ? (int32_t)(128 - value) : (int32_t)value;
	}
}

static void read_reason(const json_t *task, struct vm_task_status *out)
{
	const char *code = json_string_value(json_object_get(task, "stopCode"));
	const char *reason = json_string_value(json_object_get(task, "stoppedReason"));

	/* The value of stopCode; of a task on EC2's Spot, whose instance goes, it is another's. */
	out->interrupted = code != NULL && strcmp(code, "SpotInterruption") == 0;
	snprintf(out->reason, sizeof out->reason, "%.60s%s%.180s", code != NULL ? code : "",
	         code != NULL && reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

int ecs_status(void *self, const char *task, struct vm_task_status *out, const struct vm_call *call,
               struct vm_error *err)
{
	struct ecs *ecs = self;
	json_t *answer = NULL;
	const json_t *found;
	int status = ecs_action(ecs, "DescribeTasks", "look at a task",
	                        json_pack("{s:[s]}", "tasks", task), &answer, NULL, call, err);

	if (status != VM_OK)
		return status;
	found = json_array_get(json_object_get(answer, "tasks"), 0);
	/* Missing: not any more, or not yet, for the service is consistent only in the end. */
	out->state = ecs_state(json_string_value(json_object_get(found, "lastStatus")));
	out->exit_code = INT32_MIN;
	out->interrupted = 0;
	out->reason[0] = '\0';
	if (out->state == VM_TASK_STOPPED) {
		read_exit(ecs, found, out);
		read_reason(found, out);
		ecs_forget(ecs, task);
	}
	json_decref(answer);
	return VM_OK;
}

int ecs_stop(void *self, const char *task, const struct vm_call *call, struct vm_error *err)
{
	struct ecs *ecs = self;
	struct aws_refusal refusal = {0};
	struct vm_error why;
	int status = ecs_action(
	    ecs, "StopTask", "stop a task",
	    json_pack("{s:s, s:s}", "task", task, "reason", "vidmill needs it no longer"), NULL,
	    &refusal, call, &why);

	ecs_forget(ecs, task);
	/* "The referenced task was not found." */
	if (status == VM_OK || strcmp(refusal.code, "InvalidParameterException") == 0)
		return VM_OK;
	if (err != NULL)
		*err = why;
	return status;
}
