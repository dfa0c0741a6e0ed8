/* test_cancel.c - a trigger reaches every descendant, whenever they were made. */
#include "support/cancel.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "run.h"
#include "support/clock.h"

static struct cancel *make(struct cancel *parent)
{
	struct cancel *cancel = NULL;

	ck_assert_int_eq(cancel_create(parent, &cancel, NULL), VM_OK);
	return cancel;
}

static bool is_readable(const struct cancel *cancel)
{
	struct pollfd fd = {.fd = cancel_fd(cancel), .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

START_TEST(it_is_triggered_once_and_readable_for_ever)
{
	struct cancel *cancel = make(NULL);

	ck_assert(!cancel_triggered(cancel));
	ck_assert(!is_readable(cancel));
	cancel_trigger(cancel);
	cancel_trigger(cancel);
	ck_assert(cancel_triggered(cancel));
	for (int i = 0; i < 3; i++)
		ck_assert(is_readable(cancel));
	cancel_destroy(cancel);
}
END_TEST

START_TEST(no_token_is_never_cancelled)
{
	ck_assert(!cancel_triggered(NULL));
	ck_assert_int_eq(cancel_fd(NULL), -1);
	ck_assert(cancel_sleep_ms(NULL, 1));
	cancel_destroy(NULL);
}
END_TEST

START_TEST(a_trigger_goes_down_and_not_up)
{
	struct cancel *top = make(NULL);
	struct cancel *middle = make(top), *other = make(top);
	struct cancel *bottom = make(middle);

	cancel_trigger(middle);
	ck_assert(cancel_triggered(middle) && cancel_triggered(bottom) && is_readable(bottom));
	ck_assert(!cancel_triggered(top) && !cancel_triggered(other));
	cancel_trigger(top);
	ck_assert(cancel_triggered(other) && is_readable(other));
	cancel_destroy(bottom);
	cancel_destroy(middle);
	cancel_destroy(other);
	cancel_destroy(top);
}
END_TEST

START_TEST(a_child_of_a_triggered_parent_is_born_triggered)
{
	struct cancel *parent = make(NULL), *child;

	cancel_trigger(parent);
	child = make(parent);
	ck_assert(cancel_triggered(child) && is_readable(child));
	cancel_destroy(child);
	cancel_destroy(parent);
}
END_TEST

START_TEST(children_leave_in_any_order)
{
	struct cancel *parent = make(NULL), *a = make(parent), *b = make(parent), *c = make(parent);

	cancel_destroy(b);
	cancel_destroy(c);
	cancel_trigger(parent);
	ck_assert(cancel_triggered(a));
	cancel_destroy(a);
	cancel_destroy(parent);
}
END_TEST

START_TEST(a_sleep_takes_its_time)
{
	struct cancel *cancel = make(NULL);
	int64_t start = clock_monotonic_ms();

	ck_assert(cancel_sleep_ms(cancel, 30));
	ck_assert_int_ge(clock_monotonic_ms() - start, 30);
	cancel_destroy(cancel);
}
END_TEST

static void *trigger_soon(void *ctx)
{
	cancel_sleep_ms(NULL, 20);
	cancel_trigger(ctx);
	return NULL;
}

START_TEST(a_sleep_without_end_is_cut_short)
{
	struct cancel *parent = make(NULL), *child = make(parent);
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, trigger_soon, parent), 0);
	ck_assert(!cancel_sleep_ms(child, UINT64_MAX));
	ck_assert(!cancel_sleep_ms(child, 0));
	pthread_join(thread, NULL);
	cancel_destroy(child);
	cancel_destroy(parent);
}
END_TEST

struct race {
	struct cancel *parent;
	atomic_bool go;
	atomic_uint missed;
};

static void *make_children(void *ctx)
{
	struct race *race = ctx;
	struct cancel *children[50];

	while (!atomic_load(&race->go))
		;
	for (size_t i = 0; i < 50; i++)
		children[i] = make(race->parent);
	/* The parent is triggered by now or soon; a child that nobody tells would sleep a minute. */
	for (size_t i = 0; i < 50; i++)
		if (cancel_sleep_ms(children[i], 60000))
			atomic_fetch_add(&race->missed, 1);
	for (size_t i = 0; i < 50; i++)
		cancel_destroy(children[i]);
	return NULL;
}

START_TEST(no_child_is_missed_by_a_trigger_at_the_same_time)
{
	struct race race = {.parent = make(NULL)};
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, make_children, &race), 0);
	atomic_store(&race.go, true);
	cancel_trigger(race.parent);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(race.missed, 0);
	cancel_destroy(race.parent);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("cancel");

	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, it_is_triggered_once_and_readable_for_ever);
	tcase_add_test(tests, no_token_is_never_cancelled);
	tcase_add_test(tests, a_trigger_goes_down_and_not_up);
	tcase_add_test(tests, a_child_of_a_triggered_parent_is_born_triggered);
	tcase_add_test(tests, children_leave_in_any_order);
	tcase_add_test(tests, a_sleep_takes_its_time);
	tcase_add_test(tests, a_sleep_without_end_is_cut_short);
	tcase_add_loop_test(tests, no_child_is_missed_by_a_trigger_at_the_same_time, 0, 20);
	return run_tests(tests, "cancel");
}
