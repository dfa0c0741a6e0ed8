/* provision.h - what is being provided, and who is told of it. */
#ifndef QUEUE_SQS_PROVISION_H
#define QUEUE_SQS_PROVISION_H

#include "aws/form.h"
#include "sqs.h"

struct sqs_provisioning {
	struct sqs *sqs;
	bool dry_run;
	vm_say_fn *say;
	void *ctx;
	const struct vm_call *call;
	struct vm_error *err;
	char account[AWS_ACCOUNT_MAX];
	char region[AWS_REGION_MAX];
};

void sqs_say(const struct sqs_provisioning *provisioning, const char *what, const char *outcome);

/* The name of a place, also where its URL is configured. */
const char *sqs_name(const struct sqs *sqs, enum sqs_place place);

/* Alarms of CloudWatch for dead letters, and for messages that are too old. */
int sqs_provide_alarms(const struct sqs_provisioning *provisioning);

#endif
