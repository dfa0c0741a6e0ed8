/* queue_kit.c - the steps that most cases of a queue take. */
#include <stdio.h>
#include <string.h>

#include "queue_kit.h"

struct queue q_of(struct contract *t, void *self)
{
	struct queue q = {.t = t, .ops = t->plugin->ops.queue, .self = self};

	q.traits.size = sizeof q.traits;
	q.ops->traits(self, &q.traits);
	return q;
}

struct queue q_open(struct contract *t)
{
	return q_of(t, contract_create(t));
}

/* A body begins with the case's tag and a colon. */
void q_send_bytes(const struct queue *q, const void *bytes, size_t length)
{
	size_t before = strlen(q->t->tag) + 1;
	char *body = contract_alloc(q->t, before + length + 1);
	struct vm_error err;

	snprintf(body, before + 1, "%s:", q->t->tag);
	memcpy(body + before, bytes, length);
	expect_ok(q->t, &err, q->ops->send(q->self, body, before + length, 0, NULL, &err));
}

void q_send(const struct queue *q, const char *text, uint64_t delay_ms)
{
	const char *body = contract_print(q->t, "%s:%s", q->t->tag, text);
	struct vm_error err;

	expect_ok(q->t, &err, q->ops->send(q->self, body, strlen(body), delay_ms, NULL, &err));
}

void q_extend(const struct queue *q, const struct taken *message, uint64_t visibility_ms)
{
	struct vm_error err;

	expect_ok(q->t, &err, q->ops->extend(q->self, message->receipt, visibility_ms, NULL, &err));
}

void q_remove(const struct queue *q, const struct taken *message)
{
	struct vm_error err;

	expect_ok(q->t, &err, q->ops->remove(q->self, message->receipt, NULL, &err));
}

bool q_is_own(const struct queue *q, const void *body, size_t length)
{
	size_t before = strlen(q->t->tag);

	return length > before && memcmp(body, q->t->tag, before) == 0 &&
	       ((const char *)body)[before] == ':';
}

struct taken q_copy(const struct queue *q, const struct vm_message *message)
{
	struct taken copy = {.receives = message->receives, .sent_ms = message->sent_ms};
	size_t before = strlen(q->t->tag) + 1;
	struct contract *t = q->t;

	expect(t, message->id != NULL && message->id[0] != '\0', "a message has no id");
	expect(t, strlen(message->id) < sizeof copy.id, "a message's id is too long: %zu bytes",
	       strlen(message->id));
	expect(t, message->receipt != NULL && message->receipt[0] != '\0', "a message has no receipt");
	expect(t, strlen(message->receipt) < sizeof copy.receipt,
	       "a message's receipt is too long: %zu bytes", strlen(message->receipt));
	snprintf(copy.id, sizeof copy.id, "%s", message->id);
	snprintf(copy.receipt, sizeof copy.receipt, "%s", message->receipt);
	copy.length = message->length - before;
	copy.body = contract_alloc(t, copy.length + 1);
	memcpy(copy.body, (const char *)message->body + before, copy.length);
	return copy;
}

struct finding {
	const struct queue *q;
	struct taken *out;
	char foreign[VM_RECEIPT_MAX];
	bool is_found;
};

static enum vm_more keep(void *ctx, const struct vm_message *message)
{
	struct finding *finding = ctx;

	if (q_is_own(finding->q, message->body, message->length)) {
		*finding->out = q_copy(finding->q, message);
		finding->is_found = true;
	} else {
		snprintf(finding->foreign, sizeof finding->foreign, "%s", message->receipt);
	}
	return VM_STOP;
}

bool q_find(const struct queue *q, uint64_t wait_ms, struct taken *out)
{
	struct finding finding = {.q = q, .out = out};
	int64_t end_ms = contract_now_ms() + (int64_t)wait_ms;
	struct vm_error err;

	do {
		int64_t left_ms = end_ms - contract_now_ms();

		finding.foreign[0] = '\0';
		expect_ok(q->t, &err,
		          q->ops->receive(q->self, 1, left_ms > 0 ? (uint64_t)left_ms : 0, keep, &finding,
		                          NULL, &err));
		if (finding.foreign[0] != '\0')
			expect_ok(q->t, &err, q->ops->remove(q->self, finding.foreign, NULL, &err));
	} while (!finding.is_found && contract_now_ms() < end_ms);
	return finding.is_found;
}

struct taken q_take(const struct queue *q)
{
	struct taken message;

	expect(q->t, q_find(q, QUEUE_PATIENCE_MS, &message),
	       "a message that was sent did not come within %d s", QUEUE_PATIENCE_MS / 1000);
	return message;
}

struct taken q_take_text(const struct queue *q, const char *text)
{
	struct taken message = q_take(q);

	expect(q->t, message.length == strlen(text) && memcmp(message.body, text, message.length) == 0,
	       "sent \"%s\", received \"%s\"", text, message.body);
	return message;
}

void q_expect_none(const struct queue *q, uint64_t wait_ms)
{
	struct taken message;

	expect(q->t, !q_find(q, wait_ms, &message), "received \"%s\" (%u), which must not come now",
	       message.body, message.receives);
}

struct dead_search {
	const struct queue *q;
	const char *text;
	struct dead *out;
	bool is_found;
};

static enum vm_more look(void *ctx, const struct vm_dead_letter *letter)
{
	struct dead_search *search = ctx;
	struct contract *t = search->q->t;
	size_t before = strlen(t->tag) + 1;

	if (!q_is_own(search->q, letter->body, letter->length))
		return VM_MORE;
	if (search->text != NULL &&
	    (letter->length != before + strlen(search->text) ||
	     memcmp((const char *)letter->body + before, search->text, strlen(search->text)) != 0))
		return VM_MORE;
	expect(t, letter->id != NULL && letter->id[0] != '\0', "a dead letter has no id");
	expect(t, strlen(letter->id) < sizeof search->out->id, "a dead letter's id is too long");
	expect(t, letter->reason != NULL, "a dead letter has no reason");
	snprintf(search->out->id, sizeof search->out->id, "%s", letter->id);
	snprintf(search->out->reason, sizeof search->out->reason, "%s", letter->reason);
	search->out->receives = letter->receives;
	search->out->died_ms = letter->died_ms;
	search->is_found = true;
	return VM_STOP;
}

bool q_find_dead(const struct queue *q, const char *text, struct dead *out)
{
	struct dead_search search = {.q = q, .text = text, .out = out};
	struct vm_error err;

	expect_ok(q->t, &err, q->ops->list_dead(q->self, 1000, look, &search, NULL, &err));
	return search.is_found;
}

struct dead q_wait_dead(const struct queue *q, const char *text)
{
	int64_t end_ms = contract_now_ms() + QUEUE_PATIENCE_MS;
	struct dead letter;

	while (!q_find_dead(q, text, &letter)) {
		expect(q->t, contract_now_ms() < end_ms, "the dead letter \"%s\" did not come within %d s",
		       text, QUEUE_PATIENCE_MS / 1000);
		contract_sleep_ms(50);
	}
	return letter;
}

struct dead q_bury(const struct queue *q, const char *text, const char *reason)
{
	struct taken taken;
	struct vm_message message;
	struct vm_error err;
	const char *body = contract_print(q->t, "%s:%s", q->t->tag, text);

	q_send(q, text, 0);
	taken = q_take_text(q, text);
	/* Twice where that is allowed, so that a count that is kept is seen. */
	if (q->traits.max_receives >= 2) {
		q_extend(q, &taken, 0);
		taken = q_take_text(q, text);
	}
	message = (struct vm_message){
	    .id = taken.id,
	    .receipt = taken.receipt,
	    .body = body,
	    .length = strlen(body),
	    .receives = taken.receives,
	    .sent_ms = taken.sent_ms,
	};
	expect_ok(q->t, &err, q->ops->dead_letter(q->self, &message, reason, NULL, &err));
	return q_wait_dead(q, text);
}

struct burial {
	const struct queue *q;
	char ids[64][VM_MESSAGE_ID_MAX];
	size_t count;
};

static enum vm_more note_dead(void *ctx, const struct vm_dead_letter *letter)
{
	struct burial *burial = ctx;

	snprintf(burial->ids[burial->count++], VM_MESSAGE_ID_MAX, "%s", letter->id);
	return burial->count < sizeof burial->ids / sizeof *burial->ids ? VM_MORE : VM_STOP;
}

bool q_empty(const struct queue *q)
{
	int64_t end_ms = contract_now_ms() + QUEUE_PATIENCE_MS;
	struct vm_queue_stats stats = {.size = sizeof stats};
	struct vm_error err;

	for (;;) {
		struct burial burial = {.q = q};
		struct taken message;

		while (q_find(q, 100, &message))
			q_remove(q, &message);
		expect_ok(q->t, &err, q->ops->list_dead(q->self, 64, note_dead, &burial, NULL, &err));
		for (size_t i = 0; i < burial.count; i++)
			(void)q->ops->remove_dead(q->self, burial.ids[i], NULL, &err);
		expect_ok(q->t, &err, q->ops->stats(q->self, &stats, NULL, &err));
		if (stats.visible + stats.invisible + stats.delayed + stats.dead == 0)
			return true;
		if (contract_now_ms() > end_ms)
			return false;
		contract_sleep_ms(200);
	}
}

void q_clean(const struct queue *q)
{
	struct taken message;
	struct dead letter;
	struct vm_error err;

	while (q_find(q, 0, &message))
		q_remove(q, &message);
	while (q_find_dead(q, NULL, &letter))
		expect_ok(q->t, &err, q->ops->remove_dead(q->self, letter.id, NULL, &err));
}
