/* test_audio_encoder.c - an encoder of sound opens for whatever a source has. */
#include "audio_encoder.h"

#include "config.h"
#include "log.h"
#include "run.h"

START_TEST(more_bits_than_its_channels_can_take_are_not_asked_for)
{
	for (int codec = AUDIO_AAC; codec <= AUDIO_OPUS; codec++)
		for (int channels = 1; channels <= 6; channels++) {
			struct audio_option option = {.bitrate = 1024000, .channels = 6, .codec = codec};
			struct audio_want want = {&option, 48000, channels};
			struct audio_encoder encoder;
			struct log log = {0};
			struct vm_error err = {0};

			ck_assert_msg(audio_encoder_open(&encoder, &want, &log, &err) == VM_OK, "%s",
			              err.message);
			audio_encoder_finish(&encoder);
		}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("audio-encoder");

	tcase_add_test(tests, more_bits_than_its_channels_can_take_are_not_asked_for);
	return run_tests(tests, "audio-encoder");
}
