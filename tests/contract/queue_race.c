/* queue_race.c - a queue used by many processes at once, some of them killed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queue_kit.h"
#include "suites.h"

#define MESSAGES 40

struct race {
	atomic_llong first_ms[MESSAGES]; /* before the receive that first brought it; 0: not yet */
	atomic_uint received;
	atomic_bool started;
	atomic_uint acknowledged;
	char receipt[VM_RECEIPT_MAX];
};

static void send_all(struct contract *t, void *arg)
{
	struct queue q = q_open(t);

	(void)arg;
	for (unsigned i = 0; i < MESSAGES; i++)
		q_send(&q, contract_print(t, "%u", i), 0);
}

static void receive_share(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct queue q = q_of(t, self);
	struct race *race = arg;
	int64_t end_ms = contract_now_ms() + QUEUE_PATIENCE_MS;

	(void)racer;
	while (atomic_load(&race->received) < MESSAGES) {
		int64_t begin_ms = contract_now_ms();
		long long first_ms = 0;
		struct taken message;
		unsigned long number;

		expect(t, begin_ms < end_ms, "%u of %d messages came within %d s",
		       atomic_load(&race->received), MESSAGES, QUEUE_PATIENCE_MS / 1000);
		if (!q_find(&q, 200, &message))
			continue;
		number = strtoul(message.body, NULL, 10);
		expect(t, number < MESSAGES, "received \"%s\", which was not sent", message.body);
		if (atomic_compare_exchange_strong(&race->first_ms[number], &first_ms, begin_ms))
			atomic_fetch_add(&race->received, 1);
		else
			expect(t, contract_now_ms() - first_ms >= (int64_t)q.traits.visibility_ms,
			       "message %lu came twice within its visibility of %llu ms", number,
			       (unsigned long long)q.traits.visibility_ms);
		q_remove(&q, &message);
	}
}

static void receive_race(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);

	contract_apart(t, send_all, NULL);
	contract_race(t, receive_share, race);
}

static void take_apart(struct contract *t, void *arg)
{
	struct queue q = q_open(t);
	struct race *race = arg;
	struct taken message;

	q_send(&q, "handed over", 0);
	message = q_take_text(&q, "handed over");
	snprintf(race->receipt, sizeof race->receipt, "%s", message.receipt);
}

static void extend_apart(struct contract *t, void *arg)
{
	struct queue q = q_open(t);
	struct race *race = arg;
	struct vm_error err;

	expect_ok(t, &err, q.ops->extend(q.self, race->receipt, 60000, NULL, &err));
}

static void remove_apart(struct contract *t, void *arg)
{
	struct queue q = q_open(t);
	struct race *race = arg;
	struct vm_error err;

	expect_ok(t, &err, q.ops->remove(q.self, race->receipt, NULL, &err));
}

static void receipt_elsewhere(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	struct queue q;

	contract_apart(t, take_apart, race);
	contract_apart(t, extend_apart, race);
	contract_apart(t, remove_apart, race);
	q = q_open(t);
	q_expect_none(&q, q.traits.visibility_ms <= 5000 ? q.traits.visibility_ms + 500 : 1000);
}

static void send_until_killed(struct contract *t, void *arg)
{
	struct queue q = q_open(t);
	struct race *race = arg;

	atomic_store(&race->started, true);
	for (unsigned i = 0; i < MESSAGES; i++) {
		q_send(&q, contract_print(t, "%u", i), 0);
		atomic_store(&race->acknowledged, i + 1);
	}
}

static void sender_killed(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	bool *came = contract_alloc(t, MESSAGES * sizeof *came);
	unsigned acknowledged;
	struct taken message;
	struct queue q;

	contract_killed(t, send_until_killed, race, &race->started, 20);
	acknowledged = atomic_load(&race->acknowledged);
	q = q_open(t);
	for (unsigned missing = acknowledged; missing > 0;) {
		unsigned long number;

		message = q_take(&q);
		number = strtoul(message.body, NULL, 10);
		/* The one being sent when the process died may have come as well. */
		expect(t, number <= acknowledged, "received \"%s\", of which send never began",
		       message.body);
		q_remove(&q, &message);
		if (number < acknowledged && !came[number]) {
			came[number] = true;
			missing--;
		}
	}
}

const struct contract_case queue_race_cases[] = {
    {"receive-race", "A received message is hidden from all other receivers.", receive_race},
    {"receipt-elsewhere", "A receipt is text that may be handed to another process.",
     receipt_elsewhere},
    {"sender-killed", "Durable when it returns VM_OK, also when the sender is killed then.",
     sender_killed},
    {NULL, NULL, NULL},
};
