/* test_queue_local.c - names, roles and traits. */
#include <string.h>

#include "fixture.h"
#include "run.h"

static void expect_file(const struct fixture *fixture, const char *name, bool there)
{
	char path[PLACE_MAX + 64];

	snprintf(path, sizeof path, "%s/queue/%s.db", fixture->folder, name);
	ck_assert_msg((access(path, F_OK) == 0) == there, "%s", path);
}

/* Another instance in the same folder. */
static void open_as(struct fixture *fixture, const struct fixture *first, const char *role,
                    const char *queue)
{
	struct vm_error err;

	*fixture = *first;
	fixture->host.role = role;
	fixture->host.state_dir = fixture->folder;
	fixture->config.queue = queue;
	expect_ok(&err, vm_plugin_entry.create(&fixture->host, &fixture->config, &fixture->self, &err));
}

START_TEST(each_role_has_a_queue_of_its_own)
{
	struct fixture first, unprocessed, processed, worker, named;

	fixture_init(&first);
	open_as(&unprocessed, &first, "queue.unprocessed", NULL);
	open_as(&processed, &first, "queue.processed", NULL);
	open_as(&worker, &first, "queue.unprocessed", NULL);
	open_as(&named, &first, "queue.unprocessed", "acme");
	send_text(&unprocessed, "task", 0);
	send_text(&named, "other", 0);
	expect_nothing(&processed);
	expect_received(&worker, "task");
	expect_received(&named, "other");
	expect_file(&first, "unprocessed", true);
	expect_file(&first, "processed", true);
	expect_file(&first, "acme", true);
	fixture_finish_shared(&unprocessed);
	fixture_finish_shared(&processed);
	fixture_finish_shared(&worker);
	fixture_finish_shared(&named);
	fixture_finish(&first);
}
END_TEST

START_TEST(nothing_is_made_before_it_is_used)
{
	struct fixture fixture;
	struct vm_error err;

	fixture_init(&fixture);
	expect_ok(&err, vm_plugin_entry.connect(fixture.self, NULL, &err));
	expect_file(&fixture, "test", false);
	expect_nothing(&fixture);
	expect_file(&fixture, "test", true);
	expect_ok(&err, vm_plugin_entry.connect(fixture.self, NULL, &err));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_name_that_is_no_file_name_is_refused)
{
	struct local_config config = {.queue = "../escape", .visibility = 1, .max_receives = 1};
	struct vm_host host = {.size = sizeof host, .role = "queue/odd", .state_dir = "/nowhere"};
	struct vm_error err;
	void *self = NULL;

	ck_assert_int_eq(vm_plugin_entry.check(&config, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "../escape"));
	config.queue = "fine";
	expect_ok(&err, vm_plugin_entry.check(&config, &err));
	config.queue = NULL;
	expect_ok(&err, vm_plugin_entry.check(&config, &err));
	ck_assert_int_eq(vm_plugin_entry.create(&host, &config, &self, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "queue/odd"));
	ck_assert_ptr_null(self);
}
END_TEST

START_TEST(the_traits_are_the_options_and_the_limits)
{
	struct vm_queue_traits traits = {.size = sizeof traits};
	struct fixture fixture;

	fixture_init(&fixture);
	fixture.ops->traits(fixture.self, &traits);
	ck_assert_uint_eq(traits.size, sizeof traits);
	ck_assert_uint_eq(traits.max_receives, 3);
	ck_assert_uint_eq(traits.visibility_ms, LONG_MS);
	ck_assert_uint_ge(traits.delay_max_ms, 15 * 60 * 1000);
	ck_assert_uint_eq(traits.message_bytes_max, 256 * 1024);
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("queue_local");

	tcase_add_test(tests, each_role_has_a_queue_of_its_own);
	tcase_add_test(tests, nothing_is_made_before_it_is_used);
	tcase_add_test(tests, a_name_that_is_no_file_name_is_refused);
	tcase_add_test(tests, the_traits_are_the_options_and_the_limits);
	return run_tests(tests, "queue_local");
}
