/* storage.c - one object at a time: put, stat, read, remove. */
#include <string.h>

#include "storage_kit.h"
#include "suites.h"

#define YEAR_2020_MS INT64_C(1577836800000)

static void traits(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_storage_traits first = {.size = sizeof first};
	struct vm_storage_traits again = {.size = sizeof again};

	s.ops->traits(s.self, &first);
	expect(t, first.parts_max >= 1, "parts_max is 0");
	expect(t, first.part_bytes_max >= first.part_bytes_min && first.part_bytes_max > 0,
	       "part_bytes_max is below part_bytes_min");
	expect(t, first.object_bytes_max >= first.part_bytes_max,
	       "object_bytes_max is below part_bytes_max");
	s_put_text(&s, s_key(t, "a"), "a");
	s.ops->traits(s.self, &again);
	expect(t,
	       first.parts_max == again.parts_max && first.part_bytes_min == again.part_bytes_min &&
	           first.part_bytes_max == again.part_bytes_max &&
	           first.object_bytes_max == again.object_bytes_max &&
	           first.announces == again.announces && first.distant == again.distant &&
	           first.streams == again.streams,
	       "the traits have changed during the life of the instance");
}

static void not_found(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_error err;
	char buffer[8];
	size_t got;

	s_expect_absent(&s, s_key(t, "nothing"));
	expect_status(t, VM_ERR_NOT_FOUND, &err,
	              s.ops->read_at(s.self, s_key(t, "nothing"), NULL, 0, buffer, sizeof buffer, &got,
	                             NULL, &err));
}

static void put_stat_read(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");
	struct vm_object put = s_put_text(&s, key, "first");
	struct vm_object stat = s_stat(&s, key);

	s_expect_text(&s, key, "first");
	expect(t, strcmp(put.etag, stat.etag) == 0, "put answered etag %s, stat %s", put.etag,
	       stat.etag);
	expect(t, memchr(put.etag, '\0', sizeof put.etag) != NULL && strchr(put.etag, '"') == NULL,
	       "the etag must be a text without quotes: %s", put.etag);
	expect(t, stat.modified_ms > YEAR_2020_MS, "modified_ms is no Unix time in milliseconds: %lld",
	       (long long)stat.modified_ms);
}

static void put_without_out(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_put put = {.key = s_key(t, "object")};
	struct vm_error err;

	expect_ok(t, &err, s.ops->put(s.self, &put, "bytes", 5, NULL, NULL, &err));
	s_expect_text(&s, put.key, "bytes");
}

static void empty_object(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "empty");

	s_put(&s, key, "", 0);
	s_expect(&s, key, "", 0);
}

static void large_object(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "large");
	size_t length = (3 << 20) + 7;
	const unsigned char *bytes = contract_bytes(t, length, 1);

	s_put(&s, key, bytes, length);
	s_expect(&s, key, bytes, length);
}

/* A call that holds what it is told against what is in the buffer by then. */
struct watch {
	struct contract_call call; /* first */
	const unsigned char *buffer, *wanted;
	size_t length;
	atomic_uint told, wrong;
};

static void watch_progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	struct watch *watch = (struct watch *)(uintptr_t)call;

	atomic_fetch_add(&watch->told, 1);
	if (total != watch->length || done > total ||
	    memcmp(watch->buffer, watch->wanted, (size_t)done) != 0)
		atomic_fetch_add(&watch->wrong, 1);
}

static void streamed(struct contract *t)
{
	struct vm_storage_traits traits = {.size = sizeof traits};
	struct watch *watch = contract_alloc(t, sizeof *watch);
	struct vm_call_table table;
	struct store s = s_open(t);
	const char *key = s_key(t, "streamed");
	size_t length = (3 << 20) + 7, from = 1000, got = 0;
	const unsigned char *bytes = contract_bytes(t, length, 1);
	unsigned char *buffer = contract_alloc(t, length);
	struct vm_error err;

	s.ops->traits(s.self, &traits);
	if (!traits.streams)
		contract_skip(t, "the store does not say so");
	s_put(&s, key, bytes, length);
	contract_call_begin(t, &watch->call, CONTRACT_NEVER, CONTRACT_NEVER);
	table = *watch->call.vm.table;
	table.progress = watch_progress;
	watch->call.vm.table = &table;
	watch->buffer = buffer;
	watch->wanted = bytes + from;
	watch->length = length - from;
	expect_ok(t, &err,
	          s.ops->read_at(s.self, key, NULL, from, buffer, watch->length, &got, &watch->call.vm,
	                         &err));
	expect(t, got == watch->length, "read %zu of %zu bytes", got, watch->length);
	expect(t, atomic_load(&watch->told) > 1, "it told its progress %u times",
	       atomic_load(&watch->told));
	expect(t, atomic_load(&watch->wrong) == 0,
	       "it told of bytes that were not in the buffer, or of another length");
	contract_call_end(&watch->call);
}

static void expect_range(const struct store *s, const char *key, uint64_t offset, size_t length,
                         const char *wanted)
{
	struct vm_error err;
	char buffer[32] = {0};
	size_t got = 99;

	expect_ok(s->t, &err,
	          s->ops->read_at(s->self, key, NULL, offset, buffer, length, &got, NULL, &err));
	expect(s->t, got == strlen(wanted) && memcmp(buffer, wanted, got) == 0,
	       "read %zu bytes at %llu of \"0123456789\": expected \"%s\", got %zu bytes \"%.*s\"",
	       length, (unsigned long long)offset, wanted, got, got < sizeof buffer ? (int)got : 0,
	       buffer);
}

static void ranges(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "digits");

	s_put_text(&s, key, "0123456789");
	expect_range(&s, key, 0, 4, "0123");
	expect_range(&s, key, 3, 4, "3456");
	expect_range(&s, key, 0, 10, "0123456789");
	expect_range(&s, key, 6, 4, "6789");
	expect_range(&s, key, 6, 20, "6789");
	expect_range(&s, key, 9, 1, "9");
	expect_range(&s, key, 10, 4, "");
	expect_range(&s, key, 11, 4, "");
	expect_range(&s, key, UINT64_C(1) << 40, 4, "");
}

static void pinned(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "pinned");
	struct vm_object first = s_put_text(&s, key, "first");
	struct vm_object second;
	struct vm_error err;
	char buffer[8];
	size_t got = 0;

	expect_ok(t, &err, s.ops->read_at(s.self, key, first.etag, 0, buffer, 5, &got, NULL, &err));
	second = s_put_text(&s, key, "other");
	expect(t, strcmp(first.etag, second.etag) != 0, "other bytes of the same length, same etag %s",
	       first.etag);
	expect_status(t, VM_ERR_CONFLICT, &err,
	              s.ops->read_at(s.self, key, first.etag, 0, buffer, 5, &got, NULL, &err));
	expect_status(t, VM_ERR_CONFLICT, &err,
	              s.ops->read_at(s.self, key, first.etag, 3, buffer, 2, &got, NULL, &err));
	expect_ok(t, &err, s.ops->read_at(s.self, key, second.etag, 0, buffer, 5, &got, NULL, &err));
	expect(t, got == 5 && memcmp(buffer, "other", 5) == 0, "the pinned read got other bytes");
	s_expect_text(&s, key, "other");
	s_remove(&s, key);
	expect_status(t, VM_ERR_NOT_FOUND, &err,
	              s.ops->read_at(s.self, key, second.etag, 0, buffer, 5, &got, NULL, &err));
}

static void replace(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");

	s_put_text(&s, key, "a longer first text");
	s_put_text(&s, key, "short");
	s_expect_text(&s, key, "short");
	s_put_text(&s, key, "a longer last text");
	s_expect_text(&s, key, "a longer last text");
}

static void put_if_absent(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_put put = {.key = s_key(t, "once"), .if_absent = true};
	struct vm_object object;
	struct vm_error err;

	expect_ok(t, &err, s.ops->put(s.self, &put, "first", 5, &object, NULL, &err));
	expect_status(t, VM_ERR_CONFLICT, &err,
	              s.ops->put(s.self, &put, "second", 6, &object, NULL, &err));
	/* The very same bytes are no exception. */
	expect_status(t, VM_ERR_CONFLICT, &err,
	              s.ops->put(s.self, &put, "first", 5, &object, NULL, &err));
	s_expect_text(&s, put.key, "first");
	s_remove(&s, put.key);
	expect_ok(t, &err, s.ops->put(s.self, &put, "third", 5, &object, NULL, &err));
	s_expect_text(&s, put.key, "third");
}

static void remove_again(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");

	s_remove(&s, key);
	s_put_text(&s, key, "bytes");
	s_remove(&s, key);
	s_expect_absent(&s, key);
	s_remove(&s, key);
	s_expect_absent(&s, key);
}

static void odd_keys(struct contract *t)
{
	/* All legal: what a store must not take for a path, a pattern or an encoding of its own. */
	static const char *const names[] = {
	    "with space",
	    "a+b",
	    "a%2Fb",
	    "100%",
	    "a&b=c;d",
	    "a?b#c",
	    "*",
	    "[a]",
	    "~",
	    "quote\"'",
	    "back\\slash",
	    ".hidden",
	    "..two",
	    "end.",
	    "Case",
	    "case",
	    "-dash",
	    "a:b@c",
	    "gr\xC3\xBC\xC3\x9F",
	    "\xE2\x82\xAC",
	    "\xF0\x9F\x8E\xAC",
	    "e\xCC\x81",
	    "<a>,$HOME|{x}",
	    "tab\tin",
	};
	const size_t count = sizeof names / sizeof *names;
	struct store s = s_open(t);

	for (size_t i = 0; i < count; i++)
		s_put_text(&s, s_key(t, names[i]), names[i]);
	for (size_t i = 0; i < count; i++)
		s_expect_text(&s, s_key(t, names[i]), names[i]);
	expect(t, s_count(&s, s_key(t, "")) == count, "put %zu odd keys, %zu are listed", count,
	       s_count(&s, s_key(t, "")));
	for (size_t i = 0; i < count; i++)
		s_remove(&s, s_key(t, names[i]));
	expect(t, s_count(&s, s_key(t, "")) == 0, "an odd key was not removed");
}

static void key_below_key(struct contract *t)
{
	struct store s = s_open(t);

	s_put_text(&s, s_key(t, "a/b"), "below");
	s_put_text(&s, s_key(t, "a"), "above");
	s_put_text(&s, s_key(t, "a/b/c"), "far below");
	s_expect_text(&s, s_key(t, "a"), "above");
	s_expect_text(&s, s_key(t, "a/b"), "below");
	s_expect_text(&s, s_key(t, "a/b/c"), "far below");
	s_remove(&s, s_key(t, "a"));
	s_expect_absent(&s, s_key(t, "a"));
	s_expect_text(&s, s_key(t, "a/b"), "below");
}

static void longest_key(struct contract *t)
{
	struct store s = s_open(t);
	char key[VM_KEY_MAX];
	size_t length = strlen(s_key(t, ""));

	/* Segments of 99 bytes: the whole key is long, not one name in it. */
	memcpy(key, s_key(t, ""), length);
	for (; length < VM_KEY_MAX - 1; length++)
		key[length] = length % 100 == 99 && length < VM_KEY_MAX - 2 ? '/' : 'k';
	key[length] = '\0';
	s_put_text(&s, key, "long");
	s_expect_text(&s, key, "long");
	expect(t, s_count(&s, key) == 1, "a key of 1,024 bytes is not listed");
	s_remove(&s, key);
	s_expect_absent(&s, key);
}

const struct contract_case storage_cases[] = {
    {"traits", "What the store allows; constant over the life of an instance.", traits},
    {"not-found", "VM_ERR_NOT_FOUND when there is no such object.", not_found},
    {"put-stat-read", "What was put is there, with its length and an opaque etag without quotes.",
     put_stat_read},
    {"put-without-out", "`out` may be NULL, and so may the content type.", put_without_out},
    {"empty-object", "An object of no bytes is an object.", empty_object},
    {"large-object", "Bytes come back as they were put, whatever they are.", large_object},
    {"streamed", "streams: so many bytes of the buffer as are told are there.", streamed},
    {"ranges", "*got < length only at the end of the object; 0 at or behind it.", ranges},
    {"pinned", "VM_ERR_CONFLICT when the object has another etag by now.", pinned},
    {"replace", "A put replaces the whole object.", replace},
    {"put-if-absent", "if_absent: VM_ERR_CONFLICT when the key exists, and nothing is changed.",
     put_if_absent},
    {"remove-again", "Removing what is not there succeeds.", remove_again},
    {"odd-keys", "Keys are UTF-8, non-empty, without \".\" and \"..\" segments.", odd_keys},
    {"key-below-key", "A key may be the beginning of another; '/' means nothing to a store.",
     key_below_key},
    {"longest-key", "Keys have up to 1,024 bytes.", longest_key},
    {NULL, NULL, NULL},
};
