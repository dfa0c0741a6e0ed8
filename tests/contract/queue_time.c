/* queue_time.c - what a queue promises about time: delay, visibility, waiting, cancellation. */
#include <stdio.h>

#include "queue_kit.h"
#include "suites.h"

/* Longer than this is not waited for: the configuration of the suite must make it shorter. */
#define VISIBILITY_MOST_MS 10000

static void delay(struct contract *t)
{
	struct queue q = q_open(t);
	int64_t begin_ms = contract_now_ms();
	struct taken message;

	if (q.traits.delay_max_ms < 1000)
		contract_skip(t, "delay_max_ms is below one second");
	q_send(&q, "later", 1000);
	message = q_take_text(&q, "later");
	expect(t, contract_now_ms() - begin_ms >= 1000, "delayed by 1,000 ms, came after %lld",
	       (long long)(contract_now_ms() - begin_ms));
	q_remove(&q, &message);
}

static void visibility(struct contract *t)
{
	struct queue q = q_open(t);
	struct taken message;
	int64_t begin_ms;

	if (q.traits.visibility_ms > VISIBILITY_MOST_MS)
		contract_skip(t, "a visibility of %llu s is too long to wait for: configure 2 s",
		              (unsigned long long)q.traits.visibility_ms / 1000);
	q_send(&q, "hidden", 0);
	begin_ms = contract_now_ms();
	message = q_take_text(&q, "hidden");
	message = q_take_text(&q, "hidden");
	expect(t, contract_now_ms() - begin_ms >= (int64_t)q.traits.visibility_ms,
	       "hidden for %llu ms, came again after %lld", (unsigned long long)q.traits.visibility_ms,
	       (long long)(contract_now_ms() - begin_ms));
	expect(t, message.receives >= 2, "received twice, receives is %u", message.receives);
	q_remove(&q, &message);
}

static void extend_longer(struct contract *t)
{
	struct queue q = q_open(t);
	uint64_t longer_ms = q.traits.visibility_ms + 2000;
	struct taken message;
	int64_t begin_ms;

	if (longer_ms > VISIBILITY_MOST_MS || longer_ms > q.traits.extend_max_ms)
		contract_skip(t, "a visibility of %llu s is too long to wait for: configure 2 s",
		              (unsigned long long)q.traits.visibility_ms / 1000);
	q_send(&q, "extended", 0);
	message = q_take_text(&q, "extended");
	begin_ms = contract_now_ms();
	q_extend(&q, &message, longer_ms);
	message = q_take_text(&q, "extended");
	expect(t, contract_now_ms() - begin_ms >= (int64_t)longer_ms,
	       "extended by %llu ms, came again after %lld", (unsigned long long)longer_ms,
	       (long long)(contract_now_ms() - begin_ms));
	q_remove(&q, &message);
}

static void extend_shorter(struct contract *t)
{
	struct queue q = q_open(t);
	struct taken message;
	int64_t begin_ms;

	q_send(&q, "shortened", 0);
	message = q_take_text(&q, "shortened");
	q_extend(&q, &message, 60000);
	begin_ms = contract_now_ms();
	q_extend(&q, &message, 1000);
	/* "From now", not added to what it had. */
	message = q_take_text(&q, "shortened");
	expect(t, contract_now_ms() - begin_ms >= 1000, "hidden for 1,000 ms, came again after %lld",
	       (long long)(contract_now_ms() - begin_ms));
	q_remove(&q, &message);
}

static void empty_in_time(struct contract *t)
{
	struct queue q = q_open(t);
	int64_t begin_ms = contract_now_ms();

	q_expect_none(&q, 0);
	q_expect_none(&q, 1000);
	expect(t, contract_now_ms() - begin_ms < 1000 + QUEUE_SOON_MS,
	       "receive that may wait for 1,000 ms returned after %lld",
	       (long long)(contract_now_ms() - begin_ms));
}

static void wakes_up(struct contract *t)
{
	struct queue q = q_open(t);
	int64_t begin_ms = contract_now_ms();
	struct taken message;

	if (q.traits.delay_max_ms < 1000)
		contract_skip(t, "delay_max_ms is below one second");
	q_send(&q, "meanwhile", 1000);
	message = q_take_text(&q, "meanwhile");
	expect(t, contract_now_ms() - begin_ms < 1000 + QUEUE_SOON_MS,
	       "receive went on waiting after a message had come");
	q_remove(&q, &message);
}

static enum vm_more keep_receipt(void *ctx, const struct vm_message *message)
{
	snprintf(ctx, VM_RECEIPT_MAX, "%s", message->receipt);
	return VM_STOP;
}

static void cancelled(struct contract *t)
{
	struct queue q = q_open(t);
	char stranger[VM_RECEIPT_MAX];
	struct contract_call call;
	int64_t begin_ms, took_ms;
	struct vm_error err;
	int status;

	/* A message that others have left ends the waiting as well: then once more. */
	do {
		stranger[0] = '\0';
		contract_call_begin(t, &call, 300, CONTRACT_NEVER);
		begin_ms = contract_now_ms();
		status = answer(
		    t, &err,
		    q.ops->receive(q.self, 1, QUEUE_PATIENCE_MS, keep_receipt, stranger, &call.vm, &err));
		took_ms = contract_now_ms() - begin_ms;
		contract_call_end(&call);
		if (stranger[0] != '\0')
			expect_ok(t, &err, q.ops->remove(q.self, stranger, NULL, &err));
	} while (status == VM_OK && stranger[0] != '\0');
	expect(t, status == VM_ERR_CANCELLED, "cancelled while waiting, receive answered %s",
	       contract_status_name(status));
	expect(t, took_ms < 300 + CONTRACT_PROMPT_MS,
	       "cancelled after 300 ms, receive returned after %lld", (long long)took_ms);
}

const struct contract_case queue_time_cases[] = {
    {"delay", "Not receivable before delay_ms have passed.", delay},
    {"visibility", "A received message is hidden for visibility_ms.", visibility},
    {"extend-longer", "Extend hides the message for visibility_ms from now.", extend_longer},
    {"extend-shorter", "Extend counts from now, also when that is earlier.", extend_shorter},
    {"empty-in-time", "Waits up to wait_ms; none in time is VM_OK.", empty_in_time},
    {"receive-wakes-up", "Waits for a first message, then emits what is there.", wakes_up},
    /* The last of all: a service may go on with a long poll that nobody waits for any more, and
     * hand a message of the next case to it. */
    {"receive-cancelled", "An operation returns within one second of its cancellation.", cancelled},
    {NULL, NULL, NULL},
};
