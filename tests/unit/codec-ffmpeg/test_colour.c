/* test_colour.c - which colours the outputs are in. */
#include "colour.h"

#include "run.h"

static struct colour of(int width, int height, enum AVPixelFormat format, enum AVColorSpace space,
                        enum AVColorTransferCharacteristic transfer)
{
	AVCodecParameters source = {.width = width,
	                            .height = height,
	                            .format = format,
	                            .color_space = space,
	                            .color_primaries = AVCOL_PRI_UNSPECIFIED,
	                            .color_trc = transfer};

	return colour_of(&source);
}

START_TEST(what_the_source_says_is_kept)
{
	struct colour colour = of(640, 360, AV_PIX_FMT_YUV420P, AVCOL_SPC_BT709, AVCOL_TRC_BT709);

	ck_assert_int_eq(colour.space, AVCOL_SPC_BT709);
	ck_assert_int_eq(colour.transfer, AVCOL_TRC_BT709);
	ck_assert(!colour.guessed && !colour.tone_map);
}
END_TEST

START_TEST(what_it_does_not_say_goes_by_its_size)
{
	enum AVColorSpace none = AVCOL_SPC_UNSPECIFIED;
	enum AVColorTransferCharacteristic no = AVCOL_TRC_UNSPECIFIED;

	ck_assert_int_eq(of(1920, 1080, AV_PIX_FMT_YUV420P, none, no).space, AVCOL_SPC_BT709);
	ck_assert_int_eq(of(1280, 536, AV_PIX_FMT_YUV420P, none, no).space, AVCOL_SPC_BT709);
	ck_assert_int_eq(of(720, 480, AV_PIX_FMT_YUV420P, none, no).space, AVCOL_SPC_SMPTE170M);
	ck_assert_int_eq(of(720, 576, AV_PIX_FMT_YUV420P, none, no).primaries, AVCOL_PRI_BT470BG);
	ck_assert(of(720, 480, AV_PIX_FMT_YUV420P, none, no).guessed);
}
END_TEST

START_TEST(rgb_has_no_matrix_to_keep)
{
	ck_assert_int_eq(of(1920, 1080, AV_PIX_FMT_RGB24, AVCOL_SPC_RGB, AVCOL_TRC_IEC61966_2_1).space,
	                 AVCOL_SPC_BT709);
}
END_TEST

START_TEST(high_dynamic_range_becomes_bt709)
{
	enum AVColorTransferCharacteristic both[] = {AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67};

	for (size_t i = 0; i < 2; i++) {
		struct colour colour = of(3840, 2160, AV_PIX_FMT_YUV420P10LE, AVCOL_SPC_BT2020_NCL,
		                          both[i]);

		ck_assert(colour.tone_map && !colour.guessed);
		ck_assert_int_eq(colour.space, AVCOL_SPC_BT709);
		ck_assert_int_eq(colour.transfer, AVCOL_TRC_BT709);
		ck_assert_int_eq(colour.primaries, AVCOL_PRI_BT709);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("colour");

	tcase_add_test(tests, what_the_source_says_is_kept);
	tcase_add_test(tests, what_it_does_not_say_goes_by_its_size);
	tcase_add_test(tests, rgb_has_no_matrix_to_keep);
	tcase_add_test(tests, high_dynamic_range_becomes_bt709);
	return run_tests(tests, "colour");
}
