/* permissions.c - the least that server and worker must be allowed on the queues. */
#include <string.h>

#include "aws/statement.h"
#include "provision.h"

static const char *const server_queue[] = {"sqs:GetQueueUrl",
                                           "sqs:GetQueueAttributes",
                                           "sqs:SendMessage",
                                           "sqs:ReceiveMessage",
                                           "sqs:DeleteMessage",
                                           "sqs:ChangeMessageVisibility",
                                           NULL};
static const char *const server_dead[] = {
    "sqs:GetQueueUrl",          "sqs:GetQueueAttributes",   "sqs:SendMessage",
    "sqs:ReceiveMessage",       "sqs:DeleteMessage",        "sqs:ChangeMessageVisibility",
    "sqs:StartMessageMoveTask", "sqs:ListMessageMoveTasks", NULL};
/* It extends, gives back and removes the message that it was given, and receives none. */
static const char *const worker_unprocessed[] = {"sqs:GetQueueUrl", "sqs:ChangeMessageVisibility",
                                                 "sqs:DeleteMessage", NULL};
static const char *const worker_processed[] = {"sqs:GetQueueUrl", "sqs:SendMessage", NULL};

static int say_rights(const struct sqs_provisioning *provisioning, const char *id,
                      enum sqs_place place, const char *const *actions)
{
	char resource[256];
	const char *const resources[] = {resource, NULL};
	const struct aws_statement statement = {.id = id, .actions = actions, .resources = resources};

	snprintf(resource, sizeof resource, "arn:%s:sqs:%s:%s:%s", aws_partition(provisioning->region),
	         provisioning->region, provisioning->account, sqs_name(provisioning->sqs, place));
	return aws_statement_say(&statement, provisioning->say, provisioning->ctx, provisioning->err);
}

int sqs_permissions(void *self, enum vm_party party, vm_say_fn *say, void *ctx,
                    const struct vm_call *call, struct vm_error *err)
{
	struct sqs *sqs = self;
	struct sqs_provisioning provisioning = {
	    .sqs = sqs, .say = say, .ctx = ctx, .call = call, .err = err};
	bool tasks = strcmp(sqs->host->role, "queue.processed") != 0;
	bool events = strcmp(sqs->host->role, "queue.unprocessed") != 0;
	int status;

	if (party == VM_PARTY_STARTER)
		return VM_OK;
	aws_client_region(sqs->client, provisioning.region);
	status = aws_account(&sqs->config->aws, sqs->host, provisioning.account, call, err);
	if (status != VM_OK)
		return status;
	if (party == VM_PARTY_SERVER) {
		status = say_rights(&provisioning, tasks ? "Tasks" : "Events", SQS_QUEUE, server_queue);
		return status == VM_OK ? say_rights(&provisioning, tasks ? "DeadTasks" : "DeadEvents",
		                                    SQS_DEAD, server_dead)
		                       : status;
	}
	if (tasks)
		status = say_rights(&provisioning, "Tasks", SQS_QUEUE, worker_unprocessed);
	if (status == VM_OK && events)
		status = say_rights(&provisioning, "Events", SQS_QUEUE, worker_processed);
	return status;
}
