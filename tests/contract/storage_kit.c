/* storage_kit.c - the steps that most cases of a store take. */
#include <string.h>

#include "storage_kit.h"

struct store s_of(struct contract *t, void *self)
{
	return (struct store){.t = t, .ops = t->plugin->ops.storage, .self = self};
}

struct store s_open(struct contract *t)
{
	return s_of(t, contract_create(t));
}

const char *s_key(struct contract *t, const char *name)
{
	return contract_print(t, "contract/%s/%s", t->tag, name);
}

struct vm_object s_put(const struct store *s, const char *key, const void *bytes, size_t length)
{
	struct vm_put put = {.key = key, .content_type = "application/octet-stream"};
	struct vm_object object = {0};
	struct vm_error err;

	expect_ok(s->t, &err, s->ops->put(s->self, &put, bytes, length, &object, NULL, &err));
	expect(s->t, object.bytes == length, "put %s: wrote %zu bytes, answered %llu", key, length,
	       (unsigned long long)object.bytes);
	expect(s->t, object.etag[0] != '\0', "put %s: answered no etag", key);
	return object;
}

struct vm_object s_put_text(const struct store *s, const char *key, const char *text)
{
	return s_put(s, key, text, strlen(text));
}

struct vm_object s_stat(const struct store *s, const char *key)
{
	struct vm_object object = {0};
	struct vm_error err;

	expect_ok(s->t, &err, s->ops->stat(s->self, key, &object, NULL, &err));
	return object;
}

void s_remove(const struct store *s, const char *key)
{
	struct vm_error err;

	expect_ok(s->t, &err, s->ops->remove(s->self, key, NULL, &err));
}

void s_expect_absent(const struct store *s, const char *key)
{
	struct vm_object object;
	struct vm_error err;

	expect_status(s->t, VM_ERR_NOT_FOUND, &err, s->ops->stat(s->self, key, &object, NULL, &err));
}

void s_expect(const struct store *s, const char *key, const void *bytes, size_t length)
{
	struct vm_object object = s_stat(s, key);
	/* One more than there should be: a longer object is seen as well. */
	unsigned char *got_bytes = contract_alloc(s->t, length + 1);
	struct vm_error err;
	size_t got = 0;

	expect(s->t, object.bytes == length, "stat %s: expected %zu bytes, answered %llu", key, length,
	       (unsigned long long)object.bytes);
	expect_ok(
	    s->t, &err,
	    s->ops->read_at(s->self, key, object.etag, 0, got_bytes, length + 1, &got, NULL, &err));
	expect(s->t, got == length, "read %s: expected %zu bytes, got %zu", key, length, got);
	expect(s->t, memcmp(bytes, got_bytes, length) == 0, "read %s: got other bytes", key);
}

void s_expect_text(const struct store *s, const char *key, const char *text)
{
	s_expect(s, key, text, strlen(text));
}

const char *s_begin(const struct store *s, const char *key, bool if_absent)
{
	struct vm_put put = {.key = key, .content_type = "video/mp4", .if_absent = if_absent};
	char *upload = contract_alloc(s->t, VM_UPLOAD_ID_MAX);
	struct vm_error err;

	expect_ok(s->t, &err, s->ops->upload_begin(s->self, &put, upload, NULL, &err));
	expect(s->t, upload[0] != '\0' && strnlen(upload, VM_UPLOAD_ID_MAX) < VM_UPLOAD_ID_MAX,
	       "upload_begin %s: the upload has no name", key);
	return upload;
}

struct vm_part s_part(const struct store *s, const char *key, const char *upload, uint32_t number,
                      const void *bytes, size_t length)
{
	struct vm_part part = {0};
	struct vm_error err;

	expect_ok(s->t, &err,
	          s->ops->upload_part(s->self, key, upload, number, bytes, length, &part, NULL, &err));
	expect(s->t, part.number == number && part.bytes == length,
	       "part %u of %zu bytes: answered part %u of %llu bytes", number, length, part.number,
	       (unsigned long long)part.bytes);
	return part;
}

struct vm_object s_commit(const struct store *s, const char *key, const char *upload,
                          const struct vm_part *parts, size_t count)
{
	struct vm_put put = {.key = key, .content_type = "video/mp4"};
	struct vm_object object = {0};
	struct vm_error err;

	expect_ok(s->t, &err,
	          s->ops->upload_commit(s->self, &put, upload, parts, count, &object, NULL, &err));
	return object;
}

size_t s_part_bytes(const struct store *s)
{
	struct vm_storage_traits traits = {.size = sizeof traits};

	s->ops->traits(s->self, &traits);
	return traits.part_bytes_min > 65536 ? (size_t)traits.part_bytes_min : 65536;
}

static enum vm_more count_object(void *ctx, const char *key, const struct vm_object *object)
{
	(void)key;
	(void)object;
	++*(size_t *)ctx;
	return VM_MORE;
}

size_t s_count(const struct store *s, const char *prefix)
{
	struct vm_error err;
	size_t count = 0;

	expect_ok(s->t, &err, s->ops->list(s->self, prefix, count_object, &count, NULL, &err));
	return count;
}

static enum vm_more count_upload(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	(void)key;
	(void)upload;
	(void)begun_ms;
	++*(size_t *)ctx;
	return VM_MORE;
}

size_t s_count_uploads(const struct store *s, const char *prefix)
{
	struct vm_error err;
	size_t count = 0;

	expect_ok(s->t, &err, s->ops->list_uploads(s->self, prefix, count_upload, &count, NULL, &err));
	return count;
}
