/* test_pool.c - all work is done, no more at once than there are threads. */
#include "support/pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "run.h"
#include "support/cancel.h"

static struct {
	atomic_int inside, most, done;
	atomic_bool open; /* held work ends when this is set */
} seen;

static void work(void *ctx)
{
	int inside = atomic_fetch_add(&seen.inside, 1) + 1;
	int most = atomic_load(&seen.most);

	while (inside > most && !atomic_compare_exchange_weak(&seen.most, &most, inside))
		;
	if (ctx != NULL)
		while (!atomic_load(&seen.open))
			cancel_sleep_ms(NULL, 1);
	atomic_fetch_sub(&seen.inside, 1);
	atomic_fetch_add(&seen.done, 1);
}

static void wait_until(atomic_int *value, int expected)
{
	for (int i = 0; i < 60000 && atomic_load(value) != expected; i++)
		cancel_sleep_ms(NULL, 1);
	ck_assert_int_eq(atomic_load(value), expected);
}

static struct pool *make(unsigned threads, size_t waiting_most)
{
	struct pool *pool = NULL;

	atomic_store(&seen.most, 0);
	atomic_store(&seen.done, 0);
	atomic_store(&seen.open, false);
	ck_assert_int_eq(pool_create(threads, waiting_most, &pool, NULL), VM_OK);
	return pool;
}

START_TEST(all_that_was_submitted_is_done_when_drained)
{
	struct pool *pool = make(3, 2);

	pool_drain(pool);
	for (int round = 1; round <= 3; round++) {
		for (int i = 0; i < 100; i++)
			pool_submit(pool, work, NULL);
		pool_drain(pool);
		ck_assert_int_eq(atomic_load(&seen.done), round * 100);
	}
	ck_assert_int_le(atomic_load(&seen.most), 3);
	pool_destroy(pool);
}
END_TEST

START_TEST(every_thread_works_at_once)
{
	struct pool *pool = make(3, 3);

	for (int i = 0; i < 3; i++)
		pool_submit(pool, work, &seen);
	wait_until(&seen.inside, 3);
	atomic_store(&seen.open, true);
	pool_drain(pool);
	ck_assert_int_eq(atomic_load(&seen.most), 3);
	pool_destroy(pool);
}
END_TEST

static atomic_int submitted;

static void *submit_four(void *ctx)
{
	for (int i = 0; i < 4; i++) {
		pool_submit(ctx, work, &seen);
		atomic_fetch_add(&submitted, 1);
	}
	return NULL;
}

START_TEST(who_submits_waits_while_the_queue_is_full)
{
	struct pool *pool = make(1, 2);
	pthread_t thread;

	atomic_store(&submitted, 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, submit_four, pool), 0);
	/* One runs, two wait, the fourth has no place. */
	wait_until(&submitted, 3);
	wait_until(&seen.inside, 1);
	cancel_sleep_ms(NULL, 20);
	ck_assert_int_eq(atomic_load(&submitted), 3);
	atomic_store(&seen.open, true);
	pthread_join(thread, NULL);
	pool_drain(pool);
	ck_assert_int_eq(atomic_load(&seen.done), 4);
	pool_destroy(pool);
}
END_TEST

static atomic_int drained;

static void *drain(void *ctx)
{
	pool_drain(ctx);
	atomic_store(&drained, 1);
	return NULL;
}

START_TEST(draining_waits_for_what_runs)
{
	struct pool *pool = make(2, 2);
	pthread_t thread;

	pool_submit(pool, work, &seen);
	wait_until(&seen.inside, 1);
	ck_assert_int_eq(pthread_create(&thread, NULL, drain, pool), 0);
	cancel_sleep_ms(NULL, 20);
	ck_assert_int_eq(atomic_load(&drained), 0);
	atomic_store(&seen.open, true);
	pthread_join(thread, NULL);
	ck_assert_int_eq(atomic_load(&seen.done), 1);
	pool_destroy(pool);
}
END_TEST

START_TEST(destroying_does_what_still_waits)
{
	struct pool *pool = make(1, 8);

	for (int i = 0; i < 8; i++)
		pool_submit(pool, work, &seen);
	atomic_store(&seen.open, true);
	pool_destroy(pool);
	ck_assert_int_eq(atomic_load(&seen.done), 8);
	pool_destroy(NULL);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("pool");

	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, all_that_was_submitted_is_done_when_drained);
	tcase_add_test(tests, every_thread_works_at_once);
	tcase_add_test(tests, who_submits_waits_while_the_queue_is_full);
	tcase_add_test(tests, draining_waits_for_what_runs);
	tcase_add_test(tests, destroying_does_what_still_waits);
	return run_tests(tests, "pool");
}
