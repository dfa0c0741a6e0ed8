/* receive.c - messages are waited for, hidden and handed out. */
#include <string.h>
#include <time.h>

#include "sqs.h"

struct receiving {
	struct sqs *sqs;
	vm_message_fn *emit;
	void *ctx;
	uint32_t emitted;
	bool stopped;
	const struct vm_call *call;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The queue's own redrive policy is the first net; this one holds where a queue has none. */
static void bury(struct receiving *receiving, const struct vm_message *message)
{
	const struct vm_host *host = receiving->sqs->host;
	char reason[96];
	struct vm_error err;

	snprintf(reason, sizeof reason, "received more than max_receives = %lld times",
	         (long long)receiving->sqs->config->max_receives);
	if (sqs_dead_letter(receiving->sqs, message, reason, receiving->call, &err) != VM_OK)
		host->log(host, VM_LOG_WARNING, "message %s is not dead yet, which is tried again: %s",
		          message->id, err.message);
}

static void hand_out(struct receiving *receiving, const struct sqs_message *taken)
{
	const struct vm_message message = {.id = taken->id,
	                                   .receipt = taken->receipt,
	                                   .body = taken->body,
	                                   .length = taken->length,
	                                   .receives = taken->receives,
	                                   .sent_ms = taken->sent_ms};
	struct vm_error ignored;

	if (receiving->stopped) {
		(void)sqs_extend(receiving->sqs, taken->receipt, 0, receiving->call, &ignored);
		return;
	}
	if (taken->receives > (uint32_t)receiving->sqs->config->max_receives) {
		bury(receiving, &message);
		return;
	}
	receiving->emitted++;
	receiving->stopped = receiving->emit(receiving->ctx, &message) == VM_STOP;
}

static int receive_batch(struct receiving *receiving, uint32_t max, uint64_t wait_ms,
                         struct vm_error *err)
{
	const struct sqs *sqs = receiving->sqs;
	json_int_t wait_s = (json_int_t)(wait_ms / 1000);
	json_t *in = json_pack("{s:I, s:I, s:I, s:[s,s], s:[s]}", "MaxNumberOfMessages",
	                       (json_int_t)(max < SQS_BATCH_MOST ? max : SQS_BATCH_MOST),
	                       "WaitTimeSeconds", wait_s < SQS_WAIT_MOST_S ? wait_s : SQS_WAIT_MOST_S,
	                       "VisibilityTimeout", (json_int_t)sqs_seconds(sqs->config->visibility),
	                       "AttributeNames", "ApproximateReceiveCount", "SentTimestamp",
	                       "MessageAttributeNames", "All");
	json_t *out = NULL, *entry;
	size_t index;
	int status = sqs_action_patient(receiving->sqs, SQS_QUEUE, "ReceiveMessage", "receive", in,
	                                wait_ms, &out, NULL, receiving->call, err);

	if (status != VM_OK)
		return status;
	json_array_foreach(json_object_get(out, "Messages"), index, entry)
	{
		struct sqs_message message;
		struct vm_error why;

		/* It comes again when it is not hidden any more, whole perhaps. */
		if (sqs_message_read(entry, &message, &why) == VM_OK)
			hand_out(receiving, &message);
		else
			sqs->host->log(sqs->host, VM_LOG_WARNING, "%s", why.message);
		sqs_message_finish(&message);
	}
	json_decref(out);
	return VM_OK;
}

int sqs_receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	struct receiving receiving = {.sqs = self, .emit = emit, .ctx = ctx, .call = call};
	int64_t end_ms = now_ms() + (int64_t)wait_ms;
	uint64_t left_ms = wait_ms;
	int status;

	do {
		status = receive_batch(&receiving, max, left_ms, err);
		left_ms = now_ms() < end_ms ? (uint64_t)(end_ms - now_ms()) : 0;
	} while (status == VM_OK && receiving.emitted == 0 && left_ms >= 1000);
	return status;
}
