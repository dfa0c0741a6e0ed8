/* storage_upload.c - uploads in parts. */
#include <string.h>

#include "storage_kit.h"
#include "suites.h"

/* Three parts of a kind that the store takes, and the object that they make. */
struct three {
	size_t part, last;    /* their lengths */
	unsigned char *bytes; /* of all three */
};

static struct three make_three(const struct store *s, unsigned seed)
{
	struct three three = {.part = s_part_bytes(s), .last = 1234};

	three.bytes = contract_bytes(s->t, 2 * three.part + three.last, seed);
	return three;
}

static struct vm_part send(const struct store *s, const char *key, const char *upload,
                           const struct three *three, uint32_t number)
{
	return s_part(s, key, upload, number, three->bytes + (number - 1) * three->part,
	              number < 3 ? three->part : three->last);
}

static void parts_in_any_order(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");
	const char *upload = s_begin(&s, key, false);
	struct three three = make_three(&s, 1);
	struct vm_object object, stat;
	struct vm_part parts[3];

	parts[2] = send(&s, key, upload, &three, 3);
	parts[0] = send(&s, key, upload, &three, 1);
	parts[1] = send(&s, key, upload, &three, 2);
	s_expect_absent(&s, key);
	expect(t, s_count(&s, key) == 0, "the object is listed before the commit");
	object = s_commit(&s, key, upload, parts, 3);
	s_expect(&s, key, three.bytes, 2 * three.part + three.last);
	stat = s_stat(&s, key);
	expect(t, object.bytes == stat.bytes && strcmp(object.etag, stat.etag) == 0,
	       "commit answered %llu bytes, etag %s; stat says %llu, %s",
	       (unsigned long long)object.bytes, object.etag, (unsigned long long)stat.bytes,
	       stat.etag);
}

static void one_small_part(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");
	const char *upload = s_begin(&s, key, false);
	struct vm_part part = s_part(&s, key, upload, 1, "small", 5);

	s_commit(&s, key, upload, &part, 1);
	s_expect_text(&s, key, "small");
}

static void part_again(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");
	const char *upload = s_begin(&s, key, false);
	struct vm_part part;

	s_part(&s, key, upload, 1, "the first try", 13);
	part = s_part(&s, key, upload, 1, "the second", 10);
	s_commit(&s, key, upload, &part, 1);
	s_expect_text(&s, key, "the second");
}

static void only_the_listed(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");
	const char *upload = s_begin(&s, key, false);
	struct three three = make_three(&s, 2);
	struct vm_part parts[2];
	unsigned char *wanted = contract_alloc(t, three.part + three.last);

	parts[0] = send(&s, key, upload, &three, 1);
	send(&s, key, upload, &three, 2);
	parts[1] = send(&s, key, upload, &three, 3);
	s_commit(&s, key, upload, parts, 2);
	memcpy(wanted, three.bytes, three.part);
	memcpy(wanted + three.part, three.bytes + 2 * three.part, three.last);
	s_expect(&s, key, wanted, three.part + three.last);
}

static void part_never_sent(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");
	const char *upload = s_begin(&s, key, false);
	struct vm_put put = {.key = key};
	struct vm_part parts[2];
	struct vm_object object;
	struct vm_error err;

	parts[0] = s_part(&s, key, upload, 1, "small", 5);
	parts[1] = parts[0];
	parts[1].number = 2;
	expect(t,
	       answer(t, &err,
	              s.ops->upload_commit(s.self, &put, upload, parts, 2, &object, NULL, &err)) !=
	           VM_OK,
	       "committed a part that was never sent");
	s_expect_absent(&s, key);
}

static void replaces_at_commit(struct contract *t)
{
	struct store s = s_open(t);
	const char *key = s_key(t, "object");
	const char *upload;
	struct vm_part part;

	s_put_text(&s, key, "old");
	upload = s_begin(&s, key, false);
	part = s_part(&s, key, upload, 1, "new", 3);
	s_expect_text(&s, key, "old");
	s_commit(&s, key, upload, &part, 1);
	s_expect_text(&s, key, "new");
}

static void commit_if_absent(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_put put = {.key = s_key(t, "object"), .if_absent = true};
	const char *first = s_begin(&s, put.key, true);
	const char *second = s_begin(&s, put.key, true);
	struct vm_part part_1 = s_part(&s, put.key, first, 1, "first", 5);
	struct vm_part part_2 = s_part(&s, put.key, second, 1, "second", 6);
	struct vm_object object;
	struct vm_error err;

	expect_ok(t, &err, s.ops->upload_commit(s.self, &put, first, &part_1, 1, &object, NULL, &err));
	expect_status(t, VM_ERR_CONFLICT, &err,
	              s.ops->upload_commit(s.self, &put, second, &part_2, 1, &object, NULL, &err));
	s_expect_text(&s, put.key, "first");
	expect_ok(t, &err, s.ops->upload_abort(s.self, put.key, second, NULL, &err));
}

static void commit_again(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_put put = {.key = s_key(t, "object")};
	const char *upload = s_begin(&s, put.key, false);
	struct vm_part part = s_part(&s, put.key, upload, 1, "bytes", 5);
	struct vm_object object, before = s_commit(&s, put.key, upload, &part, 1);
	struct vm_error err;
	int status = s.ops->upload_commit(s.self, &put, upload, &part, 1, &object, NULL, &err);

	expect(t, status == VM_OK || status == VM_ERR_NOT_FOUND,
	       "expected ok or not found, answered status %d: %s", status,
	       status != VM_OK ? err.message : "");
	expect(t, strcmp(s_stat(&s, put.key).etag, before.etag) == 0, "the object has another etag");
	s_expect_text(&s, put.key, "bytes");
}

static void abort_again(struct contract *t)
{
	struct store s = s_open(t);
	struct vm_put put = {.key = s_key(t, "object")};
	const char *upload = s_begin(&s, put.key, false);
	struct vm_part part = s_part(&s, put.key, upload, 1, "bytes", 5);
	struct vm_object object;
	struct vm_error err;

	expect_ok(t, &err, s.ops->upload_abort(s.self, put.key, upload, NULL, &err));
	expect_ok(t, &err, s.ops->upload_abort(s.self, put.key, upload, NULL, &err));
	expect_status(t, VM_ERR_NOT_FOUND, &err,
	              s.ops->upload_commit(s.self, &put, upload, &part, 1, &object, NULL, &err));
	expect(t,
	       answer(t, &err,
	              s.ops->upload_part(s.self, put.key, upload, 2, "more", 4, &part, NULL, &err)) !=
	           VM_OK,
	       "an aborted upload took a part");
	s_expect_absent(&s, put.key);
	expect(t, s_count_uploads(&s, put.key) == 0, "the aborted upload is still listed");
}

struct uploads {
	struct contract *t;
	const char *key, *upload;
	unsigned seen, others;
};

static enum vm_more look(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	struct uploads *uploads = ctx;

	expect(uploads->t, begun_ms >= 0, "begun_ms is negative");
	if (strcmp(key, uploads->key) == 0 && strcmp(upload, uploads->upload) == 0)
		uploads->seen++;
	else
		uploads->others++;
	return VM_MORE;
}

static void listed_uploads(struct contract *t)
{
	struct store s = s_open(t);
	struct uploads found = {.t = t, .key = s_key(t, "list/one")};
	const char *other_key = s_key(t, "other/two");
	const char *other;
	struct vm_part part;
	struct vm_error err;

	found.upload = s_begin(&s, found.key, false);
	part = s_part(&s, found.key, found.upload, 1, "bytes", 5);
	other = s_begin(&s, other_key, false);
	expect_ok(t, &err, s.ops->list_uploads(s.self, s_key(t, "list/"), look, &found, NULL, &err));
	expect(t, found.seen == 1 && found.others == 0,
	       "list_uploads: expected the one upload below list/, got it %u times and %u others",
	       found.seen, found.others);
	expect(t, s_count_uploads(&s, s_key(t, "")) == 2, "expected two open uploads");
	s_commit(&s, found.key, found.upload, &part, 1);
	expect_ok(t, &err, s.ops->upload_abort(s.self, other_key, other, NULL, &err));
	expect(t, s_count_uploads(&s, s_key(t, "")) == 0,
	       "an upload is listed that was committed or aborted");
}

const struct contract_case storage_upload_cases[] = {
    {"upload-any-order", "Parts may come in any order; nothing is visible before commit.",
     parts_in_any_order},
    {"upload-small", "part_bytes_min is for all parts but the last one.", one_small_part},
    {"upload-part-again", "A number sent again replaces what it had.", part_again},
    {"upload-listed-parts", "Commit takes exactly the parts listed, in order of number.",
     only_the_listed},
    {"upload-part-never-sent", "Commit is all or nothing.", part_never_sent},
    {"upload-replaces", "Nothing is visible before commit: the old object stays until then.",
     replaces_at_commit},
    {"upload-if-absent", "With put->if_absent the condition is judged at commit.",
     commit_if_absent},
    {"upload-commit-again", "A commit repeated after success changes nothing.", commit_again},
    {"upload-abort-again", "Abort of what is not there succeeds.", abort_again},
    {"upload-list", "Every upload below `prefix` that was neither committed nor aborted.",
     listed_uploads},
    {NULL, NULL, NULL},
};
