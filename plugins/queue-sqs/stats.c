/* stats.c - how many messages there are, as the service thinks. */
#include <stdlib.h>

#include "sqs.h"

static uint64_t number(const json_t *attributes, const char *name)
{
	const char *text = json_string_value(json_object_get(attributes, name));

	return text != NULL ? strtoull(text, NULL, 10) : 0;
}

static int ask(struct sqs *sqs, enum sqs_place place, json_t **out, const struct vm_call *call,
               struct vm_error *err)
{
	return sqs_action(sqs, place, "GetQueueAttributes", "stats",
	                  json_pack("{s:[s,s,s]}", "AttributeNames", "ApproximateNumberOfMessages",
	                            "ApproximateNumberOfMessagesNotVisible",
	                            "ApproximateNumberOfMessagesDelayed"),
	                  out, call, err);
}

/* The age of the oldest message is CloudWatch's to tell (ApproximateAgeOfOldestMessage). */
int sqs_stats(void *self, struct vm_queue_stats *out, const struct vm_call *call,
              struct vm_error *err)
{
	json_t *queue = NULL, *dead = NULL;
	const json_t *attributes;
	int status;

	if ((status = ask(self, SQS_QUEUE, &queue, call, err)) != VM_OK ||
	    (status = ask(self, SQS_DEAD, &dead, call, err)) != VM_OK)
		goto fail;
	attributes = json_object_get(queue, "Attributes");
	out->visible = number(attributes, "ApproximateNumberOfMessages");
	out->invisible = number(attributes, "ApproximateNumberOfMessagesNotVisible");
	out->delayed = number(attributes, "ApproximateNumberOfMessagesDelayed");
	attributes = json_object_get(dead, "Attributes");
	/* One that is being looked at is hidden, and dead all the same. */
	out->dead = number(attributes, "ApproximateNumberOfMessages") +
	            number(attributes, "ApproximateNumberOfMessagesNotVisible");
	out->oldest_ms = 0;

fail:
	json_decref(queue);
	json_decref(dead);
	return status;
}
