/* action.c - one action of the service on one of the two queues. */
#include <stdlib.h>
#include <string.h>

#include "sqs.h"

/* What a receive has taken whose answer was lost is hidden: a second one would find too little. */
static const struct aws_json_service service = {
    .prefix = "AmazonSQS", .version = "1.0", .once = true};

int64_t sqs_seconds(uint64_t ms)
{
	return (int64_t)((ms + 999) / 1000);
}

static int ask_url(struct sqs *sqs, const char *name, char *url, const struct vm_call *call,
                   struct vm_error *err)
{
	json_t *out = NULL;
	const char *text;
	char what[128];
	int status;

	snprintf(what, sizeof what, "find the queue %s", name);
	status = aws_json(sqs->client, &service, "GetQueueUrl", what,
	                  json_pack("{s:s}", "QueueName", name), 0, &out, NULL, call, err);
	if (status != VM_OK)
		return status;
	text = json_string_value(json_object_get(out, "QueueUrl"));
	if (text == NULL || strlen(text) >= SQS_URL_MAX)
		status = vm_fail(err, VM_ERR_UNAVAILABLE, "%s: an answer without a URL", what);
	else
		memcpy(url, text, strlen(text) + 1);
	json_decref(out);
	return status;
}

int sqs_url(struct sqs *sqs, enum sqs_place place, char *url, const struct vm_call *call,
            struct vm_error *err)
{
	const char *name = place == SQS_QUEUE ? sqs->config->queue : sqs->config->dead_letters;
	int status;

	if (strstr(name, "://") != NULL) {
		memcpy(url, name, strlen(name) + 1);
		return VM_OK;
	}
	pthread_mutex_lock(&sqs->lock);
	memcpy(url, sqs->urls[place], SQS_URL_MAX);
	pthread_mutex_unlock(&sqs->lock);
	if (url[0] != '\0')
		return VM_OK;
	status = ask_url(sqs, name, url, call, err);
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&sqs->lock);
	memcpy(sqs->urls[place], url, SQS_URL_MAX);
	pthread_mutex_unlock(&sqs->lock);
	return VM_OK;
}

int sqs_create(struct sqs *sqs, const char *name, json_t *attributes, const struct vm_call *call,
               struct vm_error *err)
{
	char what[128];

	snprintf(what, sizeof what, "create the queue %s", name);
	return aws_json(sqs->client, &service, "CreateQueue", what,
	                json_pack("{s:s, s:O}", "QueueName", name, "Attributes", attributes), 0, NULL,
	                NULL, call, err);
}

int sqs_action_patient(struct sqs *sqs, enum sqs_place place, const char *action, const char *what,
                       json_t *in, uint64_t patience_ms, json_t **out, struct aws_refusal *refusal,
                       const struct vm_call *call, struct vm_error *err)
{
	char url[SQS_URL_MAX];
	int status = sqs_url(sqs, place, url, call, err);

	if (status != VM_OK) {
		json_decref(in);
		return status;
	}
	if (in != NULL && json_object_set_new(in, "QueueUrl", json_string(url)) != 0) {
		json_decref(in);
		in = NULL;
	}
	return aws_json(sqs->client, &service, action, what, in, patience_ms, out, refusal, call, err);
}

int sqs_action(struct sqs *sqs, enum sqs_place place, const char *action, const char *what,
               json_t *in, json_t **out, const struct vm_call *call, struct vm_error *err)
{
	return sqs_action_patient(sqs, place, action, what, in, 0, out, NULL, call, err);
}

bool sqs_is_stale(const struct aws_refusal *refusal)
{
	static const char *const codes[] = {
	    "ReceiptHandleIsInvalid",
	    "MessageNotInflight",
	    "InvalidParameterValue",
	    "InvalidParameterValueException",
	    "InvalidIdFormat",
	    "AWS.SimpleQueueService.MessageNotInflight",
	    "MessageNotInflightException",
	};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(refusal->code, codes[i]) == 0)
			return true;
	return false;
}
