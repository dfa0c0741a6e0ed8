/* room.c - how many tasks run, and how many more may. */
#include <string.h>

#include "ecs.h"

/* DescribeTasks: "up to 100 task IDs or full ARN entries". */
#define DESCRIBE_MOST 100

void ecs_forget(struct ecs *ecs, const char *task)
{
	pthread_mutex_lock(&ecs->lock);
	for (size_t i = 0; i < ECS_RECENT_MOST; i++)
		if (strcmp(ecs->recent[i].task, task) == 0)
			ecs->recent[i].started_ms = 0;
	pthread_mutex_unlock(&ecs->lock);
}

/* [locked] */
static void remember(struct ecs *ecs, const char *task)
{
	int64_t now_ms = ecs_now_ms();
	struct ecs_recent *place = &ecs->recent[0];

	for (size_t i = 0; i < ECS_RECENT_MOST; i++) {
		if (strcmp(ecs->recent[i].task, task) == 0) {
			place = &ecs->recent[i];
			break;
		}
		if (ecs->recent[i].started_ms < place->started_ms)
			place = &ecs->recent[i];
	}
	memcpy(place->task, task, strlen(task) + 1);
	place->started_ms = now_ms;
}

static bool lists(const json_t *arns, const char *task)
{
	size_t index;
	json_t *arn;

	json_array_foreach(arns, index, arn) if (strcmp(json_string_value(arn), task) == 0) return true;
	return false;
}

/* What was started a moment ago and is not listed, for it is not yet or not any more. [locked] */
static json_t *find_unlisted(const struct ecs *ecs, const json_t *arns)
{
	int64_t now_ms = ecs_now_ms();
	json_t *unlisted = json_array();

	for (size_t i = 0; i < ECS_RECENT_MOST; i++) {
		const struct ecs_recent *recent = &ecs->recent[i];

		if (recent->started_ms != 0 && now_ms - recent->started_ms < ECS_RECENT_MS &&
		    !lists(arns, recent->task))
			json_array_append_new(unlisted, json_string(recent->task));
	}
	return unlisted;
}

/* A short task comes and goes between two lists: those that the service knows to be over. */
static int forget_ended(struct ecs *ecs, json_t *unlisted, const struct vm_call *call,
                        struct vm_error *err)
{
	json_t *answer = NULL;
	const json_t *task;
	size_t index;
	int status;

	while (json_array_size(unlisted) > DESCRIBE_MOST)
		json_array_remove(unlisted, json_array_size(unlisted) - 1);
	if (json_array_size(unlisted) == 0)
		return VM_OK;
	status = ecs_action(ecs, "DescribeTasks", "look at new tasks",
	                    json_pack("{s:O}", "tasks", unlisted), &answer, NULL, call, err);
	json_array_foreach(json_object_get(answer, "tasks"), index, task)
	{
		const char *arn = json_string_value(json_object_get(task, "taskArn"));
		const char *last = json_string_value(json_object_get(task, "lastStatus"));

		if (arn != NULL && ecs_state(last) == VM_TASK_STOPPED)
			ecs_forget(ecs, arn);
	}
	json_decref(answer);
	return status;
}

/* With `take` one of the free places is the caller's, if there is one. */
static int count_free(struct ecs *ecs, bool take, size_t *free, const struct vm_call *call,
                      struct vm_error *err)
{
	json_t *arns = NULL, *unlisted;
	size_t used, most = (size_t)ecs->config->capacity;
	int status = ecs_list(ecs, NULL, "RUNNING", &arns, call, err);

	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&ecs->lock);
	unlisted = find_unlisted(ecs, arns);
	pthread_mutex_unlock(&ecs->lock);
	status = forget_ended(ecs, unlisted, call, err);
	json_decref(unlisted);
	if (status == VM_OK) {
		pthread_mutex_lock(&ecs->lock);
		unlisted = find_unlisted(ecs, arns);
		used = json_array_size(arns) + json_array_size(unlisted) + ecs->starting;
		*free = used < most ? most - used : 0;
		ecs->starting += take && *free > 0;
		pthread_mutex_unlock(&ecs->lock);
		json_decref(unlisted);
	}
	json_decref(arns);
	return status;
}

int ecs_capacity(void *self, uint32_t *free, const struct vm_call *call, struct vm_error *err)
{
	size_t places;
	int status = count_free(self, false, &places, call, err);

	if (status == VM_OK)
		*free = (uint32_t)places;
	return status;
}

int ecs_take_place(struct ecs *ecs, const struct vm_call *call, struct vm_error *err)
{
	size_t free;
	int status = count_free(ecs, true, &free, call, err);

	if (status == VM_OK && free == 0)
		return vm_fail(err, VM_ERR_THROTTLED, "start: %lld tasks run, which is the capacity",
		               (long long)ecs->config->capacity);
	return status;
}

void ecs_leave_place(struct ecs *ecs, const char *task)
{
	pthread_mutex_lock(&ecs->lock);
	ecs->starting--;
	if (task != NULL)
		remember(ecs, task);
	pthread_mutex_unlock(&ecs->lock);
}
