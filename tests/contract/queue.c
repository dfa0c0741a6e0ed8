/* queue.c - messages: sent, received, given back, removed. */
#include <string.h>

#include "queue_kit.h"
#include "suites.h"

static void traits(struct contract *t)
{
	struct queue q = q_open(t);
	struct vm_queue_traits again = {.size = sizeof again};

	expect(t, q.traits.max_receives >= 1, "max_receives is 0");
	expect(t, q.traits.visibility_ms > 0, "visibility_ms is 0");
	expect(t, q.traits.extend_max_ms >= q.traits.visibility_ms,
	       "extend_max_ms is below visibility_ms");
	/* A task message, and an event with its ticket, have some kilobytes. */
	expect(t, q.traits.message_bytes_max >= 8192, "message_bytes_max is below 8 KiB");
	q.ops->traits(q.self, &again);
	expect(t,
	       again.max_receives == q.traits.max_receives &&
	           again.visibility_ms == q.traits.visibility_ms &&
	           again.extend_max_ms == q.traits.extend_max_ms &&
	           again.delay_max_ms == q.traits.delay_max_ms &&
	           again.message_bytes_max == q.traits.message_bytes_max,
	       "the traits have changed during the life of the instance");
}

static void send_receive(struct contract *t)
{
	struct queue q = q_open(t);
	struct taken message;

	q_send(&q, "{\"hello\":\"world\"}", 0);
	message = q_take_text(&q, "{\"hello\":\"world\"}");
	/* About right is enough. */
	expect(t, message.receives >= 1 && message.receives <= 2, "received once, receives is %u",
	       message.receives);
	expect(t, message.sent_ms == 0 || message.sent_ms > INT64_C(1577836800000),
	       "sent_ms is no Unix time in milliseconds: %lld", (long long)message.sent_ms);
	q_remove(&q, &message);
}

static void send_apart(struct contract *t, void *arg)
{
	struct queue q = q_open(t);

	(void)arg;
	q_send(&q, "from another process", 0);
}

static void durable(struct contract *t)
{
	struct taken message;
	struct queue q;

	contract_apart(t, send_apart, NULL);
	q = q_open(t);
	message = q_take_text(&q, "from another process");
	q_remove(&q, &message);
}

static void bodies(struct contract *t)
{
	/* What is not JSON, not even text; and what a service's own encoding may stumble over. */
	static const char *const texts[] = {
	    "x",
	    " leading and trailing ",
	    "line\nline\r\nline",
	    "<a href=\"&amp;\">",
	    "%41+%2B",
	    "gr\xC3\xBC\xC3\x9F \xF0\x9F\x8E\xAC",
	    "\xFF\xFE\x80 no UTF-8",
	    "\x01\x02\x7F",
	    "eyJhIjoxfQ==",
	};
	struct queue q = q_open(t);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct taken message;

		q_send(&q, texts[i], 0);
		message = q_take_text(&q, texts[i]);
		q_remove(&q, &message);
	}
}

static void expect_bytes(const struct queue *q, const void *bytes, size_t length)
{
	struct taken message;

	q_send_bytes(q, bytes, length);
	message = q_take(q);
	expect(q->t, message.length == length && memcmp(message.body, bytes, length) == 0,
	       "sent %zu bytes, received %zu, or others", length, message.length);
	q_remove(q, &message);
}

static void binary_body(struct contract *t)
{
	struct queue q = q_open(t);

	expect_bytes(&q, contract_bytes(t, 4096, 1), 4096);
	expect_bytes(&q, "\0\0\0", 3);
}

static void largest_body(struct contract *t)
{
	struct queue q = q_open(t);
	size_t length = (size_t)q.traits.message_bytes_max;
	char *text;

	if (q.traits.message_bytes_max > (4 << 20))
		contract_skip(t, "message_bytes_max is above 4 MiB: the host sends no such messages");
	length -= strlen(t->tag) + 1;
	text = contract_alloc(t, length + 1);
	memset(text, 'x', length);
	expect_bytes(&q, text, length);
}

static void remove_again(struct contract *t)
{
	struct queue q = q_open(t);
	struct taken message;

	q_send(&q, "once", 0);
	message = q_take_text(&q, "once");
	q_remove(&q, &message);
	q_remove(&q, &message);
	q_expect_none(&q, 1000);
}

static void give_back(struct contract *t)
{
	struct queue q = q_open(t);
	struct taken message;
	int64_t begin_ms;

	q_send(&q, "given back", 0);
	message = q_take_text(&q, "given back");
	/* Hidden for long first, so that it does not come by itself. */
	q_extend(&q, &message, 60000);
	begin_ms = contract_now_ms();
	q_extend(&q, &message, 0);
	message = q_take_text(&q, "given back");
	expect(t, contract_now_ms() - begin_ms < QUEUE_SOON_MS,
	       "a message given back came only after %lld ms",
	       (long long)(contract_now_ms() - begin_ms));
	expect(t, message.receives >= 2, "received twice, receives is %u", message.receives);
	q_remove(&q, &message);
}

static void stale_receipt(struct contract *t)
{
	struct queue q = q_open(t);
	struct taken first, second;
	struct vm_error err;
	int status;

	q_send(&q, "twice", 0);
	first = q_take_text(&q, "twice");
	q_extend(&q, &first, 0);
	second = q_take_text(&q, "twice");
	status = answer(t, &err, q.ops->extend(q.self, first.receipt, 60000, NULL, &err));
	expect(t, status == VM_OK || status == VM_ERR_CONFLICT,
	       "extend by an older receipt: expected conflict or ok, answered %s",
	       contract_status_name(status));
	q_extend(&q, &second, 60000);
	status = answer(t, &err, q.ops->remove(q.self, first.receipt, NULL, &err));
	expect(t, status == VM_OK || status == VM_ERR_CONFLICT,
	       "remove by an older receipt: expected conflict or ok, answered %s",
	       contract_status_name(status));
	q_remove(&q, &second);
}

struct emitted {
	const struct queue *q;
	unsigned total, count, most; /* all; the case's own, of which VM_STOP is answered at `most` */
	struct taken first;
	bool has_stopped;
};

static enum vm_more collect(void *ctx, const struct vm_message *message)
{
	struct emitted *emitted = ctx;
	struct contract *t = emitted->q->t;

	expect(t, !emitted->has_stopped, "receive emitted a message after VM_STOP");
	emitted->total++;
	if (!q_is_own(emitted->q, message->body, message->length))
		return VM_MORE;
	if (emitted->count++ == 0)
		emitted->first = q_copy(emitted->q, message);
	emitted->has_stopped = emitted->count == emitted->most;
	return emitted->has_stopped ? VM_STOP : VM_MORE;
}

static void send_five(const struct queue *q)
{
	for (unsigned i = 0; i < 5; i++)
		q_send(q, contract_print(q->t, "%u", i), 0);
}

/* Until at least one of the case's own came. */
static void receive(const struct queue *q, uint32_t max, struct emitted *emitted)
{
	int64_t end_ms = contract_now_ms() + QUEUE_PATIENCE_MS;
	struct vm_error err;

	do {
		expect(q->t, contract_now_ms() < end_ms, "five messages were sent, none was received");
		emitted->total = 0;
		expect_ok(q->t, &err, q->ops->receive(q->self, max, 1000, collect, emitted, NULL, &err));
	} while (emitted->count == 0);
}

static void receive_max(struct contract *t)
{
	struct queue q = q_open(t);
	struct emitted emitted = {.q = &q, .most = UINT32_MAX};

	send_five(&q);
	receive(&q, 2, &emitted);
	expect(t, emitted.total <= 2, "receive of at most 2 emitted %u", emitted.total);
	q_clean(&q);
}

static void receive_stop(struct contract *t)
{
	struct queue q = q_open(t);
	struct emitted emitted = {.q = &q, .most = 1};
	int64_t begin_ms = contract_now_ms();

	if (q.traits.visibility_ms < 3000)
		contract_skip(t, "visibility is too short to tell what was given back from what came back: "
		                 "configure 3 s");
	send_five(&q);
	receive(&q, 5, &emitted);
	q_extend(&q, &emitted.first, 60000);
	for (unsigned left = 4; left > 0; left--) {
		struct taken message;

		expect(t, q_find(&q, QUEUE_SOON_MS, &message),
		       "%u of 4 messages that were taken and not emitted are not given back", left);
		expect(t, strcmp(message.body, emitted.first.body) != 0,
		       "the message that was emitted came again at once");
		q_remove(&q, &message);
	}
	expect(t, contract_now_ms() - begin_ms < (int64_t)q.traits.visibility_ms,
	       "what was taken and not emitted came only when its visibility was over");
	q_remove(&q, &emitted.first);
}

static void stats(struct contract *t)
{
	struct queue q = q_open(t);
	struct vm_queue_stats stats = {.size = sizeof stats};
	int64_t end_ms = contract_now_ms() + QUEUE_PATIENCE_MS;
	struct taken message;
	struct vm_error err;

	if (!q_empty(&q))
		contract_skip(t, "others use the queue");
	q_send(&q, "received", 0);
	message = q_take_text(&q, "received");
	q_extend(&q, &message, 60000);
	q_send(&q, "visible", 0);
	if (q.traits.delay_max_ms >= 60000)
		q_send(&q, "delayed", 60000);
	do {
		expect(t, contract_now_ms() < end_ms,
		       "one visible, one received%s: stats says %llu visible, %llu invisible, %llu delayed",
		       q.traits.delay_max_ms >= 60000 ? ", one delayed" : "",
		       (unsigned long long)stats.visible, (unsigned long long)stats.invisible,
		       (unsigned long long)stats.delayed);
		contract_sleep_ms(20);
		expect_ok(t, &err, q.ops->stats(q.self, &stats, NULL, &err));
	} while (stats.visible != 1 || stats.invisible != 1 ||
	         stats.delayed != (q.traits.delay_max_ms >= 60000 ? 1 : 0));
	expect(t, stats.oldest_ms < 3600000, "the oldest message is seconds old, oldest_ms is %llu",
	       (unsigned long long)stats.oldest_ms);
	q_remove(&q, &message);
	q_clean(&q);
}

const struct contract_case queue_cases[] = {
    {"traits", "What the queue allows; constant over the life of an instance.", traits},
    {"send-receive", "What was sent is received, with an id, a receipt and its count.",
     send_receive},
    {"durable", "Durable when it returns VM_OK: another process receives it.", durable},
    {"bodies", "A body comes back as it was sent, whatever is in it.", bodies},
    {"binary-body", "A body is bytes.", binary_body},
    {"largest-body", "A body may have message_bytes_max bytes.", largest_body},
    {"remove-again", "Removing what was removed already succeeds.", remove_again},
    {"give-back", "Extend by 0 gives it back at once.", give_back},
    {"stale-receipt", "An older receipt need not work any more, then VM_ERR_CONFLICT.",
     stale_receipt},
    {"receive-max", "Emits what is there, at most `max`.", receive_max},
    {"receive-stop", "After VM_STOP none is emitted; those already taken are given back.",
     receive_stop},
    {"stats", "How many are visible, invisible, delayed, dead.", stats},
    {NULL, NULL, NULL},
};
