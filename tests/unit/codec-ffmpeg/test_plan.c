/* test_plan.c - how the processors are shared. */
#include "plan.h"

#include "run.h"

static struct ladder ladder_of(int first, int second)
{
	struct ladder ladder = {.count = 2};

	ladder.rungs[0] = (struct rung){.width = first * 16 / 9, .height = first};
	ladder.rungs[1] = (struct rung){.width = second * 16 / 9, .height = second};
	return ladder;
}

START_TEST(every_encoder_has_two_threads_at_least)
{
	struct ladder ladder = ladder_of(1080, 720);

	for (uint32_t processors = 1; processors <= 2; processors++) {
		ck_assert_int_eq(plan_encoder_threads(&ladder, 0, processors), 2);
		ck_assert_int_eq(plan_encoder_threads(&ladder, 1, processors), 2);
	}
}
END_TEST

START_TEST(more_processors_go_where_the_work_is)
{
	struct ladder ladder = ladder_of(1080, 360);

	ck_assert_int_eq(plan_encoder_threads(&ladder, 0, 8), 8);
	ck_assert_int_eq(plan_encoder_threads(&ladder, 1, 8), 2);
	ck_assert_int_eq(plan_encoder_threads(&ladder, 0, 128), 16);
}
END_TEST

START_TEST(one_decoder_thread_feeds_a_small_machine)
{
	ck_assert_int_eq(plan_decoder_threads(1), 1);
	ck_assert_int_eq(plan_decoder_threads(4), 1);
	ck_assert_int_eq(plan_decoder_threads(8), 2);
	ck_assert_int_eq(plan_decoder_threads(1024), 16);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("plan");

	tcase_add_test(tests, every_encoder_has_two_threads_at_least);
	tcase_add_test(tests, more_processors_go_where_the_work_is);
	tcase_add_test(tests, one_decoder_thread_feeds_a_small_machine);
	return run_tests(tests, "plan");
}
