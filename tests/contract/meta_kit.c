/* meta_kit.c - the steps that most cases of a metadata store take. */
#include <jansson.h>
#include <string.h>

#include "meta_kit.h"

#define CONDITIONS_MAX 8

static const struct vm_field fields[] = {
    {"suite", VM_FIELD_TEXT},
    {"name", VM_FIELD_TEXT},
    {"rank", VM_FIELD_INT},
    {"due", VM_FIELD_INT},
};

struct meta m_of(struct contract *t, void *self)
{
	struct meta m = {.t = t, .ops = t->plugin->ops.meta, .self = self};
	struct vm_error err;

	expect_ok(t, &err, m.ops->index(self, fields, sizeof fields / sizeof *fields, NULL, &err));
	return m;
}

struct meta m_open(struct contract *t)
{
	return m_of(t, contract_create(t));
}

const char *m_id(struct contract *t, const char *name)
{
	return contract_print(t, "%s-%s", t->tag, name);
}

const char *m_json(struct contract *t, const char *members)
{
	return contract_print(t, "{\"suite\":\"%s\"%s%s}", t->tag, members[0] != '\0' ? "," : "",
	                      members);
}

void m_put(const struct meta *m, const char *name, uint64_t version, const char *members)
{
	const char *json = m_json(m->t, members);
	struct vm_error err;

	expect_ok(m->t, &err,
	          m->ops->put(m->self, m_id(m->t, name), version, json, strlen(json), NULL, &err));
}

void m_remove(const struct meta *m, const char *name, uint64_t version)
{
	struct vm_error err;

	expect_ok(m->t, &err, m->ops->remove(m->self, m_id(m->t, name), version, NULL, &err));
}

static int append(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct meta_text *text = (struct meta_text *)sink;

	if (length > text->most - text->length)
		return vm_fail(err, VM_ERR_LIMIT, "the sink of the suite is full");
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
	return VM_OK;
}

void m_text_begin(struct contract *t, struct meta_text *text, size_t most)
{
	*text = (struct meta_text){.sink = {append}, .most = most};
	text->bytes = contract_alloc(t, most + 1);
}

void m_expect_same(struct contract *t, const char *what, const char *wanted, const char *got,
                   size_t length)
{
	json_t *wanted_value = json_loads(wanted, 0, NULL);
	json_error_t error;
	json_t *got_value = json_loadb(got, length, 0, &error);

	expect(t, wanted_value != NULL, "the suite's own document is no JSON: %s", wanted);
	expect(t, got_value != NULL, "%s: got no JSON object: %s", what, error.text);
	expect(t, json_equal(wanted_value, got_value), "%s: put %.300s, got %.*s", what, wanted,
	       (int)(length < 300 ? length : 300), got);
	json_decref(wanted_value);
	json_decref(got_value);
}

void m_expect(const struct meta *m, const char *name, uint64_t version, const char *members)
{
	const char *wanted = m_json(m->t, members);
	struct meta_text text;
	uint64_t got_version = 0;
	struct vm_error err;

	m_text_begin(m->t, &text, 4 * strlen(wanted) + 4096);
	expect_ok(m->t, &err,
	          m->ops->get(m->self, m_id(m->t, name), &text.sink, &got_version, NULL, &err));
	expect(m->t, got_version == version, "get %s: expected version %llu, got %llu", name,
	       (unsigned long long)version, (unsigned long long)got_version);
	m_expect_same(m->t, name, wanted, text.bytes, text.length);
}

void m_expect_absent(const struct meta *m, const char *name)
{
	struct meta_text text;
	uint64_t version;
	struct vm_error err;

	m_text_begin(m->t, &text, 4096);
	expect_status(m->t, VM_ERR_NOT_FOUND, &err,
	              m->ops->get(m->self, m_id(m->t, name), &text.sink, &version, NULL, &err));
}

/* The question with the condition that keeps the case to its own documents. */
static struct vm_find own(const struct meta *m, const struct vm_find *find,
                          struct vm_condition conditions[CONDITIONS_MAX + 1])
{
	struct vm_find copy = *find;

	expect(m->t, find->count <= CONDITIONS_MAX, "the suite asks too much");
	conditions[0] = (struct vm_condition){
	    .field = "suite", .match = VM_MATCH_EQUAL, .text = m->t->tag};
	for (size_t i = 0; i < find->count; i++)
		conditions[i + 1] = find->conditions[i];
	copy.conditions = conditions;
	copy.count = find->count + 1;
	return copy;
}

struct names {
	struct contract *t;
	const char *text;
};

static enum vm_more add_name(void *ctx, const struct vm_document *document)
{
	struct names *names = ctx;
	size_t before = strlen(names->t->tag) + 1;

	expect(names->t, strlen(document->id) > before, "find emitted a document that was not put: %s",
	       document->id);
	names->text = contract_print(names->t, "%s%s%s", names->text, names->text[0] != '\0' ? " " : "",
	                             document->id + before);
	return VM_MORE;
}

const char *m_find(const struct meta *m, const struct vm_find *find)
{
	struct vm_condition conditions[CONDITIONS_MAX + 1];
	struct vm_find copy = own(m, find, conditions);
	struct names names = {.t = m->t, .text = ""};
	struct vm_error err;

	expect_ok(m->t, &err, m->ops->find(m->self, &copy, add_name, &names, NULL, &err));
	return names.text;
}

uint64_t m_count(const struct meta *m, const struct vm_find *find)
{
	struct vm_condition conditions[CONDITIONS_MAX + 1];
	struct vm_find copy = own(m, find, conditions);
	uint64_t count = UINT64_MAX;
	struct vm_error err;

	expect_ok(m->t, &err, m->ops->count(m->self, &copy, &count, NULL, &err));
	return count;
}

void m_expect_found(const struct meta *m, const struct vm_find *find, const char *names)
{
	const char *found = m_find(m, find);

	expect(m->t, strcmp(found, names) == 0, "find: expected \"%s\", got \"%s\"", names, found);
}
