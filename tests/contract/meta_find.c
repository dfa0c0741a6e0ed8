/* meta_find.c - documents found by their fields. */
#include <string.h>

#include "meta_kit.h"
#include "suites.h"

/* Five documents: c has no rank, d a null one, and e has neither name nor due. */
static void put_five(const struct meta *m)
{
	m_put(m, "a", 0, "\"name\":\"blue\",\"rank\":3,\"due\":100");
	m_put(m, "b", 0, "\"name\":\"red\",\"rank\":1,\"due\":-5");
	m_put(m, "c", 0, "\"name\":\"blue\",\"due\":4294967296000");
	m_put(m, "d", 0, "\"name\":\"amber\",\"rank\":null,\"due\":100");
	m_put(m, "e", 0, "\"rank\":3");
}

static struct vm_condition text_is(const char *field, enum vm_match match, const char *text)
{
	return (struct vm_condition){.field = field, .match = match, .text = text};
}

static struct vm_condition number_is(const char *field, enum vm_match match, int64_t number)
{
	return (struct vm_condition){.field = field, .match = match, .number = number};
}

static void expect_where(const struct meta *m, struct vm_condition condition, const char *names)
{
	struct vm_find find = {.conditions = &condition, .count = 1};
	const char *found = m_find(m, &find);

	expect(m->t, strcmp(found, names) == 0, "find by %s (match %d): expected \"%s\", got \"%s\"",
	       condition.field, (int)condition.match, names, found);
	expect(m->t, m_count(m, &find) == strlen(names) / 2 + (names[0] != '\0'),
	       "find by %s (match %d) finds \"%s\", count says %llu", condition.field,
	       (int)condition.match, names, (unsigned long long)m_count(m, &find));
}

static void every_match(struct contract *t)
{
	struct meta m = m_open(t);

	put_five(&m);
	expect_where(&m, text_is("name", VM_MATCH_EQUAL, "blue"), "a c");
	expect_where(&m, text_is("name", VM_MATCH_EQUAL, "blu"), "");
	expect_where(&m, text_is("name", VM_MATCH_EQUAL, "Blue"), "");
	expect_where(&m, text_is("name", VM_MATCH_BELOW_OR_EQUAL, "blue"), "a c d");
	expect_where(&m, text_is("name", VM_MATCH_ABOVE_OR_EQUAL, "blue"), "a b c");
	expect_where(&m, text_is("name", VM_MATCH_ABOVE_OR_EQUAL, "bluer"), "b");
	expect_where(&m, number_is("due", VM_MATCH_EQUAL, 100), "a d");
	expect_where(&m, number_is("due", VM_MATCH_EQUAL, 4294967296000), "c");
	expect_where(&m, number_is("due", VM_MATCH_BELOW_OR_EQUAL, 99), "b");
	expect_where(&m, number_is("due", VM_MATCH_BELOW_OR_EQUAL, 100), "a b d");
	expect_where(&m, number_is("due", VM_MATCH_ABOVE_OR_EQUAL, 100), "a c d");
	expect_where(&m, number_is("due", VM_MATCH_ABOVE_OR_EQUAL, INT64_MIN), "a b c d");
	expect_where(&m, number_is("due", VM_MATCH_BELOW_OR_EQUAL, INT64_MAX), "a b c d");
}

static void absent_and_null(struct contract *t)
{
	struct meta m = m_open(t);

	put_five(&m);
	expect_where(&m, number_is("rank", VM_MATCH_ABOVE_OR_EQUAL, INT64_MIN), "a b e");
	expect_where(&m, number_is("rank", VM_MATCH_BELOW_OR_EQUAL, INT64_MAX), "a b e");
	expect_where(&m, number_is("rank", VM_MATCH_EQUAL, 0), "");
	expect_where(&m, text_is("name", VM_MATCH_ABOVE_OR_EQUAL, ""), "a b c d");
	expect_where(&m, text_is("name", VM_MATCH_EQUAL, ""), "");
}

static void together(struct contract *t)
{
	struct meta m = m_open(t);
	struct vm_condition conditions[] = {
	    text_is("name", VM_MATCH_EQUAL, "blue"),
	    number_is("due", VM_MATCH_BELOW_OR_EQUAL, 1000),
	};
	struct vm_condition range[] = {
	    number_is("due", VM_MATCH_ABOVE_OR_EQUAL, 0),
	    number_is("due", VM_MATCH_BELOW_OR_EQUAL, 100),
	};

	put_five(&m);
	m_expect_found(&m, &(struct vm_find){.conditions = conditions, .count = 2}, "a");
	m_expect_found(&m, &(struct vm_find){.conditions = range, .count = 2}, "a d");
	m_expect_found(&m, &(struct vm_find){.conditions = NULL, .count = 0}, "a b c d e");
}

static void order(struct contract *t)
{
	struct meta m = m_open(t);

	put_five(&m);
	m_expect_found(&m, &(struct vm_find){.order_by = NULL}, "a b c d e");
	m_expect_found(&m, &(struct vm_find){.descending = true}, "e d c b a");
	m_expect_found(&m, &(struct vm_find){.order_by = "due"}, "b a d c");
	m_expect_found(&m, &(struct vm_find){.order_by = "due", .descending = true}, "c d a b");
	m_expect_found(&m, &(struct vm_find){.order_by = "name"}, "d a c b");
	m_expect_found(&m, &(struct vm_find){.order_by = "name", .descending = true}, "b c a d");
	/* Documents without the field are left out. */
	m_expect_found(&m, &(struct vm_find){.order_by = "rank"}, "b a e");
	m_expect_found(&m, &(struct vm_find){.order_by = "rank", .descending = true}, "e a b");
}

static void limit(struct contract *t)
{
	struct meta m = m_open(t);

	put_five(&m);
	m_expect_found(&m, &(struct vm_find){.limit = 2}, "a b");
	m_expect_found(&m, &(struct vm_find){.limit = 99}, "a b c d e");
	m_expect_found(&m, &(struct vm_find){.limit = 0}, "a b c d e");
	m_expect_found(&m, &(struct vm_find){.order_by = "due", .limit = 3}, "b a d");
}

static void count(struct contract *t)
{
	struct meta m = m_open(t);
	struct vm_find find = {
	    .order_by = "rank", .limit = 1, .after_id = m_id(t, "b"), .after_number = 1};

	expect(t, m_count(&m, &find) == 0, "nothing was put, count says %llu",
	       (unsigned long long)m_count(&m, &find));
	put_five(&m);
	expect(t, m_count(&m, &find) == 5,
	       "order, limit and after are ignored: expected 5, count says %llu",
	       (unsigned long long)m_count(&m, &find));
}

static void newest(struct contract *t)
{
	struct meta m = m_open(t);

	put_five(&m);
	m_put(&m, "a", 1, "\"name\":\"green\",\"due\":7");
	m_put(&m, "e", 1, "\"name\":\"blue\",\"rank\":2");
	m_remove(&m, "c", 1);
	expect_where(&m, text_is("name", VM_MATCH_EQUAL, "blue"), "e");
	expect_where(&m, number_is("rank", VM_MATCH_ABOVE_OR_EQUAL, 0), "b e");
	m_expect_found(&m, &(struct vm_find){.order_by = "due"}, "b a d");
}

static enum vm_more check_document(void *ctx, const struct vm_document *document)
{
	struct contract *t = ctx;

	expect(t, strcmp(document->id, m_id(t, "a")) == 0, "emitted id %s", document->id);
	expect(t, document->version == 2, "emitted version %llu of 2",
	       (unsigned long long)document->version);
	m_expect_same(t, "find", m_json(t, "\"name\":\"green\",\"more\":[1,2]"), document->json,
	              document->length);
	return VM_MORE;
}

static void whole_document(struct contract *t)
{
	struct meta m = m_open(t);
	struct vm_condition condition = text_is("suite", VM_MATCH_EQUAL, t->tag);
	struct vm_find find = {.conditions = &condition, .count = 1};
	struct vm_error err;

	m_put(&m, "a", 0, "\"rank\":1");
	m_put(&m, "a", 1, "\"name\":\"green\",\"more\":[1,2]");
	expect_ok(t, &err, m.ops->find(m.self, &find, check_document, t, NULL, &err));
}

struct stopping {
	struct contract *t;
	unsigned count;
};

static enum vm_more stop_at_two(void *ctx, const struct vm_document *document)
{
	struct stopping *stopping = ctx;

	(void)document;
	stopping->count++;
	expect(stopping->t, stopping->count <= 2, "find emitted a document after VM_STOP");
	return stopping->count < 2 ? VM_MORE : VM_STOP;
}

static void stop(struct contract *t)
{
	struct meta m = m_open(t);
	struct vm_condition condition = text_is("suite", VM_MATCH_EQUAL, t->tag);
	struct vm_find find = {.conditions = &condition, .count = 1};
	struct stopping stopping = {.t = t};
	struct vm_error err;

	put_five(&m);
	expect_ok(t, &err, m.ops->find(m.self, &find, stop_at_two, &stopping, NULL, &err));
	expect(t, stopping.count == 2, "stopped at the second of five, got %u", stopping.count);
	m_expect_found(&m, &(struct vm_find){.limit = 0}, "a b c d e");
}

static void odd_text(struct contract *t)
{
	static const char *const texts[] = {
	    "it's",
	    "\"quoted\"",
	    "100%",
	    "a_b",
	    "back\\slash",
	    "gr\xC3\xBC\xC3\x9F",
	    "\xF0\x9F\x8E\xAC",
	    " space ",
	    "$gt",
	    ".*",
	    "null",
	    "-1",
	};
	struct meta m = m_open(t);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		/* Of the texts above only '"' and '\' need an escape in JSON. */
		char escaped[64];
		size_t n = 0;

		for (const char *c = texts[i]; *c != '\0'; c++) {
			if (*c == '"' || *c == '\\')
				escaped[n++] = '\\';
			escaped[n++] = *c;
		}
		escaped[n] = '\0';
		m_put(&m, contract_print(t, "%c", (int)('a' + i)), 0,
		      contract_print(t, "\"name\":\"%s\"", escaped));
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect_where(&m, text_is("name", VM_MATCH_EQUAL, texts[i]),
		             contract_print(t, "%c", (int)('a' + i)));
}

const struct contract_case meta_find_cases[] = {
    {"find-match", "Equal, below or equal, above or equal, for texts and for integers.",
     every_match},
    {"find-absent", "Absent or null matches nothing.", absent_and_null},
    {"find-together", "All conditions together.", together},
    {"find-order", "Ordered by one field, then by id, both in the same direction.", order},
    {"find-limit", "limit 0: no limit.", limit},
    {"count", "How many match; order, limit and after are ignored.", count},
    {"find-newest", "What was put last is what is found; what was removed is not.", newest},
    {"find-document", "A document is emitted whole, with its version.", whole_document},
    {"find-stop", "Return VM_STOP for no more.", stop},
    {"find-odd-text", "A text is compared as it is, whatever it looks like.", odd_text},
    {NULL, NULL, NULL},
};
