/* test_compute.c - a start that was not heard of is never told as "surely nothing was started". */
#include "plugin/compute.h"

#include <string.h>

#include "fake.h"
#include "run.h"

/* Starts at the first try without saying so; afterwards the service is busy. */
struct memory {
	int starts;
	char token[16];
};

static void traits(void *self, struct vm_compute_traits *out)
{
	(void)self;
	out->watch_ms = 5000;
}

static int start(void *self, const struct vm_task *want, char task[VM_TASK_MAX],
                 const struct vm_call *call, struct vm_error *err)
{
	struct memory *memory = self;

	(void)task, (void)call;
	if (memory->starts++ == 0)
		return vm_fail(err, VM_ERR_TIMEOUT, "start: no answer");
	ck_assert_str_eq(want->token, memory->token); /* of every try the same */
	return vm_fail(err, VM_ERR_THROTTLED, "start: slow down");
}

static int status(void *self, const char *task, struct vm_task_status *out,
                  const struct vm_call *call, struct vm_error *err)
{
	(void)self, (void)task, (void)call, (void)err;
	ck_assert_uint_eq(out->size, sizeof *out);
	ck_assert_str_eq(out->reason, "");
	out->state = VM_TASK_RUNNING;
	return VM_OK;
}

static const struct vm_compute_ops ops = {
    .size = sizeof ops, .traits = traits, .start = start, .status = status};

static struct fake fake;
static struct memory memory = {.token = "v-1-1"};
static struct instance *compute;

static void set_up(void)
{
	fake_init(&fake, VM_KIND_COMPUTE, VM_THREADS_PARALLEL);
	fake.plugin.entry.ops.compute = &ops;
	compute = fake_instance(&fake, &memory);
}

static void tear_down(void)
{
	instance_destroy(compute);
	fake_finish(&fake);
}

START_TEST(traits_are_the_plugin_s)
{
	struct vm_compute_traits out;

	compute_traits(compute, &out);
	ck_assert_uint_eq(out.size, sizeof out);
	ck_assert_uint_eq(out.watch_ms, 5000);
}
END_TEST

START_TEST(a_start_that_was_not_heard_of_may_have_happened)
{
	const struct vm_task want = {.token = "v-1-1", .job = "{}"};
	char task[VM_TASK_MAX];
	struct vm_error err;

	ck_assert_int_eq(compute_start(compute, &want, task, NULL, &err), VM_ERR_TIMEOUT);
	ck_assert_int_eq(memory.starts, 5);
	ck_assert_str_eq(err.message, "an earlier try may have done it: start: slow down");
	/* Throttled from the first try on: surely nothing. */
	ck_assert_int_eq(compute_start(compute, &want, task, NULL, &err), VM_ERR_THROTTLED);
}
END_TEST

START_TEST(a_status_is_filled_from_nothing)
{
	struct vm_task_status out;

	memset(&out, 0xff, sizeof out);
	ck_assert_int_eq(compute_status(compute, "t", &out, NULL, NULL), VM_OK);
	ck_assert_int_eq((int)out.state, VM_TASK_RUNNING);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("compute");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, traits_are_the_plugin_s);
	tcase_add_test(tests, a_start_that_was_not_heard_of_may_have_happened);
	tcase_add_test(tests, a_status_is_filled_from_nothing);
	return run_tests(tests, "compute");
}
