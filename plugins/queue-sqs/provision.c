/* provision.c - the two queues, who may send to them, and the alarms that watch them. */
#include <stdlib.h>
#include <string.h>

#include "provision.h"

#define RETENTION_S 1209600 /* 14 days, the longest there is */

void sqs_say(const struct sqs_provisioning *provisioning, const char *what, const char *outcome)
{
	char line[256];

	snprintf(line, sizeof line, "%s: %s", what, outcome);
	provisioning->say(provisioning->ctx, line);
}

const char *sqs_name(const struct sqs *sqs, enum sqs_place place)
{
	const char *name = place == SQS_QUEUE ? sqs->config->queue : sqs->config->dead_letters;
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

static json_t *arn_of(const struct sqs_provisioning *provisioning, enum sqs_place place)
{
	return json_sprintf("arn:%s:sqs:%s:%s:%s", aws_partition(provisioning->region),
	                    provisioning->region, provisioning->account,
	                    sqs_name(provisioning->sqs, place));
}

/* SQS takes JSON within JSON, as text. */
static json_t *as_text(json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_COMPACT) : NULL;
	json_t *string = text != NULL ? json_string(text) : NULL;

	free(text);
	json_decref(value);
	return string;
}

/* Buckets of this account may say what arrived in them. */
static json_t *policy(const struct sqs_provisioning *provisioning)
{
	return json_pack("{s:s, s:[{s:s, s:s, s:{s:s}, s:s, s:o, s:{s:{s:s}}}]}", "Version",
	                 "2012-10-17", "Statement", "Sid", "vidmill-buckets", "Effect", "Allow",
	                 "Principal", "Service", "s3.amazonaws.com", "Action", "sqs:SendMessage",
	                 "Resource", arn_of(provisioning, SQS_QUEUE), "Condition", "StringEquals",
	                 "aws:SourceAccount", provisioning->account);
}

static json_t *wanted_of(const struct sqs_provisioning *provisioning, enum sqs_place place)
{
	const struct sqs_config *config = provisioning->sqs->config;
	json_t *wanted = json_object();

	json_object_set_new(wanted, "MessageRetentionPeriod", json_sprintf("%d", RETENTION_S));
	if (place == SQS_DEAD)
		return wanted;
	json_object_set_new(wanted, "VisibilityTimeout",
	                    json_sprintf("%lld", (long long)sqs_seconds(config->visibility)));
	json_object_set_new(wanted, "ReceiveMessageWaitTimeSeconds", json_string("20"));
	json_object_set_new(
	    wanted, "RedrivePolicy",
	    as_text(json_pack("{s:o, s:I}", "deadLetterTargetArn", arn_of(provisioning, SQS_DEAD),
	                      "maxReceiveCount", (json_int_t)config->max_receives)));
	if (strcmp(provisioning->sqs->host->role, "queue.processed") != 0)
		json_object_set_new(wanted, "Policy", as_text(policy(provisioning)));
	return wanted;
}

/* Text, or JSON within text, whose members have no order. */
static bool is_same(const char *a, const char *b)
{
	json_t *left, *right;
	bool same;

	if (a == NULL || b == NULL)
		return a == b;
	if (strcmp(a, b) == 0)
		return true;
	left = json_loads(a, 0, NULL);
	right = json_loads(b, 0, NULL);
	same = left != NULL && json_equal(left, right);
	json_decref(left);
	json_decref(right);
	return same;
}

/* Takes out of `wanted` what the queue has already. */
static int leave_differences(const struct sqs_provisioning *provisioning, enum sqs_place place,
                             json_t *wanted)
{
	json_t *out = NULL, *value;
	const json_t *have;
	const char *name;
	void *next;
	int status = sqs_action(provisioning->sqs, place, "GetQueueAttributes", "look at the queue",
	                        json_pack("{s:[s]}", "AttributeNames", "All"), &out, provisioning->call,
	                        provisioning->err);

	if (status != VM_OK)
		return status;
	have = json_object_get(out, "Attributes");
	json_object_foreach_safe(wanted, next, name,
	                         value) if (is_same(json_string_value(json_object_get(have, name)),
	                                            json_string_value(value)))
	    json_object_del(wanted, name);
	json_decref(out);
	return VM_OK;
}

static int change(const struct sqs_provisioning *provisioning, enum sqs_place place, json_t *wanted)
{
	int status = leave_differences(provisioning, place, wanted);
	bool same = json_object_size(wanted) == 0;

	if (status != VM_OK)
		return status;
	if (!same && !provisioning->dry_run)
		status = sqs_action(provisioning->sqs, place, "SetQueueAttributes", "set up the queue",
		                    json_pack("{s:O}", "Attributes", wanted), NULL, provisioning->call,
		                    provisioning->err);
	if (status == VM_OK)
		sqs_say(provisioning, sqs_name(provisioning->sqs, place),
		        same                    ? "is there, as it should be"
		        : provisioning->dry_run ? "is there, would be changed"
		                                : "is there, changed");
	return status;
}

static int create(const struct sqs_provisioning *provisioning, enum sqs_place place, json_t *wanted)
{
	const char *name = sqs_name(provisioning->sqs, place);
	int status = VM_OK;

	if (!provisioning->dry_run)
		status = sqs_create(provisioning->sqs, name, wanted, provisioning->call, provisioning->err);
	if (status == VM_OK)
		sqs_say(provisioning, name, provisioning->dry_run ? "would be created" : "created");
	return status;
}

static int provide(const struct sqs_provisioning *provisioning, enum sqs_place place)
{
	json_t *wanted = wanted_of(provisioning, place);
	char url[SQS_URL_MAX];
	int status = sqs_url(provisioning->sqs, place, url, provisioning->call, provisioning->err);

	/* That it does not exist is the file's fault everywhere but here. */
	if (status == VM_ERR_CONFIG || status == VM_ERR_NOT_FOUND)
		status = create(provisioning, place, wanted);
	else if (status == VM_OK)
		status = change(provisioning, place, wanted);
	json_decref(wanted);
	return status;
}

int sqs_provision(void *self, bool dry_run, vm_say_fn *say_line, void *ctx,
                  const struct vm_call *call, struct vm_error *err)
{
	struct vm_error why;
	struct sqs_provisioning provisioning = {
	    .sqs = self, .dry_run = dry_run, .say = say_line, .ctx = ctx, .call = call, .err = &why};
	struct sqs *sqs = self;
	int status;

	aws_client_region(sqs->client, provisioning.region);
	if ((status = aws_account(&sqs->config->aws, sqs->host, provisioning.account, call, &why)) ==
	        VM_OK &&
	    (status = provide(&provisioning, SQS_DEAD)) == VM_OK &&
	    (status = provide(&provisioning, SQS_QUEUE)) == VM_OK && sqs->config->alarms)
		status = sqs_provide_alarms(&provisioning);
	if (status != VM_OK && err != NULL)
		*err = why;
	return status;
}
