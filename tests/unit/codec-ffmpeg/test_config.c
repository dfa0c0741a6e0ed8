/* test_config.c - the rules across the options, each by a config that breaks it. */
#include <string.h>

#include <vidmill/plugin.h>

#include "fixture.h"
#include "run.h"

static struct video_option video[20];
static struct audio_option audio[20];

static struct config good(void)
{
	video[0] = (struct video_option){
	    .name = "720p", .height = 720, .bitrate = 2500000, .quality = 23};
	video[1] = (struct video_option){
	    .name = "480p", .height = 480, .bitrate = 1200000, .quality = 23};
	audio[0] = (struct audio_option){.name = "stereo", .bitrate = 128000, .channels = 2};
	return config_with(video, 2, audio, 1);
}

static void assert_refused(const struct config *config, const char *words)
{
	struct vm_error err;

	ck_assert_int_eq(vm_plugin_entry.check(config, &err), VM_ERR_CONFIG);
	ck_assert_msg(strstr(err.message, words) != NULL, "\"%s\" without \"%s\"", err.message, words);
}

START_TEST(a_usual_config_is_accepted)
{
	struct config config = good();

	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
	config.video.count = 0;
	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
}
END_TEST

START_TEST(something_must_be_made)
{
	struct config config = good();

	config.output.count = 0;
	assert_refused(&config, "output is empty");
	config.video.count = config.audio.count = 0;
	assert_refused(&config, "no renditions");
	config = good();
	config.silence = true;
	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
	config.audio.count = 0;
	assert_refused(&config, "silence: give audio");
	config = good();
	config.video.count = RENDITIONS_MAX + 1;
	assert_refused(&config, "more than 16");
}
END_TEST

START_TEST(names_are_safe_in_paths_and_unique)
{
	const char *broken[] = {"", "720P", "a/b", "..", "a b", "123456789012345678901234567890123"};
	struct config config = good();

	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		video[1].name = broken[i];
		assert_refused(&config, "a-z, 0-9");
	}
	config = good();
	audio[0].name = "480p";
	assert_refused(&config, "there is a video of that name");
}
END_TEST

START_TEST(numbers_must_make_sense)
{
	struct config config = good();

	video[1].height = 481;
	assert_refused(&config, "height 481 must be even");
	config = good();
	audio[0].channels = 7;
	assert_refused(&config, "channels may be");
	config = good();
	audio[0].loudness = (struct vm_rational){-231, 10};
	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
	audio[0].loudness = (struct vm_rational){23, 1};
	assert_refused(&config, "loudness must lie between");
	audio[0].loudness = (struct vm_rational){-23, 1};
	audio[0].true_peak = (struct vm_rational){1, 2};
	assert_refused(&config, "true_peak must lie between");
	config = good();
	config.poster = (struct vm_rational){11, 10};
	assert_refused(&config, "poster");
	config.poster = (struct vm_rational){-1, 10};
	assert_refused(&config, "poster");
}
END_TEST

START_TEST(a_mean_rate_has_a_peak)
{
	struct config config = good();

	config.rate = RATE_BITRATE;
	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
	config.peak = (struct vm_rational){99, 100};
	assert_refused(&config, "peak must lie between");
	config.peak = (struct vm_rational){1, 1};
	video[0].codec = VIDEO_AV1;
	assert_refused(&config, "SVT-AV1 cannot hold a mean bit rate");
	config.rate = RATE_PER_TITLE;
	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
}
END_TEST

START_TEST(webm_holds_what_it_can)
{
	static const char *const webm[] = {"webm"};
	struct config config = good();

	config.output = (struct vm_strings){webm, 1};
	assert_refused(&config, "codec = \"vp9\" or \"av1\"");
	video[1].codec = VIDEO_AV1;
	assert_refused(&config, "codec = \"opus\"");
	audio[0].codec = AUDIO_OPUS;
	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
	video[1].codec = VIDEO_HEVC;
	assert_refused(&config, "codec = \"vp9\" or \"av1\"");
	config.video.count = 0;
	ck_assert_int_eq(vm_plugin_entry.check(&config, NULL), VM_OK);
}
END_TEST

START_TEST(an_instance_can_be_made_and_destroyed)
{
	struct config config = good();
	void *self = NULL;

	ck_assert_int_eq(vm_plugin_entry.create(&test_host, &config, &self, NULL), VM_OK);
	ck_assert_ptr_nonnull(self);
	vm_plugin_entry.destroy(self);
	vm_plugin_entry.destroy(NULL);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("codec-ffmpeg");

	tcase_add_test(tests, a_usual_config_is_accepted);
	tcase_add_test(tests, something_must_be_made);
	tcase_add_test(tests, names_are_safe_in_paths_and_unique);
	tcase_add_test(tests, numbers_must_make_sense);
	tcase_add_test(tests, a_mean_rate_has_a_peak);
	tcase_add_test(tests, webm_holds_what_it_can);
	tcase_add_test(tests, an_instance_can_be_made_and_destroyed);
	return run_tests(tests, "codec-ffmpeg");
}
