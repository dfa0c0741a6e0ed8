/* meta_kit.h - the documents under test, and m_: the steps that most of their cases take. */
#ifndef CONTRACT_META_KIT_H
#define CONTRACT_META_KIT_H

#include "harness.h"

struct meta {
	struct contract *t;
	const struct vm_meta_ops *ops;
	void *self;
};

/* An instance of this process, told of the fields suite, name (text), rank and due (integers). */
struct meta m_open(struct contract *t);
struct meta m_of(struct contract *t, void *self);

/* The case's own document of that name. */
const char *m_id(struct contract *t, const char *name);
/* {"suite":TAG,MEMBERS}: find sees the case's own documents by the field "suite". */
const char *m_json(struct contract *t, const char *members);

/* Each of these expects to succeed. */
void m_put(const struct meta *m, const char *name, uint64_t version, const char *members);
void m_remove(const struct meta *m, const char *name, uint64_t version);

/* The document is those members at that version; JSON is compared as values. */
void m_expect(const struct meta *m, const char *name, uint64_t version, const char *members);
void m_expect_absent(const struct meta *m, const char *name);
void m_expect_same(struct contract *t, const char *what, const char *wanted, const char *got,
                   size_t length);

/* A sink that keeps what was written, ended by NUL. */
struct meta_text {
	struct vm_sink sink; /* first */
	char *bytes;
	size_t length, most;
};

void m_text_begin(struct contract *t, struct meta_text *text, size_t most);

/*
 * What find emits, as the names of documents one after the other: "a b c".
 * Only the case's own: the condition on "suite" is added here. At most eight
 * conditions.
 */
const char *m_find(const struct meta *m, const struct vm_find *find);
uint64_t m_count(const struct meta *m, const struct vm_find *find);
void m_expect_found(const struct meta *m, const struct vm_find *find, const char *names);

#endif
