/* test_lock.c - one at a time, and waiting that can be given up. */
#include "kit/lock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "kit/sleep.h"
#include "run.h"

enum { THREADS = 4, ROUNDS = 25 };

/* A call that is cancelled when it was asked often enough. */
struct patience {
	struct vm_call call;
	int asked, most;
};

static struct patience *own(const struct vm_call *call)
{
	return (struct patience *)(uintptr_t)call;
}

static bool cancelled(const struct vm_call *call)
{
	return ++own(call)->asked > own(call)->most;
}

static int no_fd(const struct vm_call *call)
{
	(void)call;
	return -1;
}

static int64_t no_deadline(const struct vm_call *call)
{
	(void)call;
	return INT64_MAX;
}

static bool no_sleep(const struct vm_call *call, uint64_t duration_ms)
{
	(void)call;
	(void)duration_ms;
	return false;
}

static const struct vm_call_table table = {sizeof table, 0,        cancelled, no_fd,
                                           no_deadline,  no_sleep, NULL};

static FILE *file;
static atomic_int inside, entered;

static void setup(void)
{
	file = tmpfile();
	ck_assert_ptr_nonnull(file);
}

static void teardown(void)
{
	fclose(file);
}

static int open_again(void)
{
	char path[64];
	FILE *again;
	int fd;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
	again = fopen(path, "r+");
	ck_assert_ptr_nonnull(again);
	fd = dup(fileno(again));
	fclose(again);
	return fd;
}

static void *enter(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		int fd = open_again();

		ck_assert_int_eq(kit_lock(fd, "test", NULL, NULL), VM_OK);
		ck_assert_int_eq(atomic_fetch_add(&inside, 1), 0);
		atomic_fetch_add(&entered, 1);
		sched_yield();
		atomic_fetch_sub(&inside, 1);
		close(fd);
	}
	return arg;
}

START_TEST(only_one_is_inside)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, enter, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(atomic_load(&entered), THREADS * ROUNDS);
}
END_TEST

START_TEST(waiting_can_be_cancelled)
{
	struct patience patience = {.call.table = &table, .most = 3};
	int held = open_again(), fd = open_again();
	struct vm_error err;

	ck_assert_int_eq(kit_lock(held, "test", NULL, &err), VM_OK);
	ck_assert_int_eq(kit_lock(fd, "put a/b", &patience.call, &err), VM_ERR_CANCELLED);
	ck_assert_str_eq(err.message, "put a/b: cancelled");
	ck_assert_int_eq(patience.asked, 4);
	close(held);
	ck_assert_int_eq(kit_lock(fd, "put a/b", &patience.call, &err), VM_OK);
	close(fd);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("lock");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, only_one_is_inside);
	tcase_add_test(tests, waiting_can_be_cancelled);
	return run_tests(tests, "lock");
}
