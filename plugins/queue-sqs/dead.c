/* dead.c - dead letters: made, walked through, shown, removed. */
#include <stdlib.h>
#include <string.h>

#include "sqs.h"

/* How long a walk may take before what it has hidden comes up again. */
#define WALK_S 120
#define WAIT_S 1 /* a long poll asks every one of the service's hosts; a short one only some */

int sqs_dead_letter(void *self, const struct vm_message *message, const char *reason,
                    const struct vm_call *call, struct vm_error *err)
{
	json_t *attributes = json_pack("{s:o, s:o}", SQS_REASON, sqs_attribute(reason), SQS_RECEIVES,
	                               sqs_attribute_number(message->receives));
	int status;

	if (attributes == NULL)
		return vm_fail_memory(err);
	/* First in both places, then in one. */
	status = sqs_send_to(self, SQS_DEAD, "dead-letter", message->body, message->length, 0,
	                     attributes, call, err);
	return status == VM_OK ? sqs_remove(self, message->receipt, call, err) : status;
}

struct walk {
	struct sqs *sqs;
	const char *what;
	sqs_walk_fn *each;
	void *ctx;
	const struct vm_call *call;
	/* Ids that were seen, and receipts to give back. */
	json_t *seen, *hidden;
	uint32_t left;
	bool stopped;
};

static int take_away(struct walk *walk, const struct sqs_message *message, struct vm_error *err)
{
	struct aws_refusal refusal;
	struct vm_error why;
	int status = sqs_action_patient(walk->sqs, SQS_DEAD, "DeleteMessage", walk->what,
	                                json_pack("{s:s}", "ReceiptHandle", message->receipt), 0, NULL,
	                                &refusal, walk->call, &why);

	/* Gone already, as sqs_remove() has it. */
	if (status == VM_OK || sqs_is_stale(&refusal))
		return VM_OK;
	if (err != NULL)
		*err = why;
	return status;
}

static int visit(struct walk *walk, const struct sqs_message *message, struct vm_error *err)
{
	enum sqs_walk next;
	int status = VM_OK;

	json_array_append_new(walk->hidden, json_string(message->receipt));
	if (json_object_get(walk->seen, message->id) != NULL || walk->stopped)
		return VM_OK;
	json_object_set_new(walk->seen, message->id, json_true());
	next = walk->each(walk->ctx, message, &status, err);
	if (status == VM_OK && (next == SQS_REMOVE || next == SQS_REMOVE_AND_STOP))
		status = take_away(walk, message, err);
	walk->left--;
	walk->stopped = next == SQS_KEEP_AND_STOP || next == SQS_REMOVE_AND_STOP || walk->left == 0;
	return status;
}

/* *more is false when there was nothing left. */
static int walk_batch(struct walk *walk, bool *more, struct vm_error *err)
{
	json_t *in = json_pack("{s:i, s:i, s:i, s:[s,s], s:[s]}", "MaxNumberOfMessages", SQS_BATCH_MOST,
	                       "WaitTimeSeconds", WAIT_S, "VisibilityTimeout", WALK_S, "AttributeNames",
	                       "ApproximateReceiveCount", "SentTimestamp", "MessageAttributeNames",
	                       "All");
	json_t *out = NULL, *entry;
	size_t index;
	int status = sqs_action_patient(walk->sqs, SQS_DEAD, "ReceiveMessage", walk->what, in,
	                                WAIT_S * 1000, &out, NULL, walk->call, err);

	if (status != VM_OK)
		return status;
	*more = json_array_size(json_object_get(out, "Messages")) > 0;
	json_array_foreach(json_object_get(out, "Messages"), index, entry)
	{
		struct sqs_message message;

		if (status == VM_OK)
			status = sqs_message_read(entry, &message, err);
		if (status == VM_OK)
			status = visit(walk, &message, err);
		sqs_message_finish(&message);
	}
	json_decref(out);
	return status;
}

/* Ten at a time. What is not given back comes up by itself. */
static void give_back(struct walk *walk)
{
	size_t index, count = json_array_size(walk->hidden);
	json_t *receipt, *entries = NULL;
	struct vm_error ignored;
	char id[24];

	json_array_foreach(walk->hidden, index, receipt)
	{
		if (entries == NULL)
			entries = json_array();
		snprintf(id, sizeof id, "%zu", index);
		json_array_append_new(entries, json_pack("{s:s, s:O, s:i}", "Id", id, "ReceiptHandle",
		                                         receipt, "VisibilityTimeout", 0));
		if (json_array_size(entries) < SQS_BATCH_MOST && index + 1 < count)
			continue;
		(void)sqs_action(walk->sqs, SQS_DEAD, "ChangeMessageVisibilityBatch", walk->what,
		                 json_pack("{s:o}", "Entries", entries), NULL, walk->call, &ignored);
		entries = NULL;
	}
}

int sqs_walk_dead(struct sqs *sqs, uint32_t max, const char *what, sqs_walk_fn *each, void *ctx,
                  const struct vm_call *call, struct vm_error *err)
{
	struct walk walk = {.sqs = sqs,
	                    .what = what,
	                    .each = each,
	                    .ctx = ctx,
	                    .call = call,
	                    .seen = json_object(),
	                    .hidden = json_array(),
	                    .left = max,
	                    .stopped = max == 0};
	bool more = true;
	int status = walk.seen == NULL || walk.hidden == NULL ? vm_fail_memory(err) : VM_OK;

	while (status == VM_OK && more && !walk.stopped)
		status = walk_batch(&walk, &more, err);
	give_back(&walk);
	json_decref(walk.seen);
	json_decref(walk.hidden);
	return status;
}

struct listing {
	const struct sqs *sqs;
	vm_dead_letter_fn *emit;
	void *ctx;
};

static enum sqs_walk show(void *ctx, const struct sqs_message *message, int *status,
                          struct vm_error *err)
{
	const struct listing *listing = ctx;
	char reason[96];
	const struct vm_dead_letter letter = {
	    .id = message->id,
	    .body = message->body,
	    .length = message->length,
	    .reason = message->reason != NULL ? message->reason : reason,
	    .receives = message->receives,
	    /* What the redrive policy has moved keeps the time when it was sent. */
	    .died_ms = message->reason != NULL ? message->sent_ms : 0,
	};

	(void)status;
	(void)err;
	snprintf(reason, sizeof reason, "received more than max_receives = %lld times",
	         (long long)listing->sqs->config->max_receives);
	return listing->emit(listing->ctx, &letter) == VM_STOP ? SQS_KEEP_AND_STOP : SQS_KEEP;
}

int sqs_list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                  const struct vm_call *call, struct vm_error *err)
{
	struct listing listing = {.sqs = self, .emit = emit, .ctx = ctx};

	return sqs_walk_dead(self, max, "list dead letters", show, &listing, call, err);
}

struct one {
	const char *id;
	bool found;
};

static enum sqs_walk remove_one(void *ctx, const struct sqs_message *message, int *status,
                                struct vm_error *err)
{
	struct one *one = ctx;

	(void)status;
	(void)err;
	one->found = strcmp(message->id, one->id) == 0;
	return one->found ? SQS_REMOVE_AND_STOP : SQS_KEEP;
}

int sqs_remove_dead(void *self, const char *id, const struct vm_call *call, struct vm_error *err)
{
	struct one one = {.id = id};
	int status = sqs_walk_dead(self, UINT32_MAX, "remove a dead letter", remove_one, &one, call,
	                           err);

	if (status == VM_OK && !one.found)
		return vm_fail(err, VM_ERR_NOT_FOUND, "dead letter %.100s: not there", id);
	return status;
}
