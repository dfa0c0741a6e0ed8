/* meta_race.c - documents written by many at once, some of them killed. */
#include <jansson.h>
#include <string.h>

#include "meta_kit.h"
#include "suites.h"

#define ROUNDS 20

struct race {
	atomic_uint wins, winner;
	atomic_bool started, is_done;
	atomic_ullong acknowledged; /* the version that put said it had made */
};

static int try_put(const struct meta *m, const char *name, uint64_t version, const char *members)
{
	const char *json = m_json(m->t, members);
	struct vm_error err;
	int status = answer(
	    m->t, &err,
	    m->ops->put(m->self, m_id(m->t, name), version, json, strlen(json), NULL, &err));

	expect(m->t, status == VM_OK || status == VM_ERR_CONFLICT,
	       "a racer's put: expected ok or conflict, answered %s: %s", contract_status_name(status),
	       err.message);
	return status;
}

static void insert(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct meta m = m_of(t, self);
	struct race *race = arg;

	if (try_put(&m, "once", 0, contract_print(t, "\"rank\":%u", racer)) != VM_OK)
		return;
	atomic_fetch_add(&race->wins, 1);
	atomic_store(&race->winner, racer);
}

static void insert_race(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	struct meta m;

	contract_race(t, insert, race);
	m = m_open(t);
	expect(t, atomic_load(&race->wins) == 1, "%u racers of %d were told that they had won",
	       atomic_load(&race->wins), CONTRACT_RACERS);
	m_expect(&m, "once", 1, contract_print(t, "\"rank\":%u", atomic_load(&race->winner)));
}

/* The document's rank, and its version. */
static uint64_t read_rank(const struct meta *m, const char *name, json_int_t *rank)
{
	struct meta_text text;
	uint64_t version = 0;
	struct vm_error err;
	json_t *document;

	m_text_begin(m->t, &text, 4096);
	expect_ok(m->t, &err, m->ops->get(m->self, m_id(m->t, name), &text.sink, &version, NULL, &err));
	document = json_loadb(text.bytes, text.length, 0, NULL);
	expect(m->t, document != NULL, "get %s: no JSON object", name);
	*rank = json_integer_value(json_object_get(document, "rank"));
	json_decref(document);
	return version;
}

static void increment(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct meta m = m_of(t, self);

	(void)arg;
	(void)racer;
	for (int done = 0; done < ROUNDS;) {
		json_int_t rank;
		uint64_t version = read_rank(&m, "counter", &rank);

		done += try_put(&m, "counter", version,
		                contract_print(t, "\"rank\":%lld", (long long)rank + 1)) == VM_OK;
	}
}

static void put_counter_apart(struct contract *t, void *arg)
{
	struct meta m = m_open(t);

	(void)arg;
	m_put(&m, "counter", 0, "\"rank\":0");
}

static void increment_race(struct contract *t)
{
	struct meta m;

	contract_apart(t, put_counter_apart, NULL);
	contract_race(t, increment, NULL);
	m = m_open(t);
	m_expect(&m, "counter", 1 + ROUNDS * CONTRACT_RACERS,
	         contract_print(t, "\"rank\":%d", ROUNDS * CONTRACT_RACERS));
}

static enum vm_more check_pair(void *ctx, const struct vm_document *document)
{
	json_t *value = json_loadb(document->json, document->length, 0, NULL);
	json_int_t rank = json_integer_value(json_object_get(value, "rank"));

	expect(ctx, rank == json_integer_value(json_object_get(value, "due")),
	       "find emitted a document between two states");
	expect(ctx, document->version == (uint64_t)rank + 1, "rank %lld came with version %llu",
	       (long long)rank, (unsigned long long)document->version);
	json_decref(value);
	return VM_MORE;
}

static void change_or_find(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct meta m = m_of(t, self);
	struct vm_condition condition = {.field = "suite", .match = VM_MATCH_EQUAL, .text = t->tag};
	struct vm_find find = {.conditions = &condition, .count = 1, .order_by = "rank"};
	struct race *race = arg;
	struct vm_error err;

	if (racer == 0) {
		for (unsigned i = 0; i < 2 * ROUNDS; i++)
			m_put(&m, "pair", i, contract_print(t, "\"rank\":%u,\"due\":%u", i, i));
		atomic_store(&race->is_done, true);
		return;
	}
	for (int i = 0; i < 5 * ROUNDS && !atomic_load(&race->is_done); i++)
		expect_ok(t, &err, m.ops->find(self, &find, check_pair, t, NULL, &err));
}

static void find_race(struct contract *t)
{
	contract_race(t, change_or_find, contract_shared(t, sizeof(struct race)));
}

static void put_until_killed(struct contract *t, void *arg)
{
	struct meta m = m_open(t);
	struct race *race = arg;

	atomic_store(&race->started, true);
	for (uint64_t version = 0; version < 200; version++) {
		m_put(&m, "killed", version,
		      contract_print(t, "\"rank\":%llu", (unsigned long long)version + 1));
		atomic_store(&race->acknowledged, version + 1);
	}
}

static void writer_killed(struct contract *t)
{
	struct race *race = contract_shared(t, sizeof *race);
	uint64_t acknowledged, version;
	json_int_t rank;
	struct meta m;

	contract_killed(t, put_until_killed, race, &race->started, 30);
	acknowledged = atomic_load(&race->acknowledged);
	m = m_open(t);
	if (acknowledged == 0)
		contract_skip(t, "the store made no document within 30 ms");
	version = read_rank(&m, "killed", &rank);
	/* The one being put when the process died may be there as well, but whole. */
	expect(t, version == acknowledged || version == acknowledged + 1,
	       "put acknowledged version %llu and was killed; get says %llu",
	       (unsigned long long)acknowledged, (unsigned long long)version);
	expect(t, (uint64_t)rank == version, "version %llu has the members of version %lld",
	       (unsigned long long)version, (long long)rank);
}

const struct contract_case meta_race_cases[] = {
    {"insert-race", "Of all who put version 0 at once one wins and the others are told.",
     insert_race},
    {"increment-race", "Compare-and-set: of many writers none loses an update.", increment_race},
    {"find-while-put", "A document changed meanwhile may be seen before or after, not between.",
     find_race},
    {"writer-killed", "Durable when it returns VM_OK, also when the writer is killed then.",
     writer_killed},
    {NULL, NULL, NULL},
};
