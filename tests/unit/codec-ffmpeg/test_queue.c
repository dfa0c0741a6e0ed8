/* test_queue.c - a queue between two threads: order, limits, and the ways that it ends. */
#include "queue.h"

#include <stdint.h>

#include "run.h"

static int items[1000];
static unsigned dropped;

static void drop(void *item)
{
	(void)item;
	dropped++;
}

static void *produce(void *ctx)
{
	for (int i = 0; i < 1000; i++)
		if (!queue_push(ctx, &items[i]))
			return ctx;
	queue_close(ctx);
	return NULL;
}

START_TEST(items_come_out_in_their_order_and_then_the_end)
{
	struct queue queue;
	pthread_t producer;

	queue_init(&queue, 3);
	ck_assert_int_eq(pthread_create(&producer, NULL, produce, &queue), 0);
	for (int i = 0; i < 1000; i++)
		ck_assert_ptr_eq(queue_pop(&queue), &items[i]);
	ck_assert_ptr_null(queue_pop(&queue));
	ck_assert_ptr_null(queue_pop(&queue));
	pthread_join(producer, NULL);
	queue_finish(&queue, drop);
	ck_assert_uint_eq(dropped, 0);
}
END_TEST

START_TEST(an_abort_wakes_who_waits_for_room)
{
	struct queue queue;
	pthread_t producer;
	void *gave_up;

	queue_init(&queue, 3);
	ck_assert_int_eq(pthread_create(&producer, NULL, produce, &queue), 0);
	for (int i = 0; i < 10; i++)
		ck_assert_ptr_nonnull(queue_pop(&queue));
	queue_abort(&queue);
	pthread_join(producer, &gave_up);
	ck_assert_ptr_eq(gave_up, &queue);
	ck_assert_ptr_null(queue_pop(&queue));
	queue_finish(&queue, drop);
	ck_assert_uint_le(dropped, 3);
}
END_TEST

static void *consume(void *ctx)
{
	return queue_pop(ctx);
}

START_TEST(an_abort_wakes_who_waits_for_an_item)
{
	struct queue queue;
	pthread_t consumer;
	void *item = &queue;

	queue_init(&queue, 1);
	ck_assert_int_eq(pthread_create(&consumer, NULL, consume, &queue), 0);
	queue_abort(&queue);
	pthread_join(consumer, &item);
	ck_assert_ptr_null(item);
	queue_finish(&queue, drop);
}
END_TEST

START_TEST(what_was_never_taken_is_dropped)
{
	struct queue queue, never = {0};

	queue_init(&queue, 4);
	for (int i = 0; i < 4; i++)
		ck_assert(queue_push(&queue, &items[i]));
	ck_assert_ptr_eq(queue_pop(&queue), &items[0]);
	queue_finish(&queue, drop);
	ck_assert_uint_eq(dropped, 3);
	queue_abort(&never);
	queue_finish(&never, drop);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("queue");

	tcase_add_test(tests, items_come_out_in_their_order_and_then_the_end);
	tcase_add_test(tests, an_abort_wakes_who_waits_for_room);
	tcase_add_test(tests, an_abort_wakes_who_waits_for_an_item);
	tcase_add_test(tests, what_was_never_taken_is_dropped);
	return run_tests(tests, "queue");
}
