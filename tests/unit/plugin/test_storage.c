/* test_storage.c - conditional writes that are not heard of, and lists that are shown once. */
#include "plugin/storage.h"

#include "fake.h"
#include "run.h"

/* Whether the one object is there; the next write does its work and then answers `status`. */
struct memory {
	bool exists;
	int status;
	int calls;
};

static int answer(struct memory *memory, struct vm_error *err)
{
	int status = memory->status;

	memory->status = VM_OK;
	return status == VM_OK ? VM_OK : vm_fail(err, status, "done, but not told");
}

static void traits(void *self, struct vm_storage_traits *out)
{
	(void)self;
	out->parts_max = 7;
}

static int put(void *self, const struct vm_put *want, const void *bytes, size_t length,
               struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct memory *memory = self;

	(void)bytes, (void)length, (void)out, (void)call;
	memory->calls++;
	if (memory->exists && want->if_absent)
		return vm_fail(err, VM_ERR_CONFLICT, "put %s: exists", want->key);
	memory->exists = true;
	return answer(memory, err);
}

static int upload_commit(void *self, const struct vm_put *want, const char *upload,
                         const struct vm_part *parts, size_t count, struct vm_object *out,
                         const struct vm_call *call, struct vm_error *err)
{
	struct memory *memory = self;

	(void)upload, (void)parts, (void)count, (void)out, (void)call;
	memory->calls++;
	if (memory->exists)
		return vm_fail(err, VM_ERR_NOT_FOUND, "put %s: no such upload", want->key);
	memory->exists = true;
	return answer(memory, err);
}

static int list(void *self, const char *prefix, vm_object_fn *emit, void *ctx,
                const struct vm_call *call, struct vm_error *err)
{
	const struct vm_object object = {.bytes = 1};
	struct memory *memory = self;

	(void)prefix, (void)call;
	memory->calls++;
	emit(ctx, "key", &object);
	return answer(memory, err);
}

static const struct vm_storage_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .put = put,
    .upload_commit = upload_commit,
    .list = list,
};

static struct fake fake;
static struct memory memory;
static struct instance *storage;

static void set_up(void)
{
	fake_init(&fake, VM_KIND_STORAGE, VM_THREADS_PARALLEL);
	fake.plugin.entry.ops.storage = &ops;
	storage = fake_instance(&fake, &memory);
}

static void tear_down(void)
{
	instance_destroy(storage);
	fake_finish(&fake);
}

START_TEST(traits_are_the_plugin_s)
{
	struct vm_storage_traits out;

	storage_traits(storage, &out);
	ck_assert_uint_eq(out.size, sizeof out);
	ck_assert_uint_eq(out.parts_max, 7);
}
END_TEST

START_TEST(a_plain_put_is_done_again)
{
	const struct vm_put want = {.key = "k"};

	memory.status = VM_ERR_TIMEOUT;
	ck_assert_int_eq(storage_put(storage, &want, "", 0, NULL, NULL, NULL), VM_OK);
	ck_assert_int_eq(memory.calls, 2);
}
END_TEST

START_TEST(a_put_if_absent_that_was_done_but_not_told_is_unknown)
{
	const struct vm_put want = {.key = "k", .if_absent = true};
	struct vm_error err;

	memory.status = VM_ERR_TIMEOUT;
	ck_assert_int_eq(storage_put(storage, &want, "", 0, NULL, NULL, &err), VM_ERR_TIMEOUT);
	ck_assert_int_eq(storage_put(storage, &want, "", 0, NULL, NULL, &err), VM_ERR_CONFLICT);
}
END_TEST

START_TEST(a_commit_that_was_done_but_not_told_is_unknown)
{
	const struct vm_put want = {.key = "k"};
	struct vm_error err;

	memory.status = VM_ERR_UNAVAILABLE;
	ck_assert_int_eq(storage_upload_commit(storage, &want, "u", NULL, 0, NULL, NULL, &err),
	                 VM_ERR_TIMEOUT);
	ck_assert_int_eq(storage_upload_commit(storage, &want, "u", NULL, 0, NULL, NULL, &err),
	                 VM_ERR_NOT_FOUND);
}
END_TEST

static enum vm_more count(void *ctx, const char *key, const struct vm_object *object)
{
	ck_assert_str_eq(key, "key");
	ck_assert_uint_eq(object->bytes, 1);
	++*(int *)ctx;
	return VM_MORE;
}

START_TEST(an_object_is_listed_once)
{
	int listed = 0;

	memory.status = VM_ERR_UNAVAILABLE;
	ck_assert_int_eq(storage_list(storage, "", count, &listed, NULL, NULL), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(listed, 1);
	ck_assert_int_eq(memory.calls, 1);
}
END_TEST

START_TEST(what_is_optional_and_absent_is_unsupported)
{
	struct vm_presign presign = {.bytes = 1};

	ck_assert_int_eq(storage_presign(storage, &presign, NULL, NULL, NULL, NULL),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(storage_decode_event(storage, "", 0, NULL, NULL, NULL), VM_ERR_UNSUPPORTED);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("storage");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, traits_are_the_plugin_s);
	tcase_add_test(tests, a_plain_put_is_done_again);
	tcase_add_test(tests, a_put_if_absent_that_was_done_but_not_told_is_unknown);
	tcase_add_test(tests, a_commit_that_was_done_but_not_told_is_unknown);
	tcase_add_test(tests, an_object_is_listed_once);
	tcase_add_test(tests, what_is_optional_and_absent_is_unsupported);
	return run_tests(tests, "storage");
}
