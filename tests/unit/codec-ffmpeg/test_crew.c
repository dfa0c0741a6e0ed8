/* test_crew.c - threads that live and fail together. */
#include "crew.h"

#include <unistd.h>

#include "fixture.h"
#include "queue.h"
#include "run.h"

static struct log log_;
static struct queue empty;
static atomic_uint ticks;

static void wake(void *ctx)
{
	(void)ctx;
	queue_abort(&empty);
}

static void tick(void *ctx)
{
	(void)ctx;
	atomic_fetch_add(&ticks, 1);
}

static int wait_for_ever(void *ctx, struct vm_error *err)
{
	(void)ctx, (void)err;
	ck_assert_ptr_null(queue_pop(&empty));
	return VM_OK;
}

static int fail_at_once(void *ctx, struct vm_error *err)
{
	return vm_fail(err, VM_ERR_BAD_DATA, "%s broke", (const char *)ctx);
}

static int succeed(void *ctx, struct vm_error *err)
{
	(void)ctx, (void)err;
	return VM_OK;
}

static void begin(struct crew *crew)
{
	log_init(&log_, &test_host);
	queue_init(&empty, 1);
	crew_init(crew, &log_, wake, NULL);
}

static void drop(void *item)
{
	(void)item;
}

static void end(struct crew *crew)
{
	crew_finish(crew);
	queue_finish(&empty, drop);
	log_finish(&log_);
}

START_TEST(all_that_succeed_are_a_success)
{
	struct crew crew;

	begin(&crew);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(crew_start(&crew, succeed, NULL, NULL), VM_OK);
	ck_assert_int_eq(crew_wait(&crew, NULL, tick, NULL, NULL), VM_OK);
	ck_assert(!crew_stopping(&crew));
	end(&crew);
}
END_TEST

START_TEST(one_failure_ends_those_that_wait)
{
	struct crew crew;
	struct vm_error err;
	char name[] = "it";

	begin(&crew);
	for (int i = 0; i < 5; i++)
		crew_start(&crew, wait_for_ever, NULL, NULL);
	crew_start(&crew, fail_at_once, name, NULL);
	ck_assert_int_eq(crew_wait(&crew, NULL, tick, NULL, &err), VM_ERR_BAD_DATA);
	ck_assert_str_eq(err.message, "it broke");
	ck_assert(crew_stopping(&crew));
	end(&crew);
}
END_TEST

static void cancel_at_third(void *ctx)
{
	struct test_call *call = ctx;

	if (atomic_fetch_add(&ticks, 1) == 2)
		atomic_store(&call->cancel, true);
}

START_TEST(a_cancelled_call_ends_those_that_wait)
{
	struct crew crew;
	struct vm_error err;
	struct test_call call;

	begin(&crew);
	test_call_init(&call);
	crew_start(&crew, wait_for_ever, NULL, NULL);
	ck_assert_int_eq(crew_wait(&crew, &call.call, cancel_at_third, &call, &err), VM_ERR_CANCELLED);
	end(&crew);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("crew");

	tcase_add_test(tests, all_that_succeed_are_a_success);
	tcase_add_test(tests, one_failure_ends_those_that_wait);
	tcase_add_test(tests, a_cancelled_call_ends_those_that_wait);
	return run_tests(tests, "crew");
}
