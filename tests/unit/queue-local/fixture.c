/* fixture.c - a queue in a folder of its own, and short words for what tests do with it. */
#include "fixture.h"

#include <string.h>

void fixture_share(struct fixture *fixture, const char *folder)
{
	struct vm_error err;

	*fixture = (struct fixture){.host = {.size = sizeof fixture->host, .role = "queue.test"},
	                            .config = {.visibility = LONG_MS, .max_receives = 3},
	                            .ops = vm_plugin_entry.ops.queue};
	snprintf(fixture->folder, sizeof fixture->folder, "%s", folder);
	fixture->host.state_dir = fixture->folder;
	expect_ok(&err, vm_plugin_entry.create(&fixture->host, &fixture->config, &fixture->self, &err));
}

void fixture_init(struct fixture *fixture)
{
	char folder[PLACE_MAX];

	place_make(folder);
	fixture_share(fixture, folder);
}

void fixture_finish_shared(struct fixture *fixture)
{
	vm_plugin_entry.destroy(fixture->self);
}

void fixture_finish(struct fixture *fixture)
{
	fixture_finish_shared(fixture);
	place_remove(fixture->folder);
}

void send_text(struct fixture *fixture, const char *text, uint64_t delay_ms)
{
	struct vm_error err;

	expect_ok(&err, fixture->ops->send(fixture->self, text, strlen(text), delay_ms, NULL, &err));
}

struct collected {
	struct received last;
	unsigned count, stop;
	char texts[1024];
};

static enum vm_more collect(void *ctx, const struct vm_message *message)
{
	struct collected *collected = ctx;
	struct received *last = &collected->last;
	size_t before = strlen(collected->texts);

	snprintf(last->id, sizeof last->id, "%s", message->id);
	snprintf(last->receipt, sizeof last->receipt, "%s", message->receipt);
	snprintf(last->body, sizeof last->body, "%.*s", (int)message->length,
	         (const char *)message->body);
	last->receives = message->receives;
	last->sent_ms = message->sent_ms;
	snprintf(collected->texts + before, sizeof collected->texts - before, "%s ", last->body);
	return ++collected->count == collected->stop ? VM_STOP : VM_MORE;
}

bool receive_one(struct fixture *fixture, uint64_t wait_ms, struct received *out)
{
	struct collected collected = {0};
	struct vm_error err;

	expect_ok(&err,
	          fixture->ops->receive(fixture->self, 1, wait_ms, collect, &collected, NULL, &err));
	ck_assert_uint_le(collected.count, 1);
	*out = collected.last;
	return collected.count == 1;
}

struct received expect_received(struct fixture *fixture, const char *text)
{
	struct received received;

	ck_assert_msg(receive_one(fixture, 10000, &received), "\"%s\" was not received", text);
	ck_assert_str_eq(received.body, text);
	return received;
}

void expect_nothing(struct fixture *fixture)
{
	struct received received;

	ck_assert_msg(!receive_one(fixture, 0, &received), "\"%s\" was received", received.body);
}

struct vm_queue_stats stats_of(struct fixture *fixture)
{
	struct vm_queue_stats stats = {.size = sizeof stats};
	struct vm_error err;

	expect_ok(&err, fixture->ops->stats(fixture->self, &stats, NULL, &err));
	return stats;
}

const char *received_texts(struct fixture *fixture, uint32_t max, unsigned stop)
{
	static struct collected collected;
	struct vm_error err;

	collected = (struct collected){.stop = stop};
	expect_ok(&err, fixture->ops->receive(fixture->self, max, 0, collect, &collected, NULL, &err));
	return collected.texts;
}

static enum vm_more collect_dead(void *ctx, const struct vm_dead_letter *letter)
{
	char *texts = ctx;
	size_t before = strlen(texts);

	ck_assert_int_gt(letter->died_ms, 0);
	snprintf(texts + before, 1024 - before, "%.*s:%s:%u ", (int)letter->length,
	         (const char *)letter->body, letter->reason, letter->receives);
	return VM_MORE;
}

const char *dead_texts(struct fixture *fixture, uint32_t max)
{
	static char texts[1024];
	struct vm_error err;

	texts[0] = '\0';
	expect_ok(&err, fixture->ops->list_dead(fixture->self, max, collect_dead, texts, NULL, &err));
	return texts;
}

struct vm_message message_of(const struct received *received)
{
	return (struct vm_message){.id = received->id,
	                           .receipt = received->receipt,
	                           .body = received->body,
	                           .length = strlen(received->body),
	                           .receives = received->receives,
	                           .sent_ms = received->sent_ms};
}

struct received bury_text(struct fixture *fixture, const char *text, const char *reason)
{
	struct received received = expect_received(fixture, text);
	struct vm_message message = message_of(&received);
	struct vm_error err;

	expect_ok(&err, fixture->ops->dead_letter(fixture->self, &message, reason, NULL, &err));
	return received;
}

static int take_number(void *ctx, int columns, char **values, char **names)
{
	(void)columns;
	(void)names;
	*(int64_t *)ctx = values[0] != NULL ? strtoll(values[0], NULL, 10) : 0;
	return 0;
}

int64_t run_sql(struct fixture *fixture, const char *sql)
{
	char path[PLACE_MAX + 32];
	int64_t number = 0;
	sqlite3 *file;

	snprintf(path, sizeof path, "%s/queue/test.db", fixture->folder);
	ck_assert_int_eq(sqlite3_open(path, &file), SQLITE_OK);
	sqlite3_busy_timeout(file, 10000);
	ck_assert_msg(sqlite3_exec(file, sql, take_number, &number, NULL) == SQLITE_OK, "%s: %s", sql,
	              sqlite3_errmsg(file));
	sqlite3_close(file);
	return number;
}
