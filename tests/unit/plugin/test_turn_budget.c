/* test_turn_budget.c - many threads on one dependency: what their tries cost it, all together. */
#include <pthread.h>
#include <stdatomic.h>

#include "fake.h"
#include "run.h"
#include "support/cancel.h"
#include "support/clock.h"

enum { CALLERS = 64, PACE_MS = 20, PHASE_MS = 700 };

/* What the dependency does in each phase: every so many calls it answers; 0: it is down. */
static const struct phase {
	unsigned answers_every;
} phases[] = {{1}, {0}, {2}, {0}, {1}};

#define N_PHASES (sizeof phases / sizeof *phases)

static struct fake fake;
static struct instance *instance;
static int64_t start_ms;
static atomic_uint tries[N_PHASES], answers[N_PHASES];

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

static int ask_dependency(struct vm_error *err)
{
	size_t now = (size_t)(clock_monotonic_ms() - start_ms) / PHASE_MS;
	unsigned number, every;

	if (now >= N_PHASES)
		now = N_PHASES - 1;
	every = phases[now].answers_every;
	number = atomic_fetch_add(&tries[now], 1);
	if (every == 0 || number % every != 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "down");
	atomic_fetch_add(&answers[now], 1);
	return VM_OK;
}

static void *call_for_a_while(void *ctx)
{
	(void)ctx;
	while (clock_monotonic_ms() < start_ms + (int64_t)N_PHASES * PHASE_MS) {
		struct turn turn;

		turn_begin(&turn, instance, "get", TURN_REPEATABLE, NULL, NULL);
		while (turn_next(&turn))
			turn.status = ask_dependency(&turn.error);
		cancel_sleep_ms(NULL, PACE_MS);
	}
	return NULL;
}

START_TEST(an_outage_costs_the_reserve_and_a_tenth_of_what_is_answered)
{
	unsigned all_tries = 0, all_answers = 0;
	pthread_t threads[CALLERS];
	struct instance_count count;

	start_ms = clock_monotonic_ms();
	for (size_t i = 0; i < CALLERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, call_for_a_while, NULL), 0);
	for (size_t i = 0; i < CALLERS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < N_PHASES; i++) {
		all_tries += atomic_load(&tries[i]);
		all_answers += atomic_load(&answers[i]);
	}
	count = fake_count(instance, "get");
	ck_assert_uint_eq(count.calls + count.retries, all_tries);
	ck_assert_uint_le(count.retries, RETRY_BUDGET_RESERVE + all_answers / RETRY_BUDGET_ANSWERS);
	/* While it is half down most want another try, and the budget is what keeps them from it. */
	ck_assert_uint_gt(count.refusals, count.retries);
	/* However many threads there are, a tenth more calls at the most. */
	ck_assert_uint_le(all_tries, count.calls + count.calls / 10 + RETRY_BUDGET_RESERVE);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("turn_budget");

	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, an_outage_costs_the_reserve_and_a_tenth_of_what_is_answered);
	return run_tests(tests, "turn_budget");
}
