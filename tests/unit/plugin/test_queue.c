/* test_queue.c - a receive that waits leaves room for others, and shows nothing twice. */
#include "plugin/queue.h"

#include <pthread.h>
#include <stdatomic.h>

#include "fake.h"
#include "run.h"
#include "support/call.h"
#include "support/clock.h"

/* A queue that holds at most one message: whether something was sent. */
struct memory {
	atomic_bool full;
	atomic_int receives;
	_Atomic uint64_t longest_wait_ms;
	int status; /* what receive answers after it has emitted */
};

static void traits(void *self, struct vm_queue_traits *out)
{
	(void)self;
	out->visibility_ms = 1234;
}

static int send_one(void *self, const void *body, size_t length, uint64_t delay_ms,
                    const struct vm_call *call, struct vm_error *err)
{
	struct memory *memory = self;

	(void)body, (void)length, (void)delay_ms, (void)call, (void)err;
	atomic_store(&memory->full, true);
	return VM_OK;
}

static int receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                   const struct vm_call *call, struct vm_error *err)
{
	const struct vm_message message = {.id = "1", .receipt = "r", .body = "", .receives = 1};
	int64_t end = clock_monotonic_ms() + (int64_t)wait_ms;
	struct memory *memory = self;

	(void)max;
	atomic_fetch_add(&memory->receives, 1);
	if (wait_ms > atomic_load(&memory->longest_wait_ms))
		atomic_store(&memory->longest_wait_ms, wait_ms);
	while (!atomic_exchange(&memory->full, false)) {
		if (vm_call_cancelled(call))
			return vm_fail(err, VM_ERR_CANCELLED, "receive: cancelled");
		if (clock_monotonic_ms() >= end)
			return VM_OK;
		cancel_sleep_ms(NULL, 1);
	}
	emit(ctx, &message);
	return memory->status == VM_OK ? VM_OK : vm_fail(err, memory->status, "after the message");
}

static const struct vm_queue_ops ops = {
    .size = sizeof ops, .traits = traits, .send = send_one, .receive = receive};

static struct fake fake;
static struct memory memory;
static struct instance *queue;

static void set_up(void)
{
	fake_init(&fake, VM_KIND_QUEUE, VM_THREADS_SERIAL);
	fake.plugin.entry.ops.queue = &ops;
	queue = fake_instance(&fake, &memory);
}

static void tear_down(void)
{
	instance_destroy(queue);
	fake_finish(&fake);
}

static enum vm_more count(void *ctx, const struct vm_message *message)
{
	ck_assert_str_eq(message->id, "1");
	++*(int *)ctx;
	return VM_MORE;
}

START_TEST(traits_are_the_plugin_s)
{
	struct vm_queue_traits out;

	queue_traits(queue, &out);
	ck_assert_uint_eq(out.size, sizeof out);
	ck_assert_uint_eq(out.visibility_ms, 1234);
	ck_assert_uint_eq(out.max_receives, 0);
}
END_TEST

static void *send_soon(void *ctx)
{
	while (atomic_load(&memory.receives) == 0)
		cancel_sleep_ms(NULL, 1);
	*(int *)ctx = queue_send(queue, "x", 1, 0, NULL, NULL);
	return NULL;
}

/* In a plugin that lets in one at a time the send gets its turn while the receive waits for it. */
START_TEST(a_receive_that_waits_lets_a_send_in)
{
	static const enum vm_threads words[] = {VM_THREADS_SERIAL, VM_THREADS_PER_INSTANCE,
	                                        VM_THREADS_PARALLEL};
	int received = 0, sent = -1;
	pthread_t thread;

	fake.plugin.entry.threads = words[_i];
	ck_assert_int_eq(pthread_create(&thread, NULL, send_soon, &sent), 0);
	ck_assert_int_eq(queue_receive(queue, 1, 60 * 1000, count, &received, NULL, NULL), VM_OK);
	pthread_join(thread, NULL);
	ck_assert_int_eq(sent, VM_OK);
	ck_assert_int_eq(received, 1);
	if (words[_i] == VM_THREADS_PARALLEL)
		ck_assert_uint_eq(memory.longest_wait_ms, 60 * 1000);
	else
		ck_assert_uint_le(memory.longest_wait_ms, 200);
}
END_TEST

START_TEST(an_empty_queue_is_waited_for_in_full)
{
	int64_t start = clock_monotonic_ms();
	int received = 0;

	ck_assert_int_eq(queue_receive(queue, 1, 450, count, &received, NULL, NULL), VM_OK);
	ck_assert_int_ge(clock_monotonic_ms() - start, 450);
	ck_assert_int_ge(memory.receives, 3);
	ck_assert_int_eq(received, 0);
}
END_TEST

START_TEST(no_wait_is_one_look)
{
	int received = 0;

	ck_assert_int_eq(queue_receive(queue, 1, 0, count, &received, NULL, NULL), VM_OK);
	ck_assert_int_eq(memory.receives, 1);
}
END_TEST

START_TEST(a_receive_that_fails_after_a_message_is_not_tried_again)
{
	struct vm_error err;
	int received = 0;

	memory.full = true;
	memory.status = VM_ERR_UNAVAILABLE;
	ck_assert_int_eq(queue_receive(queue, 1, 1000, count, &received, NULL, &err),
	                 VM_ERR_UNAVAILABLE);
	ck_assert_str_eq(err.message, "after the message");
	ck_assert_int_eq(received, 1);
	ck_assert_int_eq(memory.receives, 1);
}
END_TEST

START_TEST(a_cancelled_receive_ends)
{
	struct cancel *cancel;
	struct call call;
	int received = 0;

	ck_assert_int_eq(cancel_create(NULL, &cancel, NULL), VM_OK);
	cancel_trigger(cancel);
	call_init(&call, cancel, 0);
	ck_assert_int_eq(queue_receive(queue, 1, 60 * 1000, count, &received, &call.vm, NULL),
	                 VM_ERR_CANCELLED);
	fake.plugin.entry.threads = VM_THREADS_PARALLEL;
	ck_assert_int_eq(queue_receive(queue, 1, 60 * 1000, count, &received, &call.vm, NULL),
	                 VM_ERR_CANCELLED);
	cancel_destroy(cancel);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("queue");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, traits_are_the_plugin_s);
	tcase_add_loop_test(tests, a_receive_that_waits_lets_a_send_in, 0, 3);
	tcase_add_test(tests, an_empty_queue_is_waited_for_in_full);
	tcase_add_test(tests, no_wait_is_one_look);
	tcase_add_test(tests, a_receive_that_fails_after_a_message_is_not_tried_again);
	tcase_add_test(tests, a_cancelled_receive_ends);
	return run_tests(tests, "queue");
}
