/* storage_race.c - a store used by many at once, killed and cancelled. */
#include <string.h>

#include "storage_kit.h"
#include "suites.h"

struct race {
	atomic_uint wins;
	atomic_uint winner;
	atomic_bool started, is_done;
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part parts[CONTRACT_RACERS];
};

static const char *racer_text(struct contract *t, unsigned racer)
{
	return contract_print(t, "written by racer %u", racer);
}

static void count_winner(struct contract *t, struct race *race, unsigned racer, int status)
{
	expect(t, status == VM_OK || status == VM_ERR_CONFLICT,
	       "a racer's if_absent: expected ok or conflict, answered %s",
	       contract_status_name(status));
	if (status == VM_OK) {
		atomic_fetch_add(&race->wins, 1);
		atomic_store(&race->winner, racer);
	}
}

static void expect_one_winner(struct contract *t, struct race *race)
{
	struct store s = s_open(t);

	expect(t, atomic_load(&race->wins) == 1, "%u racers of %d were told that they had won",
	       atomic_load(&race->wins), CONTRACT_RACERS);
	s_expect_text(&s, s_key(t, "once"), racer_text(t, atomic_load(&race->winner)));
}

static void put_once(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct store s = s_of(t, self);
	struct vm_put put = {.key = s_key(t, "once"), .if_absent = true};
	const char *text = racer_text(t, racer);
	struct vm_error err;

	count_winner(t, arg, racer,
	             answer(t, &err, s.ops->put(self, &put, text, strlen(text), NULL, NULL, &err)));
}

static void put_race(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);

	contract_race(t, put_once, race);
	expect_one_winner(t, race);
}

static void commit_once(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct store s = s_of(t, self);
	struct vm_put put = {.key = s_key(t, "once"), .if_absent = true};
	const char *text = racer_text(t, racer);
	const char *upload = s_begin(&s, put.key, true);
	struct vm_part part = s_part(&s, put.key, upload, 1, text, strlen(text));
	struct vm_object object;
	struct vm_error err;

	count_winner(
	    t, arg, racer,
	    answer(t, &err, s.ops->upload_commit(self, &put, upload, &part, 1, &object, NULL, &err)));
}

static void commit_race(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);

	contract_race(t, commit_once, race);
	expect_one_winner(t, race);
}

static void begin_apart(struct contract *t, void *arg)
{
	struct race *race = arg;
	struct store s = s_open(t);

	memcpy(race->upload, s_begin(&s, s_key(t, "parts"), false), VM_UPLOAD_ID_MAX);
}

static void send_part(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct store s = s_of(t, self);
	struct race *race = arg;
	size_t length = s_part_bytes(&s);

	race->parts[racer] = s_part(&s, s_key(t, "parts"), race->upload, racer + 1,
	                            contract_bytes(t, length, racer + 1), length);
}

/* Begun in one process, sent by several, committed by a last one. */
static void parts_race(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	unsigned char *wanted;
	struct store s;
	size_t length;

	contract_apart(t, begin_apart, race);
	contract_race(t, send_part, race);
	s = s_open(t);
	length = s_part_bytes(&s);
	wanted = contract_alloc(t, length * CONTRACT_RACERS);
	for (unsigned i = 0; i < CONTRACT_RACERS; i++)
		memcpy(wanted + i * length, contract_bytes(t, length, i + 1), length);
	s_commit(&s, s_key(t, "parts"), race->upload, race->parts, CONTRACT_RACERS);
	s_expect(&s, s_key(t, "parts"), wanted, length * CONTRACT_RACERS);
}

#define VERSION_BYTES (256 << 10)

/* A version is one letter throughout, and its length is its own too. */
static void put_version(const struct store *s, unsigned version)
{
	size_t length = VERSION_BYTES + version;
	unsigned char *bytes = contract_alloc(s->t, length);

	memset(bytes, 'a' + (int)(version % 26), length);
	s_put(s, s_key(s->t, "versions"), bytes, length);
}

#define VERSION_BYTES_MAX (VERSION_BYTES + 100)

static void read_version(const struct store *s, unsigned char *bytes)
{
	struct vm_error err;
	size_t got = 0;

	expect_ok(s->t, &err,
	          s->ops->read_at(s->self, s_key(s->t, "versions"), NULL, 0, bytes, VERSION_BYTES_MAX,
	                          &got, NULL, &err));
	expect(s->t, got >= VERSION_BYTES, "read an object of %zu bytes that nobody put", got);
	for (size_t i = 0; i < got; i++)
		expect(s->t, bytes[i] == 'a' + (got - VERSION_BYTES) % 26,
		       "read a mixture of two versions: byte %zu of %zu", i, got);
}

static void replace_or_read(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct store s = s_of(t, self);
	unsigned char *bytes = contract_alloc(t, VERSION_BYTES_MAX);
	struct race *race = arg;

	if (racer == 0) {
		for (unsigned version = 1; version < 30; version++)
			put_version(&s, version);
		atomic_store(&race->is_done, true);
		return;
	}
	for (unsigned i = 0; i < 100 && !atomic_load(&race->is_done); i++)
		read_version(&s, bytes);
}

static void first_version_apart(struct contract *t, void *arg)
{
	struct store s = s_open(t);

	(void)arg;
	put_version(&s, 0);
}

static void read_while_replaced(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);

	contract_apart(t, first_version_apart, NULL);
	contract_race(t, replace_or_read, race);
}

static void put_versions_apart(struct contract *t, void *arg)
{
	struct race *race = arg;
	struct store s = s_open(t);

	atomic_store(&race->started, true);
	for (unsigned version = 1; version < 60; version++)
		put_version(&s, version);
}

static void put_killed(struct contract *t)
{
	struct store s;

	contract_apart(t, first_version_apart, NULL);
	for (unsigned after_ms = 0; after_ms < 10; after_ms++) {
		struct race *race = contract_shared(t, sizeof *race);

		contract_killed(t, put_versions_apart, race, &race->started, after_ms * 3);
	}
	s = s_open(t);
	read_version(&s, contract_alloc(t, VERSION_BYTES_MAX));
	expect(t, s_count(&s, s_key(t, "")) == 1,
	       "the killed writers have left objects of other names");
}

static void cancelled(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_put put = {.key = s_key(t, "cancelled")};
	size_t length = 4 << 20;
	const unsigned char *bytes = contract_bytes(t, length, 1);
	struct contract_call call;
	int64_t cancel_ms;
	int status = VM_OK;

	contract_call_begin(t, &call, 50, CONTRACT_NEVER);
	cancel_ms = contract_now_ms() + 50;
	/* The one that the cancellation hits may end either way, but soon; so may those begun after. */
	for (int after = 0; after < 2; after += contract_now_ms() >= cancel_ms) {
		struct vm_object object;
		struct vm_error err;
		int64_t late_ms;

		status = answer(t, &err, s.ops->put(s.self, &put, bytes, length, &object, &call.vm, &err));
		late_ms = contract_now_ms() - cancel_ms;
		expect(t, late_ms < (after + 1) * CONTRACT_PROMPT_MS,
		       "put returned %lld ms after its cancellation", (long long)late_ms);
		expect(t, status == VM_OK || status == VM_ERR_CANCELLED,
		       "a cancelled put: expected cancelled or ok, answered %s: %s",
		       contract_status_name(status), err.message);
		expect(t, status == VM_OK || contract_now_ms() >= cancel_ms,
		       "answered cancelled before it was");
	}
	contract_call_end(&call);
	/* Whole or not there, never half. */
	if (s_count(&s, put.key) > 0)
		s_expect(&s, put.key, bytes, length);
}

const struct contract_case storage_race_cases[] = {
    {"put-if-absent-race", "if_absent: of all who put at once, one wins and the others are told.",
     put_race},
    {"upload-if-absent-race", "if_absent at commit: of all who commit at once, one wins.",
     commit_race},
    {"upload-parts-race", "Parts may come from several threads at once, and processes.",
     parts_race},
    {"read-while-replaced", "Objects are whole or not at all, also for who reads meanwhile.",
     read_while_replaced},
    {"put-killed", "A put is all or nothing, also when its process is killed.", put_killed},
    {"storage-cancelled", "An operation returns within one second of its cancellation.", cancelled},
    {NULL, NULL, NULL},
};
