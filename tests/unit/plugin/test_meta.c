/* test_meta.c - documents are handed over once, and an unheard put is told as unknown. */
#include "plugin/meta.h"

#include "fake.h"
#include "run.h"
#include "support/buffer.h"

/* One document; the next operation does its work and then answers `status`, the others VM_OK. */
struct memory {
	uint64_t version;
	int status;
	int calls;
};

static int answer(struct memory *memory, struct vm_error *err)
{
	int status = memory->status;

	memory->status = VM_OK;
	return status == VM_OK ? VM_OK : vm_fail(err, status, "done, but not told");
}

static int get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
               const struct vm_call *call, struct vm_error *err)
{
	struct memory *memory = self;
	int status = json->write(json, "{}", 2, err);

	(void)id, (void)call;
	memory->calls++;
	*version = memory->version;
	return status == VM_OK ? answer(memory, err) : status;
}

static int put(void *self, const char *id, uint64_t version, const char *json, size_t length,
               const struct vm_call *call, struct vm_error *err)
{
	struct memory *memory = self;

	(void)json, (void)length, (void)call;
	memory->calls++;
	if (version != memory->version)
		return vm_fail(err, VM_ERR_CONFLICT, "put %s: another version", id);
	memory->version++;
	return answer(memory, err);
}

static int find(void *self, const struct vm_find *wanted, vm_document_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	const struct vm_document document = {.id = "1", .version = 1, .json = "{}", .length = 2};
	struct memory *memory = self;

	(void)wanted, (void)call;
	memory->calls++;
	emit(ctx, &document);
	return answer(memory, err);
}

static const struct vm_meta_ops ops = {.size = sizeof ops, .get = get, .put = put, .find = find};

static struct fake fake;
static struct memory memory;
static struct instance *meta;

static void set_up(void)
{
	fake_init(&fake, VM_KIND_META, VM_THREADS_PARALLEL);
	fake.plugin.entry.ops.meta = &ops;
	meta = fake_instance(&fake, &memory);
}

static void tear_down(void)
{
	instance_destroy(meta);
	fake_finish(&fake);
}

START_TEST(a_put_that_was_done_but_not_told_is_unknown)
{
	struct vm_error err;

	memory.status = VM_ERR_TIMEOUT;
	ck_assert_int_eq(meta_put(meta, "v", 0, "{}", 2, NULL, &err), VM_ERR_TIMEOUT);
	ck_assert_int_eq(memory.calls, 2);
	ck_assert_uint_eq(memory.version, 1);
	ck_assert_int_eq(meta_put(meta, "v", 0, "{}", 2, NULL, &err), VM_ERR_CONFLICT);
	ck_assert_str_eq(err.message, "put v: another version");
	ck_assert_int_eq(meta_put(meta, "v", 1, "{}", 2, NULL, &err), VM_OK);
}
END_TEST

START_TEST(a_document_is_written_once)
{
	struct buffer json;
	uint64_t version;

	buffer_init(&json, 100);
	memory.status = VM_ERR_UNAVAILABLE;
	ck_assert_int_eq(meta_get(meta, "v", &json.sink, &version, NULL, NULL), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(memory.calls, 1);
	ck_assert_str_eq(json.bytes, "{}");
	buffer_finish(&json);
}
END_TEST

START_TEST(what_the_caller_s_sink_says_is_returned)
{
	struct buffer json;
	struct vm_error err;
	uint64_t version;

	buffer_init(&json, 1);
	ck_assert_int_eq(meta_get(meta, "v", &json.sink, &version, NULL, &err), VM_ERR_LIMIT);
	ck_assert_str_eq(err.message, "longer than the 1 bytes allowed");
	buffer_finish(&json);
}
END_TEST

static enum vm_more count(void *ctx, const struct vm_document *document)
{
	ck_assert_str_eq(document->id, "1");
	++*(int *)ctx;
	return VM_MORE;
}

START_TEST(a_document_is_found_once)
{
	const struct vm_find wanted = {0};
	int found = 0;

	memory.status = VM_ERR_TIMEOUT;
	ck_assert_int_eq(meta_find(meta, &wanted, count, &found, NULL, NULL), VM_ERR_TIMEOUT);
	ck_assert_int_eq(found, 1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("meta");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_put_that_was_done_but_not_told_is_unknown);
	tcase_add_test(tests, a_document_is_written_once);
	tcase_add_test(tests, what_the_caller_s_sink_says_is_returned);
	tcase_add_test(tests, a_document_is_found_once);
	return run_tests(tests, "meta");
}
