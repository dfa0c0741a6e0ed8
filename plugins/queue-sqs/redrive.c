/* redrive.c - dead letters come back: one or all, by the service's own task or one by one. */
#include <string.h>

#include "kit/sleep.h"
#include "sqs.h"

#define LOOK_AGAIN_MS 500

struct redriving {
	struct sqs *sqs;
	const char *id; /* NULL: all */
	uint64_t moved;
	const struct vm_call *call;
};

/* Back in the queue first: killed between the two it is in both. */
static enum sqs_walk send_back(void *ctx, const struct sqs_message *message, int *status,
                               struct vm_error *err)
{
	struct redriving *redriving = ctx;

	if (redriving->id != NULL && strcmp(message->id, redriving->id) != 0)
		return SQS_KEEP;
	*status = sqs_send_to(redriving->sqs, SQS_QUEUE, "redrive", message->body, message->length, 0,
	                      NULL, redriving->call, err);
	if (*status != VM_OK)
		return SQS_KEEP_AND_STOP;
	redriving->moved++;
	return redriving->id != NULL ? SQS_REMOVE_AND_STOP : SQS_REMOVE;
}

static int one_by_one(struct redriving *redriving, struct vm_error *err)
{
	int status = sqs_walk_dead(redriving->sqs, UINT32_MAX, "redrive", send_back, redriving,
	                           redriving->call, err);

	if (status == VM_OK && redriving->id != NULL && redriving->moved == 0)
		return vm_fail(err, VM_ERR_NOT_FOUND, "dead letter %.100s: not there", redriving->id);
	return status;
}

static int ask_arn(struct sqs *sqs, enum sqs_place place, json_t **arn, const struct vm_call *call,
                   struct vm_error *err)
{
	json_t *out = NULL;
	int status = sqs_action(sqs, place, "GetQueueAttributes", "redrive",
	                        json_pack("{s:[s]}", "AttributeNames", "QueueArn"), &out, call, err);

	if (status != VM_OK)
		return status;
	*arn = json_incref(json_object_get(json_object_get(out, "Attributes"), "QueueArn"));
	json_decref(out);
	return *arn != NULL ? VM_OK
	                    : vm_fail(err, VM_ERR_UNAVAILABLE, "redrive: a queue without an ARN");
}

/* Until the task has ended; a second one of the same queue is not started by then. */
static int follow_task(struct redriving *redriving, json_t *source, struct vm_error *err)
{
	for (;;) {
		json_t *out = NULL;
		const json_t *task;
		const char *state;
		bool ended;
		int status = sqs_action(redriving->sqs, SQS_DEAD, "ListMessageMoveTasks", "redrive",
		                        json_pack("{s:O, s:i}", "SourceArn", source, "MaxResults", 1), &out,
		                        redriving->call, err);

		if (status != VM_OK)
			return status;
		task = json_array_get(json_object_get(out, "Results"), 0);
		state = json_string_value(json_object_get(task, "Status"));
		ended = state == NULL ||
		        (strcmp(state, "RUNNING") != 0 && strcmp(state, "CANCELLING") != 0);
		redriving->moved = (uint64_t)json_integer_value(
		    json_object_get(task, "ApproximateNumberOfMessagesMoved"));
		if (ended && state != NULL && strcmp(state, "FAILED") == 0)
			status = vm_fail(err, VM_ERR_UNAVAILABLE, "redrive: the service's task failed");
		json_decref(out);
		if (ended)
			return status;
		if (!kit_sleep_ms(redriving->call, LOOK_AGAIN_MS))
			return vm_call_check(redriving->call, "redrive", err);
	}
}

/* VM_ERR_UNSUPPORTED where the service has no such task, or not for this queue. */
static int by_task(struct redriving *redriving, struct vm_error *err)
{
	json_t *source = NULL, *target = NULL;
	struct aws_refusal refusal = {0};
	int status;

	if ((status = ask_arn(redriving->sqs, SQS_DEAD, &source, redriving->call, err)) != VM_OK ||
	    (status = ask_arn(redriving->sqs, SQS_QUEUE, &target, redriving->call, err)) != VM_OK)
		goto fail;
	status = sqs_action_patient(
	    redriving->sqs, SQS_DEAD, "StartMessageMoveTask", "redrive",
	    json_pack("{s:O, s:O}", "SourceArn", source, "DestinationArn", target), 0, NULL, &refusal,
	    redriving->call, err);
	/* Whatever it says, it is not doing it: we can. */
	if (status != VM_OK && refusal.code[0] != '\0' && status != VM_ERR_THROTTLED)
		status = VM_ERR_UNSUPPORTED;
	else if (status != VM_OK && status == VM_ERR_UNAVAILABLE)
		status = VM_ERR_UNSUPPORTED;
	if (status == VM_OK)
		status = follow_task(redriving, source, err);

fail:
	json_decref(source);
	json_decref(target);
	return status;
}

int sqs_redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                struct vm_error *err)
{
	struct redriving redriving = {.sqs = self, .id = id, .call = call};
	struct vm_error why;
	int status = VM_ERR_UNSUPPORTED;

	if (id == NULL)
		status = by_task(&redriving, &why);
	if (status == VM_ERR_UNSUPPORTED)
		status = one_by_one(&redriving, &why);
	if (status == VM_OK)
		*moved = redriving.moved;
	else if (err != NULL)
		*err = why;
	return status;
}
