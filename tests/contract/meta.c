/* meta.c - one document at a time: compare-and-set. */
#include <string.h>

#include "meta_kit.h"
#include "suites.h"

static void not_found(struct contract *t)
{
	struct meta m = m_open(t);

	m_expect_absent(&m, "nothing");
}

static void put_get(struct contract *t)
{
	struct meta m = m_open(t);

	m_put(&m, "a", 0, "\"name\":\"first\",\"rank\":1");
	m_expect(&m, "a", 1, "\"name\":\"first\",\"rank\":1");
	m_put(&m, "a", 1, "\"name\":\"second\"");
	m_expect(&m, "a", 2, "\"name\":\"second\"");
}

static void expect_conflict(const struct meta *m, const char *name, uint64_t version)
{
	const char *json = m_json(m->t, "\"name\":\"loser\"");
	struct vm_error err;

	expect_status(m->t, VM_ERR_CONFLICT, &err,
	              m->ops->put(m->self, m_id(m->t, name), version, json, strlen(json), NULL, &err));
}

static void conflicts(struct contract *t)
{
	struct meta m = m_open(t);

	expect_conflict(&m, "a", 1);
	m_expect_absent(&m, "a");
	m_put(&m, "a", 0, "\"rank\":1");
	expect_conflict(&m, "a", 0);
	expect_conflict(&m, "a", 2);
	m_expect(&m, "a", 1, "\"rank\":1");
	m_put(&m, "a", 1, "\"rank\":2");
	expect_conflict(&m, "a", 0);
	expect_conflict(&m, "a", 1);
	expect_conflict(&m, "a", 3);
	m_expect(&m, "a", 2, "\"rank\":2");
}

static void remove_cas(struct contract *t)
{
	struct meta m = m_open(t);
	struct vm_error err;

	m_remove(&m, "a", 1);
	m_put(&m, "a", 0, "\"rank\":1");
	m_put(&m, "a", 1, "\"rank\":2");
	expect_status(t, VM_ERR_CONFLICT, &err, m.ops->remove(m.self, m_id(t, "a"), 1, NULL, &err));
	expect_status(t, VM_ERR_CONFLICT, &err, m.ops->remove(m.self, m_id(t, "a"), 3, NULL, &err));
	m_expect(&m, "a", 2, "\"rank\":2");
	m_remove(&m, "a", 2);
	m_expect_absent(&m, "a");
	m_remove(&m, "a", 2);
	m_put(&m, "a", 0, "\"rank\":3");
	m_expect(&m, "a", 1, "\"rank\":3");
}

static void odd_documents(struct contract *t)
{
	static const char *const documents[] = {
	    "",
	    "\"name\":null,\"rank\":null",
	    "\"empty\":\"\",\"list\":[],\"object\":{},\"true\":true,\"false\":false,\"null\":null",
	    "\"text\":\"quote \\\" back \\\\ slash \\/ tab \\t line \\n bell \\u0007\"",
	    "\"text\":\"gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8E\xAC \\uD83C\\uDFAC e\xCC\x81\"",
	    "\"gr\xC3\xBC\xC3\x9F\":1,\"\":2,\"with space\":3",
	    "\"a.b\":1,\"$set\":2,\"$oid\":\"x\",\"_id\":\"mine\",\"version\":99,\"id\":\"mine\"",
	    "\"deep\":{\"a\":[{\"b\":{\"c\":[1,[2,[3]]]}}],\"$ref\":{\"x.y\":null}}",
	    "\"most\":9223372036854775807,\"least\":-9223372036854775808,\"zero\":0,\"minus\":-1",
	    "\"half\":0.5,\"large\":1e300,\"text\":\"9223372036854775807\"",
	    "\"rank\":4294967296,\"due\":-1,\"name\":\"\"",
	    "\"text\":\"'; DROP TABLE documents; --\",\"percent\":\"100% %s %n\"",
	};
	struct meta m = m_open(t);

	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		const char *name = contract_print(t, "odd%zu", i);

		m_put(&m, name, 0, documents[i]);
		m_expect(&m, name, 1, documents[i]);
	}
}

static void odd_ids(struct contract *t)
{
	static const char *const names[] = {"Case", "case", "a.b", "a_b", "a:b", "a~b"};
	char longest[VM_DOCUMENT_ID_MAX];
	struct meta m = m_open(t);
	size_t length = VM_DOCUMENT_ID_MAX - 1 - strlen(m_id(t, ""));

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		m_put(&m, names[i], 0, contract_print(t, "\"rank\":%zu", i));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		m_expect(&m, names[i], 1, contract_print(t, "\"rank\":%zu", i));
	memset(longest, 'x', length);
	longest[length] = '\0';
	m_put(&m, longest, 0, "\"rank\":7");
	m_expect(&m, longest, 1, "\"rank\":7");
}

static void large_document(struct contract *t)
{
	struct meta m = m_open(t);
	size_t length = 512 << 10;
	char *text = contract_alloc(t, length + 1);

	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + i % 26);
	m_put(&m, "large", 0, contract_print(t, "\"text\":\"%s\"", text));
	m_expect(&m, "large", 1, contract_print(t, "\"text\":\"%s\"", text));
}

static int refuse(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	(void)sink;
	(void)bytes;
	(void)length;
	return vm_fail(err, VM_ERR_LIMIT, "the sink of the suite takes nothing");
}

static void sink_fails(struct contract *t)
{
	struct meta m = m_open(t);
	struct vm_sink sink = {refuse};
	uint64_t version;
	struct vm_error err;

	m_put(&m, "a", 0, "\"rank\":1");
	expect_status(t, VM_ERR_LIMIT, &err,
	              m.ops->get(m.self, m_id(t, "a"), &sink, &version, NULL, &err));
	expect(t, strcmp(err.message, "the sink of the suite takes nothing") == 0,
	       "the sink's own error was changed to \"%s\"", err.message);
}

static void put_apart(struct contract *t, void *arg)
{
	struct meta m = m_open(t);

	(void)arg;
	m_put(&m, "apart", 0, "\"name\":\"durable\"");
}

static void durable(struct contract *t)
{
	struct meta m;

	contract_apart(t, put_apart, NULL);
	m = m_open(t);
	m_expect(&m, "apart", 1, "\"name\":\"durable\"");
}

static void cancelled(struct contract *t)
{
	struct meta m = m_open(t);
	const char *json = m_json(t, "\"rank\":2");
	struct contract_call call;
	int64_t begin_ms = contract_now_ms();
	struct vm_error err;
	int status;

	m_put(&m, "a", 0, "\"rank\":1");
	contract_call_begin(t, &call, 0, CONTRACT_NEVER);
	status = answer(t, &err,
	                m.ops->put(m.self, m_id(t, "a"), 1, json, strlen(json), &call.vm, &err));
	contract_call_end(&call);
	expect(t, contract_now_ms() - begin_ms < CONTRACT_PROMPT_MS,
	       "a cancelled put returned after %lld ms", (long long)(contract_now_ms() - begin_ms));
	expect(t, status == VM_OK || status == VM_ERR_CANCELLED, "cancelled, put answered %s",
	       contract_status_name(status));
	/* The effect may have happened: get tells. */
	if (status == VM_OK)
		m_expect(&m, "a", 2, "\"rank\":2");
}

const struct contract_case meta_cases[] = {
    {"not-found", "The newest document that was put, in full; VM_ERR_NOT_FOUND.", not_found},
    {"put-get", "Put stores when the version is `version` and makes it version + 1.", put_get},
    {"conflict", "Otherwise VM_ERR_CONFLICT and nothing changes.", conflicts},
    {"remove", "VM_ERR_CONFLICT on another version; removing what is not there succeeds.",
     remove_cas},
    {"odd-documents", "A document is JSON, whatever is in it.", odd_documents},
    {"odd-ids", "An id has up to 128 bytes.", odd_ids},
    {"large-document", "The newest document that was put, in full.", large_document},
    {"sink-fails", "A status of the sink must be returned by the operation unchanged.", sink_fails},
    {"durable", "Durable when it returns VM_OK: another process sees it.", durable},
    {"put-cancelled", "An operation returns within one second of its cancellation.", cancelled},
    {NULL, NULL, NULL},
};
