/* test_pace.c - speed and time left count from when something moves. */
#include "worker/pace.h"

#include "run.h"

static struct video_progress tell(struct pace *pace, int64_t now_ms, uint64_t done_ms,
                                  uint64_t total_ms)
{
	struct video_progress progress = {.done_ms = done_ms, .total_ms = total_ms};

	pace_tell(pace, now_ms, &progress);
	return progress;
}

START_TEST(what_is_only_looked_at_is_no_progress)
{
	struct pace pace = {0};
	struct video_progress progress;

	for (int64_t now = 0; now < 60000; now += 1000)
		ck_assert_double_eq(tell(&pace, now, 0, 10000).speed, 0);
	ck_assert_double_eq(tell(&pace, 60000, 1000, 10000).speed, 0);
	progress = tell(&pace, 61000, 3000, 10000);
	ck_assert_double_eq_tol(progress.speed, 2, 1e-9);
	ck_assert_uint_eq(progress.left_ms, 3500);
}
END_TEST

START_TEST(without_an_end_nobody_knows_what_is_left)
{
	struct pace pace = {0};

	tell(&pace, 0, 1, 0);
	ck_assert_uint_eq(tell(&pace, 1000, 2001, 0).left_ms, 0);
	ck_assert_double_eq_tol(tell(&pace, 2000, 4001, 0).speed, 2, 1e-9);
}
END_TEST

START_TEST(at_the_end_nothing_is_left)
{
	struct pace pace = {0};

	tell(&pace, 0, 1, 1000);
	ck_assert_uint_eq(tell(&pace, 1000, 1000, 1000).left_ms, 0);
}
END_TEST

START_TEST(what_goes_back_begins_anew)
{
	struct pace pace = {0};

	tell(&pace, 0, 5000, 10000);
	ck_assert_double_eq(tell(&pace, 1000, 100, 10000).speed, 0);
	ck_assert_double_eq_tol(tell(&pace, 2000, 1100, 10000).speed, 1, 1e-9);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("pace");

	tcase_add_test(tests, what_is_only_looked_at_is_no_progress);
	tcase_add_test(tests, without_an_end_nobody_knows_what_is_left);
	tcase_add_test(tests, at_the_end_nothing_is_left);
	tcase_add_test(tests, what_goes_back_begins_anew);
	return run_tests(tests, "pace");
}
