/* test_jump.c - jumps of a transport stream's clock are taken out of all streams together. */
#include "jump.h"

#include "run.h"

static const AVRational clock_90k = {1, 90000};

static int64_t correct(struct jump *jump, size_t stream, int64_t seconds)
{
	AVPacket packet = {.dts = seconds * 90000, .pts = seconds * 90000 + 3000, .duration = 90000};

	jump_correct(jump, stream, &packet, clock_90k);
	ck_assert_int_eq(packet.pts - packet.dts, 3000);
	return packet.dts / 90000;
}

START_TEST(a_steady_clock_is_left_alone)
{
	struct jump jump = {.enabled = true};

	for (int64_t i = 100; i < 200; i++)
		ck_assert_int_eq(correct(&jump, 0, i), i);
	ck_assert_int_eq(jump.jumps, 0);
}
END_TEST

START_TEST(a_jump_forward_or_back_goes_on_where_it_was)
{
	struct jump jump = {.enabled = true};

	ck_assert_int_eq(correct(&jump, 0, 100), 100);
	ck_assert_int_eq(correct(&jump, 0, 5000), 101);
	ck_assert_int_eq(correct(&jump, 0, 5001), 102);
	ck_assert_int_eq(correct(&jump, 0, 20), 103);
	ck_assert_int_eq(jump.jumps, 2);
}
END_TEST

START_TEST(the_other_stream_follows_the_same_jump)
{
	struct jump jump = {.enabled = true};

	correct(&jump, 0, 100);
	correct(&jump, 1, 100);
	ck_assert_int_eq(correct(&jump, 0, 501), 101);
	ck_assert_int_eq(correct(&jump, 1, 501), 101);
	ck_assert_int_eq(jump.jumps, 1);
}
END_TEST

START_TEST(a_small_jump_back_goes_on_where_it_was)
{
	struct jump jump = {.enabled = true};

	for (int64_t i = 100; i < 105; i++) {
		ck_assert_int_eq(correct(&jump, 0, i), i);
		ck_assert_int_eq(correct(&jump, 1, i), i);
	}
	/* Pictures first, and a last packet of the sound is still to come. */
	ck_assert_int_eq(correct(&jump, 0, 100), 105);
	ck_assert_int_eq(correct(&jump, 1, 105), 105);
	ck_assert_int_eq(correct(&jump, 0, 101), 106);
	for (int64_t i = 101; i < 104; i++) {
		ck_assert_int_eq(correct(&jump, 1, i), i + 5);
		ck_assert_int_eq(correct(&jump, 0, i + 1), i + 6);
	}
	ck_assert_int_eq(jump.jumps, 1);
	/* And once more, the sound first, which was over before the pictures were. */
	ck_assert_int_eq(correct(&jump, 1, 100), 110);
	ck_assert_int_eq(correct(&jump, 0, 100), 110);
	ck_assert_int_eq(correct(&jump, 1, 101), 111);
	ck_assert_int_eq(jump.jumps, 2);
}
END_TEST

START_TEST(a_pause_is_no_jump)
{
	struct jump jump = {.enabled = true};

	correct(&jump, 0, 100);
	ck_assert_int_eq(correct(&jump, 0, 109), 109);
	ck_assert_int_eq(jump.jumps, 0);
}
END_TEST

START_TEST(a_long_pause_beside_another_stream_is_no_jump)
{
	struct jump jump = {.enabled = true};

	correct(&jump, 1, 100);
	for (int64_t i = 100; i < 200; i++)
		ck_assert_int_eq(correct(&jump, 0, i), i);
	ck_assert_int_eq(correct(&jump, 1, 199), 199);
	ck_assert_int_eq(jump.jumps, 0);
	/* The one that paused is the first of the next recording. */
	for (int64_t i = 200; i < 250; i++)
		ck_assert_int_eq(correct(&jump, 0, i), i);
	ck_assert_int_eq(correct(&jump, 1, 7000), 249);
	ck_assert_int_eq(correct(&jump, 0, 7001), 250);
	ck_assert_int_eq(jump.jumps, 1);
}
END_TEST

START_TEST(other_containers_mean_what_they_say)
{
	struct jump jump = {.enabled = false};

	correct(&jump, 0, 100);
	ck_assert_int_eq(correct(&jump, 0, 36000), 36000);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("jump");

	tcase_add_test(tests, a_steady_clock_is_left_alone);
	tcase_add_test(tests, a_jump_forward_or_back_goes_on_where_it_was);
	tcase_add_test(tests, the_other_stream_follows_the_same_jump);
	tcase_add_test(tests, a_small_jump_back_goes_on_where_it_was);
	tcase_add_test(tests, a_pause_is_no_jump);
	tcase_add_test(tests, a_long_pause_beside_another_stream_is_no_jump);
	tcase_add_test(tests, other_containers_mean_what_they_say);
	return run_tests(tests, "jump");
}
