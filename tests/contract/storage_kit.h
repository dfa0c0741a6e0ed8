/* storage_kit.h - the store under test, and s_: the steps that most of its cases take. */
#ifndef CONTRACT_STORAGE_KIT_H
#define CONTRACT_STORAGE_KIT_H

#include "harness.h"

struct store {
	struct contract *t;
	const struct vm_storage_ops *ops;
	void *self;
};

/* The store as an instance of this process sees it. */
struct store s_open(struct contract *t);
struct store s_of(struct contract *t, void *self);

/* The case's own key of that name. */
const char *s_key(struct contract *t, const char *name);

/* Each of these expects to succeed. Keys are whole. */
struct vm_object s_put(const struct store *s, const char *key, const void *bytes, size_t length);
struct vm_object s_put_text(const struct store *s, const char *key, const char *text);
struct vm_object s_stat(const struct store *s, const char *key);
void s_remove(const struct store *s, const char *key);

void s_expect_absent(const struct store *s, const char *key);
/* The object is these bytes, by stat and by a read of all of it. */
void s_expect(const struct store *s, const char *key, const void *bytes, size_t length);
void s_expect_text(const struct store *s, const char *key, const char *text);

/* Uploads in parts. `if_absent` as for put. */
const char *s_begin(const struct store *s, const char *key, bool if_absent);
struct vm_part s_part(const struct store *s, const char *key, const char *upload, uint32_t number,
                      const void *bytes, size_t length);
struct vm_object s_commit(const struct store *s, const char *key, const char *upload,
                          const struct vm_part *parts, size_t count);
/* The size of a part that is not the last: small, but as large as the store demands. */
size_t s_part_bytes(const struct store *s);

/* How many objects, and how many open uploads, the store lists below a prefix. */
size_t s_count(const struct store *s, const char *prefix);
size_t s_count_uploads(const struct store *s, const char *prefix);

#endif
