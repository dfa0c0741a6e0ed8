/* test_codec_string.c - codecs as RFC 6381 writes them. */
#include "codec_string.h"

#include <string.h>

#include "audio_encoder.h"
#include "run.h"
#include "video_encoder.h"

static char text[CODEC_STRING_MAX];

/* What an encoder of that kind really says of itself. */
static const char *of_pictures(int codec, int height)
{
	const struct video_option option = {
	    .name = "it", .height = height, .bitrate = 2000000, .quality = 30, .codec = codec};
	const struct rung rung = {.option = &option, .width = height * 16 / 9, .height = height};
	const struct video_want want = {.rung = &rung,
	                                .time_base = {1, 60},
	                                .frame_rate = {30, 1},
	                                .colour = {.space = AVCOL_SPC_BT709,
	                                           .primaries = AVCOL_PRI_BT709,
	                                           .transfer = AVCOL_TRC_BT709},
	                                .preset = 2,
	                                .threads = 1};
	struct video_encoder encoder;
	struct vm_error err;

	ck_assert_int_eq(video_encoder_open(&encoder, &want, NULL, &err), VM_OK);
	codec_string(&encoder.track, text);
	video_encoder_finish(&encoder);
	return text;
}

static const char *of_sound(int codec)
{
	const struct audio_option option = {.name = "it", .bitrate = 96000, .codec = codec};
	struct audio_encoder encoder;

	ck_assert_int_eq(
	    audio_encoder_open(&encoder, &(struct audio_want){&option, 48000, 2}, NULL, NULL), VM_OK);
	codec_string(&encoder.track, text);
	audio_encoder_finish(&encoder);
	return text;
}

START_TEST(pictures_tell_profile_and_level)
{
	ck_assert_str_eq(of_pictures(VIDEO_H264, 720), "avc1.64001f");
	ck_assert_str_eq(of_pictures(VIDEO_H264, 1080), "avc1.640028");
	ck_assert_str_eq(of_pictures(VIDEO_HEVC, 720), "hvc1.1.6.L93.90");
	ck_assert_str_eq(of_pictures(VIDEO_AV1, 720), "av01.0.05M.08");
	ck_assert_str_eq(of_pictures(VIDEO_VP9, 720), "vp09.00.31.08");
}
END_TEST

START_TEST(sound)
{
	ck_assert_str_eq(of_sound(AUDIO_AAC), "mp4a.40.2");
	ck_assert_str_eq(of_sound(AUDIO_OPUS), "opus");
}
END_TEST

/* A head with one sample entry, and in it one box. */
static const char *read(const char *entry, size_t head, const char *box, const uint8_t *bytes,
                        size_t length)
{
	static const char *const around[] = {"moov", "trak", "mdia", "minf", "stbl", "stsd"};
	uint8_t file[512] = {0};
	size_t at = 0, total = 6 * 8 + 8 + head + 8 + length;

	for (size_t i = 0; i < 6; i++, at += 8) {
		file[at + 3] = (uint8_t)(total - i * 8);
		memcpy(file + at + 4, around[i], 4);
	}
	at += 8;
	file[at + 3] = (uint8_t)(head + 8 + length);
	memcpy(file + at + 4, entry, 4);
	at += head;
	file[at + 3] = (uint8_t)(8 + length);
	memcpy(file + at + 4, box, 4);
	memcpy(file + at + 8, bytes, length);
	codec_string_read((struct span){file, total}, text);
	return text;
}

START_TEST(what_few_encoders_say)
{
	static const uint8_t avcc[] = {1, 0x4d, 0x40, 0x1f, 0xff, 0xe1, 0};
	/* ISO/IEC 14496-15, annex E: profile space A, main tier off, a constraint byte in the middle */
	static const uint8_t hvcc[] = {1, 0x62, 0x20, 0, 0, 0, 0xb0, 0, 0x40, 0, 0, 0, 123};
	static const uint8_t av1c[] = {0x81, 0x28, 0xcc, 0};
	static const uint8_t vpcc[] = {1, 0, 0, 0, 2, 51, 0xa2};

	ck_assert_str_eq(read("avc1", 86, "avcC", avcc, sizeof avcc), "avc1.4d401f");
	ck_assert_str_eq(read("hvc1", 86, "hvcC", hvcc, sizeof hvcc), "hvc1.A2.4.H123.B0.0.40");
	ck_assert_str_eq(read("av01", 86, "av1C", av1c, sizeof av1c), "av01.1.08H.10");
	ck_assert_str_eq(read("vp09", 86, "vpcC", vpcc, sizeof vpcc), "vp09.02.51.10");
}
END_TEST

START_TEST(what_cannot_be_told_is_empty)
{
	static const uint8_t cut_short[] = {1, 0x64};
	struct track nothing = {.parameters = avcodec_parameters_alloc(), .time_base = {1, 25}};

	ck_assert_str_eq(read("avc1", 86, "avcC", cut_short, sizeof cut_short), "");
	ck_assert_str_eq(read("hvc1", 86, "hvcC", cut_short, sizeof cut_short), "");
	ck_assert_str_eq(read("av01", 86, "av1C", cut_short, sizeof cut_short), "");
	ck_assert_str_eq(read("vp09", 86, "vpcC", cut_short, sizeof cut_short), "");
	ck_assert_str_eq(read("mp4v", 86, "avcC", cut_short, sizeof cut_short), "");
	codec_string(&nothing, text);
	ck_assert_str_eq(text, "");
	avcodec_parameters_free(&nothing.parameters);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("codec string");

	tcase_add_test(tests, pictures_tell_profile_and_level);
	tcase_add_test(tests, sound);
	tcase_add_test(tests, what_few_encoders_say);
	tcase_add_test(tests, what_cannot_be_told_is_empty);
	return run_tests(tests, "codec string");
}
