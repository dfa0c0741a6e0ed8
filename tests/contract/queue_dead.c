/* queue_dead.c - dead letters: how messages become them and leave them. */
#include <string.h>

#include "queue_kit.h"
#include "suites.h"

static void too_many_receives(struct contract *t)
{
	struct queue q = q_open(t);
	uint32_t most = q.traits.max_receives;
	int64_t end_ms;
	struct dead letter;

	if (most > 20)
		contract_skip(t, "max_receives of %u is too many to try: configure 3", most);
	q_send(&q, "poison", 0);
	for (uint32_t i = 1; i <= most; i++) {
		struct taken message = q_take_text(&q, "poison");

		/* About right is enough. */
		expect(t, message.receives + 1 >= i && message.receives <= i + 1,
		       "receive %u of the message says receives %u", i, message.receives);
		q_extend(&q, &message, 0);
	}
	/* A service may move it only when it is asked for messages. */
	end_ms = contract_now_ms() + QUEUE_PATIENCE_MS;
	while (!q_find_dead(&q, "poison", &letter)) {
		q_expect_none(&q, 100);
		expect(t, contract_now_ms() < end_ms,
		       "received %u times and given back, it is no dead letter after %d s", most,
		       QUEUE_PATIENCE_MS / 1000);
	}
	q_expect_none(&q, 0);
	expect(t, letter.reason[0] != '\0', "the dead letter has no reason");
	q_clean(&q);
}

static void with_reason(struct contract *t)
{
	static const char reason[] = "bad_media: no video stream in \"gr\xC3\xBC\xC3\x9F.mp4\"";
	struct queue q = q_open(t);
	struct dead letter = q_bury(&q, "buried", reason);

	expect(t, strcmp(letter.reason, reason) == 0, "dead_letter: reason \"%s\" became \"%s\"",
	       reason, letter.reason);
	expect(t, letter.receives >= 1, "received once, the dead letter says receives %u",
	       letter.receives);
	expect(t, letter.died_ms == 0 || letter.died_ms > INT64_C(1577836800000),
	       "died_ms is no Unix time in milliseconds: %lld", (long long)letter.died_ms);
	q_expect_none(&q, 0);
}

static void bury_apart(struct contract *t, void *arg)
{
	struct queue q = q_open(t);

	(void)arg;
	q_bury(&q, "buried", "the reason");
}

static void durable(struct contract *t)
{
	struct queue q;
	struct dead letter;

	contract_apart(t, bury_apart, NULL);
	q = q_open(t);
	letter = q_wait_dead(&q, "buried");
	expect(t, strcmp(letter.reason, "the reason") == 0, "the reason became \"%s\"", letter.reason);
	q_clean(&q);
}

struct counting {
	struct contract *t;
	uint32_t count, most;
	bool has_stopped;
};

static enum vm_more count(void *ctx, const struct vm_dead_letter *letter)
{
	struct counting *counting = ctx;

	(void)letter;
	expect(counting->t, !counting->has_stopped, "list_dead emitted a letter after VM_STOP");
	counting->count++;
	counting->has_stopped = counting->count == counting->most;
	return counting->has_stopped ? VM_STOP : VM_MORE;
}

static void list(struct contract *t)
{
	struct queue q = q_open(t);
	struct counting all = {.t = t, .most = UINT32_MAX};
	struct counting two = {.t = t, .most = UINT32_MAX};
	struct counting stopped = {.t = t, .most = 1};
	struct dead letter;
	struct vm_error err;

	q_bury(&q, "a", "reason a");
	q_bury(&q, "b", "reason b");
	q_bury(&q, "c", "reason c");
	expect_ok(t, &err, q.ops->list_dead(q.self, 1000, count, &all, NULL, &err));
	expect(t, all.count >= 3, "three dead letters, %u are listed", all.count);
	expect_ok(t, &err, q.ops->list_dead(q.self, 2, count, &two, NULL, &err));
	expect(t, two.count == 2, "list_dead of at most 2 emitted %u", two.count);
	expect_ok(t, &err, q.ops->list_dead(q.self, 1000, count, &stopped, NULL, &err));
	expect(t, stopped.count == 1, "list_dead, stopped at the first, emitted %u", stopped.count);
	/* Listing changes nothing. */
	for (const char *const *text = (const char *const[]){"a", "b", "c", NULL}; *text; text++)
		expect(t, q_find_dead(&q, *text, &letter), "the dead letter \"%s\" went by listing", *text);
	q_clean(&q);
}

static void redrive_one(struct contract *t)
{
	struct queue q = q_open(t);
	struct dead one = q_bury(&q, "one", "reason");
	struct dead other = q_bury(&q, "other", "reason");
	struct taken message;
	uint64_t moved = 0;
	struct vm_error err;

	expect_ok(t, &err, q.ops->redrive(q.self, one.id, &moved, NULL, &err));
	expect(t, moved == 1, "redrive of one moved %llu", (unsigned long long)moved);
	message = q_take_text(&q, "one");
	expect(t, message.receives >= 1 && message.receives <= 2,
	       "received once since its redrive, receives is %u", message.receives);
	expect(t, !q_find_dead(&q, "one", &one), "the letter is still dead after its redrive");
	expect(t, q_find_dead(&q, "other", &other), "redrive of one took another with it");
	q_remove(&q, &message);
	q_clean(&q);
}

static void redrive_all(struct contract *t)
{
	struct queue q = q_open(t);
	unsigned seen = 0;
	uint64_t moved = 0;
	struct vm_error err;

	if (!q_empty(&q))
		contract_skip(t, "others use the queue");
	q_bury(&q, "1", "reason");
	q_bury(&q, "2", "reason");
	q_bury(&q, "4", "reason");
	expect_ok(t, &err, q.ops->redrive(q.self, NULL, &moved, NULL, &err));
	expect(t, moved >= 3, "redrive of three moved %llu", (unsigned long long)moved);
	for (int i = 0; i < 3; i++) {
		struct taken message = q_take(&q);

		seen |= (unsigned)(message.body[0] - '0');
		q_remove(&q, &message);
	}
	expect(t, seen == 7, "one of three came twice and another not at all");
	moved = 99;
	expect_ok(t, &err, q.ops->redrive(q.self, NULL, &moved, NULL, &err));
	expect(t, moved == 0, "redrive of none moved %llu", (unsigned long long)moved);
}

static void redrive_unknown(struct contract *t)
{
	struct queue q = q_open(t);
	struct dead letter = q_bury(&q, "here", "reason");
	uint64_t moved = 0;
	struct vm_error err;

	expect_status(t, VM_ERR_NOT_FOUND, &err,
	              q.ops->redrive(q.self, "no-such-letter", &moved, NULL, &err));
	expect_ok(t, &err, q.ops->redrive(q.self, letter.id, &moved, NULL, &err));
	expect_status(t, VM_ERR_NOT_FOUND, &err, q.ops->redrive(q.self, letter.id, &moved, NULL, &err));
}

static void remove_dead(struct contract *t)
{
	struct queue q = q_open(t);
	struct dead letter = q_bury(&q, "gone", "reason");
	struct vm_error err;

	expect_ok(t, &err, q.ops->remove_dead(q.self, letter.id, NULL, &err));
	expect(t, !q_find_dead(&q, "gone", &letter), "the letter is there after its removal");
	expect_status(t, VM_ERR_NOT_FOUND, &err, q.ops->remove_dead(q.self, letter.id, NULL, &err));
	q_expect_none(&q, 0);
}

static void counted(struct contract *t)
{
	struct queue q = q_open(t);
	int64_t end_ms = contract_now_ms() + QUEUE_PATIENCE_MS;
	struct vm_queue_stats before = {.size = sizeof before}, after = {.size = sizeof after};
	struct vm_error err;

	expect_ok(t, &err, q.ops->stats(q.self, &before, NULL, &err));
	q_bury(&q, "counted", "reason");
	do {
		expect(t, contract_now_ms() < end_ms, "one more dead letter, stats says %llu, then %llu",
		       (unsigned long long)before.dead, (unsigned long long)after.dead);
		contract_sleep_ms(20);
		expect_ok(t, &err, q.ops->stats(q.self, &after, NULL, &err));
	} while (after.dead != before.dead + 1);
	q_clean(&q);
}

const struct contract_case queue_dead_cases[] = {
    {"too-many-receives", "Received more than max_receives times it is a dead letter by itself.",
     too_many_receives},
    {"dead-letter", "Moves a received message to the dead letters; kept with the reason.",
     with_reason},
    {"dead-durable", "A dead letter is there for every process.", durable},
    {"dead-list", "The dead letters, at most `max`. Changes nothing.", list},
    {"redrive-one", "Makes one dead letter receivable again, its receives counted from 0.",
     redrive_one},
    {"redrive-all", "Makes all of them receivable again; *moved is how many.", redrive_all},
    {"redrive-unknown", "An id that is not there: VM_ERR_NOT_FOUND.", redrive_unknown},
    {"remove-dead", "Removes one dead letter for good: VM_ERR_NOT_FOUND when it is not there.",
     remove_dead},
    {"dead-counted", "Stats counts the dead letters.", counted},
    {NULL, NULL, NULL},
};
