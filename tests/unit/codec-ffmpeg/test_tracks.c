/* test_tracks.c - every track of the source's sound, by its tone, in every output. */
#include "transcode.h"

#include <string.h>

#include "fixture.h"
#include "listen.h"
#include "measure.h"
#include "run.h"

static const struct video_option video[] = {
    {.name = "large", .height = 720, .bitrate = 2000000, .quality = 23}};
static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 96000, .channels = 2},
                                            {.name = "surround", .bitrate = 256000, .channels = 6}};

static struct job job;

static void run(const char *name, struct config config)
{
	job_begin(&job, clip(name));
	ck_assert_msg(job_run(&job, &config) == VM_OK, "%s", job.err.message);
	ck_assert_msg(job_verify(&job, 0) == VM_OK, "%s", job.err.message);
}

static bool made(const char *output)
{
	char line[300];

	snprintf(line, sizeof line, "%s\n", output);
	return strstr(job.outputs.log, line) != NULL;
}

static void assert_tone(const char *path, unsigned number, double frequency, const char *language,
                        const char *title, int disposition)
{
	struct heard heard;

	listen_to(path, number, &heard);
	ck_assert_double_eq_tol(heard_frequency(&heard, 0), frequency, 10);
	ck_assert_str_eq(heard.language, language);
	if (title != NULL)
		ck_assert_str_eq(heard.title, title);
	ck_assert_int_eq(heard.disposition & AV_DISPOSITION_DEFAULT, disposition);
	heard_finish(&heard);
}

static bool master_says(const char *words)
{
	char text[8192] = "";
	FILE *file = fopen(job_path(&job, "hls/master.m3u8"), "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
	fclose(file);
	return strstr(text, words) != NULL;
}

START_TEST(every_track_is_in_every_mp4_with_its_language)
{
	run("four-tracks", config_with(video, 1, audio, 2));
	ck_assert_uint_eq(listen_count(job_path(&job, "large.mp4")), 4);
	assert_tone(job_path(&job, "large.mp4"), 0, 660, "deu", "German", AV_DISPOSITION_DEFAULT);
	assert_tone(job_path(&job, "large.mp4"), 1, 440, "eng", "The \"director\" speaks", 0);
	assert_tone(job_path(&job, "large.mp4"), 2, 880, "und", "Audio", 0);
	assert_tone(job_path(&job, "large.mp4"), 3, 1100, "fra", "French (described)", 0);
	job_end(&job);
}
END_TEST

START_TEST(every_track_is_a_rendition_of_every_option)
{
	static const struct {
		const char *name;
		double frequency;
	} wanted[] = {
	    {"stereo", 660},   {"stereo-en", 440},   {"stereo-2", 880},   {"stereo-fr", 1100},
	    {"surround", 660}, {"surround-en", 440}, {"surround-2", 880}, {"surround-fr", 1100},
	};

	run("four-tracks", config_with(video, 1, audio, 2));
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		struct heard heard;
		char name[64];

		snprintf(name, sizeof name, "hls/%s/playlist.m3u8", wanted[i].name);
		ck_assert_msg(made(name), "%s", name);
		listen_to(job_path(&job, name), 0, &heard);
		ck_assert_double_eq_tol(heard_frequency(&heard, i == 4 ? 2 : 0), wanted[i].frequency, 10);
		ck_assert_int_eq(heard.channels, i == 4 ? 6 : i == 0 ? 2 : 1);
		heard_finish(&heard);
	}
	ck_assert(master_says("GROUP-ID=\"stereo\",NAME=\"German\",LANGUAGE=\"de\",DEFAULT=YES,"
	                      "AUTOSELECT=YES,CHANNELS=\"2\",URI=\"stereo/playlist.m3u8\""));
	ck_assert(master_says("NAME=\"The  director  speaks\",LANGUAGE=\"en\",CHANNELS=\"1\""));
	ck_assert(master_says("NAME=\"Audio\",AUTOSELECT=YES,CHANNELS=\"1\""));
	ck_assert(master_says("LANGUAGE=\"fr\",AUTOSELECT=YES,"
	                      "CHARACTERISTICS=\"public.accessibility.describes-video\""));
	ck_assert(master_says("GROUP-ID=\"surround\",NAME=\"German\",LANGUAGE=\"de\",DEFAULT=YES,"
	                      "AUTOSELECT=YES,CHANNELS=\"6\""));
	job_end(&job);
}
END_TEST

START_TEST(names_stay_unique_beside_options_of_the_same_name)
{
	const struct audio_option twins[] = {{.name = "stereo", .bitrate = 96000, .channels = 2},
	                                     {.name = "stereo-en", .bitrate = 96000, .channels = 1},
	                                     {.name = "stereo-2", .bitrate = 96000, .channels = 1}};

	run("four-tracks", config_with(video, 1, twins, 3));
	ck_assert(made("hls/stereo-en-2/playlist.m3u8"));
	ck_assert(made("hls/stereo-3/playlist.m3u8"));
	ck_assert(made("hls/stereo-en-en/playlist.m3u8"));
	ck_assert(made("hls/stereo-2-2/playlist.m3u8"));
	job_end(&job);
}
END_TEST

START_TEST(only_the_default_when_that_is_wished)
{
	struct config config = config_with(video, 1, audio, 1);

	config.tracks = TRACKS_DEFAULT;
	run("four-tracks", config);
	ck_assert_uint_eq(listen_count(job_path(&job, "large.mp4")), 1);
	assert_tone(job_path(&job, "large.mp4"), 0, 660, "deu", "German", AV_DISPOSITION_DEFAULT);
	ck_assert(!made("hls/stereo-en/playlist.m3u8"));
	ck_assert_ptr_nonnull(strstr(job.report.text, "3 tracks of sound left out"));
	job_end(&job);
}
END_TEST

START_TEST(without_pictures_each_track_is_a_file)
{
	run("four-tracks", config_with(NULL, 0, audio, 1));
	assert_tone(job_path(&job, "stereo.m4a"), 0, 660, "deu", NULL, AV_DISPOSITION_DEFAULT);
	assert_tone(job_path(&job, "stereo-fr.m4a"), 0, 1100, "fra", NULL, AV_DISPOSITION_DEFAULT);
	job_end(&job);
}
END_TEST

START_TEST(more_tracks_than_anybody_needs_are_bounded)
{
	struct config config = config_with(video, 1, audio, 1);

	run("many-sounds", config);
	ck_assert_uint_eq(listen_count(job_path(&job, "large.mp4")), SOUND_STREAMS_MAX);
	ck_assert(made("hls/stereo-en-15/playlist.m3u8"));
	ck_assert_ptr_nonnull(strstr(job.report.text, "24 tracks of sound left out"));
	job_end(&job);
}
END_TEST

START_TEST(silence_is_as_long_as_the_pictures_and_only_where_it_is_wished)
{
	static const char *const clips[] = {"no-sound", "two-rates", "one-picture"};
	struct config config = config_with(video, 1, audio, 2);

	config.silence = true;
	for (size_t i = 0; i < sizeof clips / sizeof *clips; i++) {
		struct measured pictures;
		struct heard heard;

		run(clips[i], config);
		measure(job_path(&job, "large.mp4"), &pictures);
		listen_to(job_path(&job, "large.mp4"), 0, &heard);
		ck_assert_int_eq(heard.channels, 2);
		ck_assert_int_eq(heard.rate, 48000);
		ck_assert_double_eq_tol((double)heard.count / heard.rate, pictures.end, 1024.0 / 48000);
		ck_assert_double_lt(heard_peak(&heard, 0), 0.0001);
		ck_assert(made("hls/surround/playlist.m3u8"));
		ck_assert(master_says("AUDIO=\"stereo\""));
		ck_assert_ptr_nonnull(strstr(job.report.text, "silence made"));
		heard_finish(&heard);
		job_end(&job);
	}
	run("plain", config);
	ck_assert_ptr_null(strstr(job.report.text, "silence made"));
	job_end(&job);
	config.silence = false;
	run("no-sound", config);
	ck_assert_uint_eq(listen_count(job_path(&job, "large.mp4")), 0);
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("tracks");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, every_track_is_in_every_mp4_with_its_language);
	tcase_add_test(tests, every_track_is_a_rendition_of_every_option);
	tcase_add_test(tests, names_stay_unique_beside_options_of_the_same_name);
	tcase_add_test(tests, only_the_default_when_that_is_wished);
	tcase_add_test(tests, without_pictures_each_track_is_a_file);
	tcase_add_test(tests, more_tracks_than_anybody_needs_are_bounded);
	tcase_add_test(tests, silence_is_as_long_as_the_pictures_and_only_where_it_is_wished);
	return run_tests(tests, "tracks");
}
