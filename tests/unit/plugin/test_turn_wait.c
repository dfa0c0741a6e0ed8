/* test_turn_wait.c - how long a turn waits before the next try, in a time of its own. */
#include "fake.h"
#include "run.h"

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

enum { MANY = 400 };

/* The waits between the tries of MANY turns that fail with `status`, told to wait `after_ms`. */
static uint64_t waits_ms[4][MANY];

static void gather_waits(int status, uint32_t after_ms)
{
	for (int i = 0; i < MANY; i++) {
		struct fake_call call;
		struct turn turn;

		retry_budget_init(&instance->budget);
		fake_call_init(&call);
		turn_begin(&turn, instance, "get", TURN_REPEATABLE, &call.vm, NULL);
		while (turn_next(&turn)) {
			turn.status = vm_fail(&turn.error, status, "no");
			turn.error.retry_after_ms = after_ms;
		}
		ck_assert_int_eq(turn.status, status);
		ck_assert_uint_eq(call.n_waits, 4);
		for (int n = 0; n < 4; n++)
			waits_ms[n][i] = call.waits_ms[n];
	}
}

/* All within [least, most], and no tenth of that range has a quarter of them. */
static void expect_spread(const uint64_t waits[MANY], uint64_t least, uint64_t most)
{
	unsigned tenths[10] = {0};

	for (int i = 0; i < MANY; i++) {
		ck_assert_uint_ge(waits[i], least);
		ck_assert_uint_le(waits[i], most);
		tenths[(waits[i] - least) * 10 / (most - least + 1)]++;
	}
	for (int i = 0; i < 10; i++)
		ck_assert_uint_lt(tenths[i], MANY / 4);
}

START_TEST(waits_double_and_are_spread_over_their_whole_range)
{
	gather_waits(VM_ERR_UNAVAILABLE, 0);
	for (int n = 0; n < 4; n++)
		expect_spread(waits_ms[n], 0, UINT64_C(100) << n);
}
END_TEST

START_TEST(one_that_is_throttled_is_asked_more_slowly)
{
	gather_waits(VM_ERR_THROTTLED, 0);
	for (int n = 0; n < 4; n++)
		expect_spread(waits_ms[n], 0, UINT64_C(500) << n);
}
END_TEST

START_TEST(those_who_were_told_the_same_moment_do_not_come_together)
{
	gather_waits(VM_ERR_UNAVAILABLE, 10000);
	/* A first back-off of 100 ms alone would be a herd. */
	expect_spread(waits_ms[0], 10000, 15100);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("turn_wait");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, waits_double_and_are_spread_over_their_whole_range);
	tcase_add_test(tests, one_that_is_throttled_is_asked_more_slowly);
	tcase_add_test(tests, those_who_were_told_the_same_moment_do_not_come_together);
	return run_tests(tests, "turn_wait");
}
