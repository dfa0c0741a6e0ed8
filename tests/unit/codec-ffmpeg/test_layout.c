/* test_layout.c - every number of channels has a layout that AAC names by that number. */
#include "layout.h"

#include <libavcodec/avcodec.h>

#include "config.h"
#include "run.h"

/* What the encoder writes of itself: the third number in it is the layout, and 0 is "described". */
static int configuration(int channels)
{
	AVCodecContext *context = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_AAC));
	int number;

	context->sample_fmt = AV_SAMPLE_FMT_FLTP;
	context->sample_rate = 48000;
	context->bit_rate = 64000 * channels;
	context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
	context->ch_layout = layout_of(AUDIO_AAC, channels);
	ck_assert_int_ge(avcodec_open2(context, NULL, NULL), 0);
	ck_assert_int_ge(context->extradata_size, 2);
	number = context->extradata[1] >> 3 & 15;
	avcodec_free_context(&context);
	return number;
}

START_TEST(players_know_it_by_its_number)
{
	for (int most = 1; most <= 8; most++) {
		int channels = layout_channels(most);

		ck_assert_int_le(channels, most);
		ck_assert_int_eq(layout_of(AUDIO_AAC, channels).nb_channels, channels);
		ck_assert_int_eq(configuration(channels), channels == 8 ? 7 : channels);
	}
}
END_TEST

START_TEST(opus_takes_them_all)
{
	for (int channels = 1; channels <= 8; channels++) {
		AVCodecContext *context = avcodec_alloc_context3(avcodec_find_encoder_by_name("libopus"));

		if (layout_channels(channels) == channels) {
			context->sample_fmt = AV_SAMPLE_FMT_FLT;
			context->sample_rate = 48000;
			context->bit_rate = 64000 * channels;
			context->ch_layout = layout_of(AUDIO_OPUS, channels);
			ck_assert_msg(avcodec_open2(context, NULL, NULL) >= 0, "%d channels", channels);
		}
		avcodec_free_context(&context);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("layout");

	tcase_add_test(tests, players_know_it_by_its_number);
	tcase_add_test(tests, opus_takes_them_all);
	return run_tests(tests, "layout");
}
