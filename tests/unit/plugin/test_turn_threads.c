/* test_turn_threads.c - the plugin's word on threads is kept, and a wait for a turn can end. */
#include <pthread.h>
#include <stdatomic.h>

#include "fake.h"
#include "run.h"
#include "support/call.h"

static struct fake fake;
static struct instance *instance;

static void set_up(void)
{
	fake_init(&fake, VM_KIND_META, VM_THREADS_PARALLEL);
	instance = fake_instance(&fake, NULL);
}

static void tear_down(void)
{
	instance_destroy(instance);
	fake_finish(&fake);
}

/* Whether two threads use one instance, and whether both may be inside of it at once. */
static const struct {
	enum vm_threads threads;
	bool one_instance, together;
} words[] = {
    {VM_THREADS_SERIAL, true, false},       {VM_THREADS_SERIAL, false, false},
    {VM_THREADS_PER_INSTANCE, true, false}, {VM_THREADS_PER_INSTANCE, false, true},
    {VM_THREADS_PARALLEL, true, true},      {VM_THREADS_PARALLEL, false, true},
};

static atomic_int inside, most_inside;
static int stay_ms; /* at most, for another to come in too */

static void *use(void *ctx)
{
	struct turn turn;

	turn_begin(&turn, ctx, "get", TURN_REPEATABLE, NULL, NULL);
	while (turn_next(&turn)) {
		if (atomic_fetch_add(&inside, 1) == 1)
			atomic_store(&most_inside, 2);
		for (int i = 0; i < stay_ms && atomic_load(&most_inside) < 2; i++)
			cancel_sleep_ms(NULL, 1);
		atomic_fetch_sub(&inside, 1);
	}
	return NULL;
}

START_TEST(the_plugin_s_word_on_threads_is_kept)
{
	struct instance *other = fake_instance(&fake, NULL);
	pthread_t threads[2];

	/* Where both may be inside the second one surely comes; where not, it is given some time. */
	stay_ms = words[_i].together ? 60 * 1000 : 50;
	fake.plugin.entry.threads = words[_i].threads;
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, use,
		                                i == 0 || words[_i].one_instance ? instance : other),
		                 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(atomic_load(&most_inside), words[_i].together ? 2 : 0);
	instance_destroy(other);
}
END_TEST

static void *trigger_soon(void *ctx)
{
	cancel_sleep_ms(NULL, 20);
	cancel_trigger(ctx);
	return NULL;
}

START_TEST(a_turn_that_is_cancelled_at_the_gate_never_calls)
{
	struct cancel *cancel;
	struct turn turn;
	struct vm_error err;
	struct call call;
	pthread_t thread;

	fake.plugin.entry.threads = VM_THREADS_PER_INSTANCE;
	ck_assert_int_eq(cancel_create(NULL, &cancel, NULL), VM_OK);
	call_init(&call, cancel, 0);
	ck_assert_int_eq(gate_enter(&instance->gate, "test", NULL, NULL), VM_OK);
	ck_assert_int_eq(pthread_create(&thread, NULL, trigger_soon, cancel), 0);
	turn_begin(&turn, instance, "get", TURN_REPEATABLE, &call.vm, &err);
	ck_assert(!turn_next(&turn));
	ck_assert_int_eq(turn.status, VM_ERR_CANCELLED);
	ck_assert_str_eq(err.message, "get: cancelled");
	ck_assert_uint_eq(fake_count(instance, "get").failures, 0);
	gate_leave(&instance->gate);
	pthread_join(thread, NULL);
	cancel_destroy(cancel);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("turn_threads");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, the_plugin_s_word_on_threads_is_kept, 0,
	                    sizeof words / sizeof *words);
	tcase_add_test(tests, a_turn_that_is_cancelled_at_the_gate_never_calls);
	return run_tests(tests, "turn_threads");
}
