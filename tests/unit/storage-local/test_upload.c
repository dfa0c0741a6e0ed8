/* test_upload.c - uploads in parts: begun, filled, given up, listed, committed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "run.h"

static struct fixture store;

static void setup(void)
{
	fixture_init(&store, NULL);
}

static void teardown(void)
{
	/* Whatever a test does, nothing is left on the way. */
	ck_assert_int_eq(entries(&store, "tmp"), 0);
	fixture_finish(&store);
}

START_TEST(parts_come_in_any_order_and_may_come_again)
{
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part parts[3];

	begin(&store, "a/b", upload);
	parts[2] = send_part(&store, "a/b", upload, 10000, "third");
	parts[0] = send_part(&store, "a/b", upload, 1, "wrong");
	parts[1] = send_part(&store, "a/b", upload, 2, "second ");
	parts[0] = send_part(&store, "a/b", upload, 1, "first ");
	ck_assert_int_eq(find(&store, "a/b"), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(commit(&store, "a/b", upload, parts, 3), VM_OK);
	check_text(&store, "a/b", "first second third");
	ck_assert_int_eq(commit(&store, "a/b", upload, parts, 3), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(entries(&store, "uploads"), 0);
}
END_TEST

START_TEST(commit_takes_only_the_parts_that_are_listed)
{
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part parts[3];

	begin(&store, "a", upload);
	parts[0] = send_part(&store, "a", upload, 1, "one");
	send_part(&store, "a", upload, 2, "two");
	parts[1] = send_part(&store, "a", upload, 3, "three");
	ck_assert_int_eq(commit(&store, "a", upload, parts, 2), VM_OK);
	check_text(&store, "a", "onethree");
}
END_TEST

START_TEST(one_part_is_not_copied)
{
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_object object;
	struct vm_part part;

	begin(&store, "a", upload);
	part = send_part(&store, "a", upload, 7, "all of it");
	ck_assert_int_eq(commit(&store, "a", upload, &part, 1), VM_OK);
	check_text(&store, "a", "all of it");
	ck_assert_int_eq(store.ops->stat(store.self, "a", &object, NULL, NULL), VM_OK);
	ck_assert_str_eq(object.etag, part.etag); /* the very same file */
}
END_TEST

static void check_refusal(const char *upload, const struct vm_part *parts, size_t count, int status,
                          const char *message)
{
	struct vm_put how = {.key = "a"};
	struct vm_error err;

	ck_assert_int_eq(
	    store.ops->upload_commit(store.self, &how, upload, parts, count, NULL, NULL, &err), status);
	ck_assert_str_eq(err.message, message);
	ck_assert_int_eq(find(&store, "a"), VM_ERR_NOT_FOUND);
}

START_TEST(a_list_of_parts_that_does_not_fit_is_refused)
{
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part parts[2], wrong[2];

	begin(&store, "a", upload);
	parts[0] = send_part(&store, "a", upload, 1, "one");
	parts[1] = send_part(&store, "a", upload, 2, "two");

	check_refusal(upload, parts, 0, VM_ERR_UNSUPPORTED,
	              "commit upload of a: 0 parts: an upload has 1 to 10000");
	memcpy(wrong, parts, sizeof wrong);
	wrong[1].number = 3;
	check_refusal(upload, wrong, 2, VM_ERR_CONFLICT,
	              "commit upload of a: part 3 was never uploaded");
	wrong[0] = parts[1];
	wrong[1] = parts[0];
	check_refusal(upload, wrong, 2, VM_ERR_UNSUPPORTED,
	              "commit upload of a: part 1 is listed behind part 2: they must be in order");
	wrong[0] = wrong[1];
	check_refusal(upload, wrong, 2, VM_ERR_UNSUPPORTED,
	              "commit upload of a: part 1 is listed behind part 1: they must be in order");
	memcpy(wrong, parts, sizeof wrong);
	wrong[1].bytes++;
	check_refusal(
	    upload, wrong, 2, VM_ERR_CONFLICT,
	    "commit upload of a: part 2 is not the one that is listed: it was uploaded again");
	send_part(&store, "a", upload, 2, "TWO");
	check_refusal(
	    upload, parts, 2, VM_ERR_CONFLICT,
	    "commit upload of a: part 2 is not the one that is listed: it was uploaded again");
	check_refusal("0123456789abcdef0123456789abcdef", parts, 2, VM_ERR_NOT_FOUND,
	              "commit upload of a: no such upload");
	check_refusal("../../../../../../../../../../etc", parts, 2, VM_ERR_NOT_FOUND,
	              "commit upload of a: no such upload");
	ck_assert_int_eq(entries(&store, "uploads"), 1);
}
END_TEST

START_TEST(a_part_has_a_number_in_range_and_an_upload)
{
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part part;
	struct vm_error err;

	begin(&store, "a", upload);
	ck_assert_int_eq(store.ops->upload_part(store.self, "a", upload, 0, "x", 1, &part, NULL, &err),
	                 VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(
	    store.ops->upload_part(store.self, "a", upload, 10001, "x", 1, &part, NULL, &err),
	    VM_ERR_UNSUPPORTED);
	ck_assert_int_eq(store.ops->upload_part(store.self, "b", upload, 1, "x", 1, &part, NULL, &err),
	                 VM_ERR_NOT_FOUND);
	ck_assert_str_eq(err.message, "upload part of b: no such upload");
	ck_assert_int_eq(
	    store.ops->upload_part(store.self, "a", "nothing", 1, "x", 1, &part, NULL, &err),
	    VM_ERR_NOT_FOUND);
}
END_TEST

START_TEST(abort_takes_all_and_can_be_repeated)
{
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part part;

	begin(&store, "a", upload);
	part = send_part(&store, "a", upload, 1, "one");
	ck_assert_int_eq(store.ops->upload_abort(store.self, "b", upload, NULL, NULL), VM_OK);
	ck_assert_int_eq(entries(&store, "uploads"), 1);
	ck_assert_int_eq(store.ops->upload_abort(store.self, "a", upload, NULL, NULL), VM_OK);
	ck_assert_int_eq(entries(&store, "uploads"), 0);
	ck_assert_int_eq(store.ops->upload_abort(store.self, "a", upload, NULL, NULL), VM_OK);
	ck_assert_int_eq(commit(&store, "a", upload, &part, 1), VM_ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store.ops->upload_part(store.self, "a", upload, 2, "two", 3, &part, NULL, NULL),
	    VM_ERR_NOT_FOUND);
}
END_TEST

START_TEST(if_absent_is_judged_at_commit)
{
	struct vm_put how = {.key = "a", .if_absent = true};
	char upload[VM_UPLOAD_ID_MAX];
	struct vm_part parts[2];
	struct vm_error err;

	ck_assert_int_eq(store.ops->upload_begin(store.self, &how, upload, NULL, &err), VM_OK);
	parts[0] = send_part(&store, "a", upload, 1, "one");
	parts[1] = send_part(&store, "a", upload, 2, "two");
	put(&store, "a", "first");
	ck_assert_int_eq(store.ops->upload_commit(store.self, &how, upload, parts, 2, NULL, NULL, &err),
	                 VM_ERR_CONFLICT);
	ck_assert_int_eq(store.ops->upload_commit(store.self, &how, upload, parts, 1, NULL, NULL, &err),
	                 VM_ERR_CONFLICT);
	ck_assert_str_eq(err.message, "commit upload of a: there is an object with this key");
	check_text(&store, "a", "first");
	ck_assert_int_eq(store.ops->remove(store.self, "a", NULL, NULL), VM_OK);
	ck_assert_int_eq(store.ops->upload_commit(store.self, &how, upload, parts, 2, NULL, NULL, &err),
	                 VM_OK);
	check_text(&store, "a", "onetwo");
}
END_TEST

struct found {
	int count;
	char key[VM_KEY_MAX];
	int64_t begun_ms;
};

static enum vm_more take(void *ctx, const char *key, const char *upload, int64_t begun_ms)
{
	struct found *found = ctx;

	found->count++;
	snprintf(found->key, sizeof found->key, "%s", key);
	found->begun_ms = begun_ms;
	/* What is listed may be given up at once. */
	ck_assert_int_eq(store.ops->upload_abort(store.self, key, upload, NULL, NULL), VM_OK);
	return VM_MORE;
}

START_TEST(uploads_are_listed_by_prefix_until_they_end)
{
	char one[VM_UPLOAD_ID_MAX], two[VM_UPLOAD_ID_MAX];
	struct found found = {0};

	begin(&store, "a/1", one);
	begin(&store, "b/2", two);
	ck_assert_int_eq(store.ops->list_uploads(store.self, "c", take, &found, NULL, NULL), VM_OK);
	ck_assert_int_eq(found.count, 0);
	ck_assert_int_eq(store.ops->list_uploads(store.self, "b/", take, &found, NULL, NULL), VM_OK);
	ck_assert_int_eq(found.count, 1);
	ck_assert_str_eq(found.key, "b/2");
	ck_assert_int_gt(found.begun_ms, 1577836800000);
	ck_assert_int_eq(store.ops->list_uploads(store.self, "", take, &found, NULL, NULL), VM_OK);
	ck_assert_int_eq(found.count, 2);
	ck_assert_str_eq(found.key, "a/1");
	ck_assert_int_eq(entries(&store, "uploads"), 0);
}
END_TEST

START_TEST(a_commit_can_be_cancelled_and_repeated)
{
	enum { PART = 3 << 20 };
	struct vm_put how = {.key = "a"};
	char upload[VM_UPLOAD_ID_MAX], *bytes = malloc(PART);
	struct vm_part parts[4];
	struct vm_object object;
	struct cancelled_call call;

	begin(&store, "a", upload);
	for (uint32_t i = 0; i < 4; i++) {
		memset(bytes, 'a' + (int)i, PART);
		ck_assert_int_eq(store.ops->upload_part(store.self, "a", upload, i + 1, bytes, PART,
		                                        &parts[i], NULL, NULL),
		                 VM_OK);
	}
	for (unsigned trigger = 1; trigger <= 12; trigger++) {
		cancelled_call_init(&call, trigger);
		ck_assert_int_eq(
		    store.ops->upload_commit(store.self, &how, upload, parts, 4, NULL, &call.call, NULL),
		    VM_ERR_CANCELLED);
		ck_assert_int_eq(find(&store, "a"), VM_ERR_NOT_FOUND);
		ck_assert_int_eq(entries(&store, "tmp"), 0);
	}
	cancelled_call_init(&call, 1000);
	ck_assert_int_eq(
	    store.ops->upload_commit(store.self, &how, upload, parts, 4, &object, &call.call, NULL),
	    VM_OK);
	ck_assert_uint_eq(object.bytes, 4 * PART);
	ck_assert_uint_eq(call.progress, 4 * PART);
	for (uint64_t i = 0; i < 4; i++) {
		char edge[2];
		size_t got;

		ck_assert_int_eq(store.ops->read_at(store.self, "a", object.etag, (i + 1) * PART - 1, edge,
		                                    2, &got, NULL, NULL),
		                 VM_OK);
		ck_assert_int_eq(edge[0], 'a' + (int)i);
		ck_assert_uint_eq(got, i < 3 ? 2 : 1);
	}
	free(bytes);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("upload");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, parts_come_in_any_order_and_may_come_again);
	tcase_add_test(tests, commit_takes_only_the_parts_that_are_listed);
	tcase_add_test(tests, one_part_is_not_copied);
	tcase_add_test(tests, a_list_of_parts_that_does_not_fit_is_refused);
	tcase_add_test(tests, a_part_has_a_number_in_range_and_an_upload);
	tcase_add_test(tests, abort_takes_all_and_can_be_repeated);
	tcase_add_test(tests, if_absent_is_judged_at_commit);
	tcase_add_test(tests, uploads_are_listed_by_prefix_until_they_end);
	tcase_add_test(tests, a_commit_can_be_cancelled_and_repeated);
	return run_tests(tests, "upload");
}
