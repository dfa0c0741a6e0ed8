/* test_list.c - every object below a prefix, ordered by the bytes of its key. */
#include <fcntl.h>
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
	fixture_finish(&store);
}

START_TEST(the_order_is_that_of_whole_keys)
{
	static const char *const keys[] = {"b", "a/b", "a.b", "a", "a0", "a/b/c", "a-", "a/b.c", "ä"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		put(&store, keys[i], "x");
	ck_assert_str_eq(listed(&store, ""), "a a- a.b a/b a/b.c a/b/c a0 b ä ");
	ck_assert_str_eq(listed(&store, "a"), "a a- a.b a/b a/b.c a/b/c a0 ");
	ck_assert_str_eq(listed(&store, "a/"), "a/b a/b.c a/b/c ");
	ck_assert_str_eq(listed(&store, "a/b"), "a/b a/b.c a/b/c ");
	ck_assert_str_eq(listed(&store, "a/b/"), "a/b/c ");
	ck_assert_str_eq(listed(&store, "a/b/c"), "a/b/c ");
}
END_TEST

START_TEST(a_prefix_that_no_key_can_have_lists_nothing)
{
	put(&store, "a/b", "x");
	ck_assert_str_eq(listed(&store, "/"), "");
	ck_assert_str_eq(listed(&store, "/a"), "");
	ck_assert_str_eq(listed(&store, "a//"), "");
	ck_assert_str_eq(listed(&store, "./"), "");
	ck_assert_str_eq(listed(&store, "../objects/"), "");
	ck_assert_str_eq(listed(&store, "a/b/"), "");
	ck_assert_str_eq(listed(&store, "c/d"), "");
}
END_TEST

START_TEST(files_that_cannot_be_keys_are_not_listed)
{
	char path[256];

	put(&store, "a", "x");
	snprintf(path, sizeof path, "%s/objects/\xff", store.root);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(entries(&store, "objects"), 2);
	ck_assert_str_eq(listed(&store, ""), "a ");
}
END_TEST

static enum vm_more remove_it(void *ctx, const char *key, const struct vm_object *object)
{
	(void)object;
	++*(int *)ctx;
	ck_assert_int_eq(store.ops->remove(store.self, key, NULL, NULL), VM_OK);
	return VM_MORE;
}

START_TEST(what_is_listed_may_be_removed_at_once)
{
	char key[32];
	int seen = 0;

	for (int i = 0; i < 60; i++) {
		snprintf(key, sizeof key, "%d/%d/%d", i % 3, i % 5, i);
		put(&store, key, "x");
	}
	ck_assert_int_eq(store.ops->list(store.self, "", remove_it, &seen, NULL, NULL), VM_OK);
	ck_assert_int_eq(seen, 60);
	ck_assert_int_eq(entries(&store, "objects"), 0);
}
END_TEST

START_TEST(a_list_can_be_cancelled)
{
	struct cancelled_call call;
	int seen = 0;

	put(&store, "a", "x");
	put(&store, "b", "x");
	put(&store, "c", "x");
	cancelled_call_init(&call, 3);
	ck_assert_int_eq(store.ops->list(store.self, "", remove_it, &seen, &call.call, NULL),
	                 VM_ERR_CANCELLED);
	ck_assert_int_eq(seen, 1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("list");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_order_is_that_of_whole_keys);
	tcase_add_test(tests, a_prefix_that_no_key_can_have_lists_nothing);
	tcase_add_test(tests, files_that_cannot_be_keys_are_not_listed);
	tcase_add_test(tests, what_is_listed_may_be_removed_at_once);
	tcase_add_test(tests, a_list_can_be_cancelled);
	return run_tests(tests, "list");
}
