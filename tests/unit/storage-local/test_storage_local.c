/* test_storage_local.c - the plugin's options, its instances and what it says of itself. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "run.h"
#include "store.h"

static struct fixture store;

static void setup(void)
{
	fixture_init(&store, NULL);
}

static void teardown(void)
{
	fixture_finish(&store);
}

START_TEST(create_and_connect_change_nothing)
{
	struct vm_error err;

	ck_assert_int_eq(vm_plugin_entry.connect(store.self, NULL, &err), VM_OK);
	ck_assert_int_eq(access(store.root, F_OK), -1);
	put(&store, "a", "x");
	ck_assert_int_eq(vm_plugin_entry.connect(store.self, NULL, &err), VM_OK);
}
END_TEST

START_TEST(root_may_be_absolute)
{
	char root[128];
	struct store_config config = {.root = root};
	struct fixture other = store;
	struct vm_error err;
	struct stat folder;

	snprintf(root, sizeof root, "%s/made/on/the/way", store.folder);
	ck_assert_int_eq(vm_plugin_entry.create(&store.host, &config, &other.self, &err), VM_OK);
	put(&other, "a/b", "x");
	snprintf(root, sizeof root, "%s/made/on/the/way/objects/a/b", store.folder);
	ck_assert_int_eq(stat(root, &folder), 0);
	snprintf(root, sizeof root, "%s/made", store.folder);
	ck_assert_int_eq(stat(root, &folder), 0);
	ck_assert_uint_eq(folder.st_mode & 07777, 0700);
	vm_plugin_entry.destroy(other.self);
}
END_TEST

START_TEST(an_empty_root_is_refused)
{
	struct store_config config = {.root = ""};
	struct vm_error err;

	ck_assert_int_eq(vm_plugin_entry.check(&config, &err), VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, "root is empty: name a folder, or leave it out");
	config.root = "storage";
	ck_assert_int_eq(vm_plugin_entry.check(&config, &err), VM_OK);
}
END_TEST

START_TEST(a_root_that_is_a_file_is_said)
{
	struct store_config config = {.root = "storage/objects/a"};
	struct fixture other = store;
	struct vm_error err;

	put(&store, "a", "x");
	ck_assert_int_eq(vm_plugin_entry.create(&store.host, &config, &other.self, &err), VM_OK);
	ck_assert_int_eq(vm_plugin_entry.connect(other.self, NULL, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "is not a folder"));
	ck_assert_int_eq(find(&other, "b"), VM_ERR_CONFIG);
	vm_plugin_entry.destroy(other.self);
}
END_TEST

START_TEST(two_instances_share_a_root)
{
	struct fixture other;

	fixture_share(&store, &other);
	put(&store, "unprocessed/v/source", "x");
	check_text(&other, "unprocessed/v/source", "x");
	fixture_finish_shared(&other);
}
END_TEST

START_TEST(the_traits_are_those_of_files)
{
	struct vm_storage_traits traits = {.size = sizeof traits};

	store.ops->traits(store.self, &traits);
	ck_assert_uint_eq(traits.parts_max, 10000);
	ck_assert_uint_eq(traits.part_bytes_min, 1);
	ck_assert(!traits.announces);
	ck_assert(store.ops->presign == NULL);
	ck_assert(store.ops->decode_event == NULL);
	ck_assert_uint_eq(traits.size, sizeof traits);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("storage_local");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, create_and_connect_change_nothing);
	tcase_add_test(tests, root_may_be_absolute);
	tcase_add_test(tests, an_empty_root_is_refused);
	tcase_add_test(tests, a_root_that_is_a_file_is_said);
	tcase_add_test(tests, two_instances_share_a_root);
	tcase_add_test(tests, the_traits_are_those_of_files);
	return run_tests(tests, "storage_local");
}
