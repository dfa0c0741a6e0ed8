/* meta_page.c - many documents, page by page; and fields that are indexed later. */
#include <stdlib.h>
#include <string.h>

#include "meta_kit.h"
#include "suites.h"

#define DOCUMENTS 23
#define PAGE 4

/* In order of rank, then id: ranks of 0, 1 and 2, so that every page cuts through equal ones. */
static void put_documents(const struct meta *m)
{
	for (unsigned i = 0; i < DOCUMENTS; i++)
		m_put(m, contract_print(m->t, "%02u", i), 0,
		      contract_print(m->t, "\"name\":\"group %u\",\"rank\":%u", i % 3, i % 3));
}

/* Where the next page begins. */
struct cursor {
	struct contract *t;
	const char *id;
	unsigned number; /* of the document */
	unsigned count;
	bool seen[DOCUMENTS];
};

static enum vm_more step(void *ctx, const struct vm_document *document)
{
	struct cursor *cursor = ctx;
	struct contract *t = cursor->t;
	size_t before = strlen(t->tag) + 1;
	unsigned long number;

	expect(t, strlen(document->id) == before + 2, "find emitted a stranger: %s", document->id);
	number = strtoul(document->id + before, NULL, 10);
	expect(t, number < DOCUMENTS, "find emitted a stranger: %s", document->id);
	expect(t, !cursor->seen[number], "document %lu stands on two pages", number);
	cursor->seen[number] = true;
	cursor->id = contract_print(t, "%s", document->id);
	cursor->number = (unsigned)number;
	cursor->count++;
	return VM_MORE;
}

typedef void between_fn(const struct meta *m, unsigned page);

static void read_pages(const struct meta *m, const char *order_by, bool descending,
                       between_fn *between, struct cursor *cursor)
{
	struct contract *t = m->t;
	struct vm_condition condition = {.field = "suite", .match = VM_MATCH_EQUAL, .text = t->tag};
	struct vm_error err;

	*cursor = (struct cursor){.t = t};
	for (unsigned page = 0;; page++) {
		unsigned before = cursor->count;
		struct vm_find find = {
		    .conditions = &condition,
		    .count = 1,
		    .order_by = order_by,
		    .descending = descending,
		    .limit = PAGE,
		    .after_id = cursor->id,
		    .after_text = contract_print(t, "group %u", cursor->number % 3),
		    .after_number = cursor->number % 3,
		};

		expect_ok(t, &err, m->ops->find(m->self, &find, step, cursor, NULL, &err));
		expect(t, cursor->count - before <= PAGE, "a page of %d has %u documents", PAGE,
		       cursor->count - before);
		if (cursor->count - before < PAGE)
			return;
		if (between != NULL)
			between(m, page);
	}
}

static void expect_all(const struct meta *m, const char *order_by, bool descending)
{
	struct cursor cursor;

	read_pages(m, order_by, descending, NULL, &cursor);
	expect(m->t, cursor.count == DOCUMENTS, "by %s%s, in pages of %d: %u documents of %d",
	       order_by != NULL ? order_by : "id", descending ? " descending" : "", PAGE, cursor.count,
	       DOCUMENTS);
}

static void pages(struct contract *t)
{
	struct meta m = m_open(t);

	put_documents(&m);
	expect_all(&m, NULL, false);
	expect_all(&m, NULL, true);
	expect_all(&m, "rank", false);
	expect_all(&m, "rank", true);
	expect_all(&m, "name", false);
	expect_all(&m, "name", true);
}

/* The document that the next page begins behind goes away, and a new one comes in front. */
static void disturb(const struct meta *m, unsigned page)
{
	if (page == 0)
		m_remove(m, "09", 1);
	m_put(m, contract_print(m->t, "-new%u", page), 0, "\"rank\":-1");
}

static void pages_disturbed(struct contract *t)
{
	struct meta m = m_open(t);
	struct cursor cursor;

	/* By rank the first page is 00 03 06 09. */
	put_documents(&m);
	read_pages(&m, "rank", false, disturb, &cursor);
	expect(t, cursor.count == DOCUMENTS,
	       "documents came and went meanwhile: saw %u of the %d that were there at the start",
	       cursor.count, DOCUMENTS);
}

#define MANY 300

static void put_share(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct meta m = m_of(t, self);

	(void)arg;
	for (unsigned i = racer; i < MANY; i += CONTRACT_RACERS)
		m_put(&m, contract_print(t, "%03u", i), 0, contract_print(t, "\"rank\":%u", i));
}

struct many {
	struct contract *t;
	unsigned count;
};

static enum vm_more check_next(void *ctx, const struct vm_document *document)
{
	struct many *many = ctx;
	const char *wanted = m_id(many->t, contract_print(many->t, "%03u", many->count));

	expect(many->t, strcmp(document->id, wanted) == 0, "of %d: expected %s, got %s", MANY, wanted,
	       document->id);
	many->count++;
	return VM_MORE;
}

static void many(struct contract *t)
{
	struct vm_condition condition = {.field = "suite", .match = VM_MATCH_EQUAL, .text = t->tag};
	struct vm_find find = {.conditions = &condition, .count = 1, .order_by = "rank"};
	struct many found = {.t = t};
	struct vm_error err;
	struct meta m;

	contract_race(t, put_share, NULL);
	m = m_open(t);
	expect_ok(t, &err, m.ops->find(m.self, &find, check_next, &found, NULL, &err));
	expect(t, found.count == MANY, "put %d documents, found %u", MANY, found.count);
}

static void index_few_apart(struct contract *t, void *arg)
{
	static const struct vm_field few[] = {{"suite", VM_FIELD_TEXT}};
	struct meta m = {.t = t, .ops = t->plugin->ops.meta, .self = contract_create(t)};
	struct vm_error err;

	(void)arg;
	expect_ok(t, &err, m.ops->index(m.self, few, 1, NULL, &err));
	m_put(&m, "old", 0, "\"rank\":5,\"name\":\"old\"");
}

static void index_later(struct contract *t)
{
	struct vm_condition rank = {.field = "rank", .match = VM_MATCH_EQUAL, .number = 5};
	struct meta m;

	contract_apart(t, index_few_apart, NULL);
	m = m_open(t);
	m_put(&m, "new", 0, "\"rank\":5,\"name\":\"new\"");
	m_expect_found(&m, &(struct vm_find){.conditions = &rank, .count = 1}, "new old");
	m_expect_found(&m, &(struct vm_find){.order_by = "name"}, "new old");
}

static void index_again(struct contract *t)
{
	struct vm_condition rank = {.field = "rank", .match = VM_MATCH_EQUAL, .number = 5};
	struct meta first = m_open(t);
	struct meta second;

	m_put(&first, "a", 0, "\"rank\":5");
	second = m_open(t);
	m_put(&second, "b", 0, "\"rank\":5");
	m_expect_found(&first, &(struct vm_find){.conditions = &rank, .count = 1}, "a b");
	m_expect_found(&second, &(struct vm_find){.conditions = &rank, .count = 1}, "a b");
}

const struct contract_case meta_page_cases[] = {
    {"pages", "Goes on behind this document of the same order: nothing is lost or repeated.",
     pages},
    {"pages-disturbed", "The document behind which it goes on need not be there any more.",
     pages_disturbed},
    {"find-many", "All that match are emitted, however many they are.", many},
    {"index-later", "Index says what find will ask for, also of what was put before.", index_later},
    {"index-again", "Index is idempotent, and every instance calls it.", index_again},
    {NULL, NULL, NULL},
};
