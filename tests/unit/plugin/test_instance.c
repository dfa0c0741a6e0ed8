/* test_instance.c - what a plugin is given, and what is undone when its create fails. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake.h"
#include "plugin/queue.h"
#include "run.h"
#include "support/log.h"

static struct fake fake;

static void set_up(void)
{
	fake_init(&fake, VM_KIND_META, VM_THREADS_PARALLEL);
}

static void tear_down(void)
{
	fake_finish(&fake);
}

START_TEST(a_plugin_is_told_where_it_stands)
{
	struct instance *instance = fake_instance(&fake, &fake);

	ck_assert_ptr_eq(instance->self, &fake);
	ck_assert_uint_eq(fake.host->size, sizeof(struct vm_host));
	ck_assert_str_eq(fake.host->role, "test.role");
	ck_assert_str_eq(fake.host->state_dir, "/state");
	ck_assert_str_eq(fake.host->pipeline, "test");
	instance_destroy(instance);
	ck_assert_int_eq(fake.destroyed, 1);
	instance_destroy(NULL);
}
END_TEST

START_TEST(what_a_plugin_logs_bears_its_role)
{
	struct instance *instance = fake_instance(&fake, NULL);
	int file = memfd_create("stderr", 0), before = dup(STDERR_FILENO);
	char text[512] = "";

	log_setup(VM_LOG_INFO, LOG_TEXT);
	ck_assert_int_eq(dup2(file, STDERR_FILENO), STDERR_FILENO);
	fake.host->log(fake.host, VM_LOG_WARNING, "disk %d%% full", 93);
	log_info("after");
	dup2(before, STDERR_FILENO);
	ck_assert_int_gt(pread(file, text, sizeof text - 1, 0), 0);
	ck_assert_ptr_nonnull(strstr(text, " warning: disk 93% full role=test.role\n"));
	ck_assert_ptr_nonnull(strstr(text, " info: after\n"));
	close(file);
	close(before);
	instance_destroy(instance);
}
END_TEST

START_TEST(a_create_that_fails_leaves_nothing)
{
	struct instance *instance = NULL;
	struct vm_error err;
	struct {
		struct fake *fake;
		void *self;
	} config = {&fake, NULL};

	fake.create_status = VM_ERR_CONFIG;
	ck_assert_int_eq(instance_create(&fake.plugin, &config, "meta", "/", "p", &instance, &err),
	                 VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, "a create that fails");
	ck_assert_ptr_null(instance);
}
END_TEST

static int loads;
static int load_status;

static int load(struct vm_error *err)
{
	loads++;
	return load_status == VM_OK ? VM_OK : vm_fail(err, load_status, "a load that fails");
}

START_TEST(load_is_called_once_and_before_create)
{
	struct instance *one, *two;

	fake.plugin.entry.load = load;
	one = fake_instance(&fake, NULL);
	two = fake_instance(&fake, NULL);
	ck_assert_int_eq(loads, 1);
	ck_assert(fake.life.loaded);
	instance_destroy(one);
	instance_destroy(two);
}
END_TEST

START_TEST(a_load_that_fails_is_told_and_tried_again)
{
	struct instance *instance = NULL;
	struct vm_error err;

	load_status = VM_ERR_CONFIG;
	fake.plugin.entry.load = load;
	ck_assert_int_eq(instance_create(&fake.plugin, NULL, "meta", "/", "p", &instance, &err),
	                 VM_ERR_CONFIG);
	ck_assert_str_eq(err.message, "a load that fails");
	ck_assert_int_eq(fake.created, 0);
	ck_assert(!fake.life.loaded);
	load_status = VM_OK;
	instance = fake_instance(&fake, NULL);
	ck_assert_int_eq(loads, 2);
	instance_destroy(instance);
}
END_TEST

START_TEST(counters_are_kept_by_operation)
{
	struct instance *instance = fake_instance(&fake, NULL);
	char names[INSTANCE_OPERATIONS_MAX + 2][8];

	/* One operation too many is not counted, and nothing else happens. */
	for (int i = 0; i < INSTANCE_OPERATIONS_MAX + 2; i++) {
		snprintf(names[i], sizeof names[i], "op%d", i);
		instance_add_count(instance, names[i], (struct instance_count){.calls = 2});
		instance_add_count(instance, names[i], (struct instance_count){.failures = 1});
	}
	ck_assert_uint_eq(fake_count(instance, "op0").calls, 2);
	ck_assert_uint_eq(fake_count(instance, "op23").failures, 1);
	ck_assert_uint_eq(fake_count(instance, "op24").calls, 0);
	instance_destroy(instance);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("instance");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_plugin_is_told_where_it_stands);
	tcase_add_test(tests, what_a_plugin_logs_bears_its_role);
	tcase_add_test(tests, a_create_that_fails_leaves_nothing);
	tcase_add_test(tests, load_is_called_once_and_before_create);
	tcase_add_test(tests, a_load_that_fails_is_told_and_tried_again);
	tcase_add_test(tests, counters_are_kept_by_operation);
	return run_tests(tests, "instance");
}
