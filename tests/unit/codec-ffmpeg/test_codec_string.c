/* test_codec_string.c - codecs as RFC 6381 writes them. */
#include "codec_string.h"

#include "run.h"

static const char *of(enum AVCodecID id, uint8_t *extradata, int length)
{
	static char text[CODEC_STRING_MAX];
	AVCodecParameters parameters = {
	    .codec_id = id, .extradata = extradata, .extradata_size = length};

	codec_string(&parameters, text);
	return text;
}

START_TEST(h264_tells_profile_and_level)
{
	uint8_t annex_b[] = {0, 0, 0, 1, 0x67, 0x64, 0x00, 0x28, 0xac};
	uint8_t behind_another[] = {0, 0, 1, 0x06, 5, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9};
	uint8_t avcc[] = {1, 0x4d, 0x40, 0x1f, 0xff, 0xe1, 0};

	ck_assert_str_eq(of(AV_CODEC_ID_H264, annex_b, sizeof annex_b), "avc1.640028");
	ck_assert_str_eq(of(AV_CODEC_ID_H264, behind_another, sizeof behind_another), "avc1.42c01e");
	ck_assert_str_eq(of(AV_CODEC_ID_H264, avcc, sizeof avcc), "avc1.4d401f");
}
END_TEST

START_TEST(aac_is_low_complexity)
{
	ck_assert_str_eq(of(AV_CODEC_ID_AAC, NULL, 0), "mp4a.40.2");
}
END_TEST

START_TEST(what_cannot_be_told_is_empty)
{
	uint8_t cut_short[] = {0, 0, 0, 1, 0x67, 0x64};

	ck_assert_str_eq(of(AV_CODEC_ID_H264, cut_short, sizeof cut_short), "");
	ck_assert_str_eq(of(AV_CODEC_ID_H264, NULL, 0), "");
	ck_assert_str_eq(of(AV_CODEC_ID_VP9, NULL, 0), "");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("codec string");

	tcase_add_test(tests, h264_tells_profile_and_level);
	tcase_add_test(tests, aac_is_low_complexity);
	tcase_add_test(tests, what_cannot_be_told_is_empty);
	return run_tests(tests, "codec string");
}
