/* test_gate.c - first come first served, and who gives up does not block the others. */
#include "plugin/gate.h"

#include <sched.h>
#include <stdatomic.h>

#include "run.h"
#include "support/call.h"

static struct gate gate;
static atomic_int next_place;

struct visitor {
	pthread_t thread;
	struct cancel *cancel;
	int place;
	int status;
};

static void set_up(void)
{
	gate_init(&gate);
	atomic_store(&next_place, 0);
	ck_assert_int_eq(gate_enter(&gate, "test", NULL, NULL), VM_OK);
}

static void tear_down(void)
{
	gate_finish(&gate);
}

static void *visit(void *ctx)
{
	struct visitor *visitor = ctx;
	struct vm_error err;
	struct call call;

	call_init(&call, visitor->cancel, 60 * 1000);
	visitor->status = gate_enter(&gate, "visit", &call.vm, &err);
	if (visitor->status != VM_OK)
		return NULL;
	visitor->place = atomic_fetch_add(&next_place, 1);
	gate_leave(&gate);
	return NULL;
}

static struct gate_waiter **last_in_line(void)
{
	struct gate_waiter **last;

	pthread_mutex_lock(&gate.lock);
	last = gate.last;
	pthread_mutex_unlock(&gate.lock);
	return last;
}

/* Starts a visitor and returns when it stands in the line. */
static void queue_up(struct visitor *visitor)
{
	struct gate_waiter **before = last_in_line();

	visitor->place = -1;
	ck_assert_int_eq(cancel_create(NULL, &visitor->cancel, NULL), VM_OK);
	ck_assert_int_eq(pthread_create(&visitor->thread, NULL, visit, visitor), 0);
	for (int i = 0; i < 60000 && last_in_line() == before; i++)
		cancel_sleep_ms(NULL, 1);
	ck_assert_ptr_ne(last_in_line(), before);
}

static void see_off(struct visitor *visitor)
{
	pthread_join(visitor->thread, NULL);
	cancel_destroy(visitor->cancel);
}

START_TEST(who_waits_longest_is_let_in_first)
{
	struct visitor visitors[4];

	for (int i = 0; i < 4; i++)
		queue_up(&visitors[i]);
	/* A thread that leaves and comes back at once finds four before it. */
	gate_leave(&gate);
	ck_assert_int_eq(gate_enter(&gate, "test", NULL, NULL), VM_OK);
	ck_assert_int_eq(atomic_load(&next_place), 4);
	for (int i = 0; i < 4; i++) {
		see_off(&visitors[i]);
		ck_assert_int_eq(visitors[i].status, VM_OK);
		ck_assert_int_eq(visitors[i].place, i);
	}
	gate_leave(&gate);
}
END_TEST

START_TEST(who_gives_up_leaves_the_line)
{
	struct visitor visitors[3];
	int leaver = _i, place = 0;

	for (int i = 0; i < 3; i++)
		queue_up(&visitors[i]);
	cancel_trigger(visitors[leaver].cancel);
	see_off(&visitors[leaver]);
	ck_assert_int_eq(visitors[leaver].status, VM_ERR_CANCELLED);
	/* The end of the line is whole: another can join it. */
	queue_up(&visitors[leaver]);
	gate_leave(&gate);
	for (int i = 0; i < 3; i++) {
		see_off(&visitors[i]);
		ck_assert_int_eq(visitors[i].status, VM_OK);
		ck_assert_int_eq(visitors[i].place, i == leaver ? 2 : place++);
	}
}
END_TEST

START_TEST(a_free_gate_is_entered_at_once)
{
	struct vm_error err;
	struct cancel *cancel;
	struct call call;

	gate_leave(&gate);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(gate_enter(&gate, "test", NULL, NULL), VM_OK);
		gate_leave(&gate);
	}
	ck_assert_int_eq(cancel_create(NULL, &cancel, NULL), VM_OK);
	cancel_trigger(cancel);
	call_init(&call, cancel, 0);
	ck_assert_int_eq(gate_enter(&gate, "test", &call.vm, &err), VM_ERR_CANCELLED);
	ck_assert_str_eq(err.message, "test: cancelled");
	ck_assert_int_eq(gate_enter(&gate, "test", NULL, NULL), VM_OK);
	gate_leave(&gate);
	cancel_destroy(cancel);
}
END_TEST

START_TEST(a_deadline_ends_the_wait)
{
	struct vm_error err;
	struct call call;

	call_init(&call, NULL, 20);
	ck_assert_int_eq(gate_enter(&gate, "test", &call.vm, &err), VM_ERR_TIMEOUT);
	ck_assert_str_eq(err.message, "test: no time left");
	gate_leave(&gate);
}
END_TEST

enum { CROWD = 4, VISITS = 300 };

static int visits; /* guarded by the gate alone */
static atomic_int inside, overlaps;

static void *visit_often(void *ctx)
{
	(void)ctx;
	for (int i = 0; i < VISITS; i++) {
		if (gate_enter(&gate, "visit", NULL, NULL) != VM_OK)
			return NULL;
		if (atomic_fetch_add(&inside, 1) != 0)
			atomic_fetch_add(&overlaps, 1);
		visits++;
		sched_yield();
		atomic_fetch_sub(&inside, 1);
		gate_leave(&gate);
	}
	return NULL;
}

START_TEST(one_at_a_time_is_inside)
{
	pthread_t threads[CROWD];

	visits = 0;
	gate_leave(&gate);
	for (int i = 0; i < CROWD; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, visit_often, NULL), 0);
	for (int i = 0; i < CROWD; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(visits, CROWD * VISITS);
	ck_assert_int_eq(atomic_load(&overlaps), 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("gate");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, who_waits_longest_is_let_in_first);
	tcase_add_loop_test(tests, who_gives_up_leaves_the_line, 0, 3);
	tcase_add_test(tests, a_free_gate_is_entered_at_once);
	tcase_add_test(tests, a_deadline_ends_the_wait);
	tcase_add_test(tests, one_at_a_time_is_inside);
	return run_tests(tests, "gate");
}
