/* send.c - a message is sent, extended, removed. */
#include "sqs.h"

int sqs_send(void *self, const void *body, size_t length, uint64_t delay_ms,
             const struct vm_call *call, struct vm_error *err)
{
	if (length > SQS_BODY_MOST)
		return vm_fail(err, VM_ERR_LIMIT, "send: %zu bytes, where %zu are the most", length,
		               SQS_BODY_MOST);
	if (delay_ms > SQS_DELAY_MOST_MS)
		return vm_fail(err, VM_ERR_LIMIT, "send: a delay of more than 15 minutes");
	return sqs_send_to(self, SQS_QUEUE, "send", body, length, delay_ms, NULL, call, err);
}

int sqs_extend(void *self, const char *receipt, uint64_t visibility_ms, const struct vm_call *call,
               struct vm_error *err)
{
	struct aws_refusal refusal;
	int status;

	if (visibility_ms > SQS_HIDDEN_MOST_MS)
		return vm_fail(err, VM_ERR_LIMIT, "extend: more than 12 hours");
	status = sqs_action_patient(self, SQS_QUEUE, "ChangeMessageVisibility", "extend",
	                            json_pack("{s:s, s:I}", "ReceiptHandle", receipt,
	                                      "VisibilityTimeout",
	                                      (json_int_t)sqs_seconds(visibility_ms)),
	                            0, NULL, &refusal, call, err);
	/* Also when the twelve hours since its receive would be passed: then it comes again, and the
	 * server finds a living lease. */
	if (status != VM_OK && sqs_is_stale(&refusal))
		return vm_fail(err, VM_ERR_CONFLICT, "extend: the receipt is not good any more: %s",
		               refusal.message[0] != '\0' ? refusal.message : refusal.code);
	return status;
}

int sqs_remove(void *self, const char *receipt, const struct vm_call *call, struct vm_error *err)
{
	struct aws_refusal refusal;
	struct vm_error why;
	int status = sqs_action_patient(self, SQS_QUEUE, "DeleteMessage", "remove",
	                                json_pack("{s:s}", "ReceiptHandle", receipt), 0, NULL, &refusal,
	                                call, &why);

	/* Removed already, or received again since: which of them no service says. */
	if (status == VM_OK || sqs_is_stale(&refusal))
		return VM_OK;
	if (err != NULL)
		*err = why;
	return status;
}
