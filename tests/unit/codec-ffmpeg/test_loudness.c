/* test_loudness.c - outputs are as loud as wished, measured with FFmpeg's command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "fixture.h"
#include "listen.h"
#include "run.h"
#include "transcode.h"

static const struct video_option video[] = {
    {.name = "large", .height = 720, .bitrate = 2000000, .quality = 23}};

static struct job job;

/* The command's own words: what stands behind the last `word`. */
static double last_number(const char *text, const char *word)
{
	const char *found = NULL, *at = text;

	while ((at = strstr(at, word)) != NULL)
		found = at += strlen(word);
	ck_assert_msg(found != NULL, "no %s in %s", word, text);
	return strtod(found, NULL);
}

static void measure_output(const char *name, double *integrated, double *true_peak)
{
	char path[512], text[1 << 16];

	snprintf(path, sizeof path, "%s", job_path(&job, name));
	command_text((const char *const[]){"ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-i", path,
	                                   "-vn", "-af", "ebur128=peak=true:framelog=verbose", "-f",
	                                   "null", "-", NULL},
	             text, sizeof text);
	*integrated = last_number(text, "I:");
	*true_peak = last_number(text, "Peak:");
}

static const struct {
	const char *clip;
	int loudness, true_peak; /* wished for */
	bool limited;
} table[] = {
    {"quiet", -23, -1, false},    {"quiet", -20, -1, false}, {"quiet", -13, -1, true},
    {"peaky", -30, -1, false},    {"peaky", -19, -1, true},  {"peaky", -17, -2, true},
    {"surround", -23, -1, false},
};

START_TEST(outputs_are_as_loud_as_wished)
{
	const struct audio_option audio[] = {{.name = "stereo",
	                                      .bitrate = 128000,
	                                      .channels = 2,
	                                      .loudness = {table[_i].loudness, 1},
	                                      .true_peak = {table[_i].true_peak, 1}}};
	struct config config = config_with(video, 1, audio, 1);
	double integrated, true_peak;

	job_begin(&job, clip(table[_i].clip));
	ck_assert_msg(job_run(&job, &config) == VM_OK, "%s", job.err.message);
	measure_output("large.mp4", &integrated, &true_peak);
	ck_assert_double_eq_tol(integrated, table[_i].loudness, 0.5);
	ck_assert_double_le(true_peak, table[_i].true_peak);
	ck_assert_int_eq(strstr(job.report.text, "\"limited\":true") != NULL, table[_i].limited);
	/* The report says what the command says. */
	ck_assert_double_eq_tol(last_number(job.report.text, "\"integrated_lufs\":"), integrated, 0.25);
	job_end(&job);
}
END_TEST

START_TEST(silence_stays_silent)
{
	const struct audio_option audio[] = {
	    {.name = "stereo", .bitrate = 128000, .channels = 2, .loudness = {-16, 1}}};
	struct config config = config_with(NULL, 0, audio, 1);
	struct heard heard;

	job_begin(&job, clip("silent"));
	ck_assert_msg(job_run(&job, &config) == VM_OK, "%s", job.err.message);
	listen_to(job_path(&job, "stereo.m4a"), 0, &heard);
	ck_assert_double_lt(heard_peak(&heard, 0), 0.001);
	heard_finish(&heard);
	job_end(&job);
}
END_TEST

START_TEST(a_downmix_does_not_clip_and_surround_stays_surround)
{
	const struct audio_option audio[] = {{.name = "stereo", .bitrate = 256000, .channels = 2},
	                                     {.name = "surround", .bitrate = 512000, .channels = 6}};
	struct config config = config_with(NULL, 0, audio, 2);
	struct heard heard;

	job_begin(&job, clip("loud-surround"));
	ck_assert_msg(job_run(&job, &config) == VM_OK, "%s", job.err.message);
	listen_to(job_path(&job, "stereo.m4a"), 0, &heard);
	ck_assert_int_eq(heard.channels, 2);
	/* Three channels in phase, and no sample beyond full scale but by what an encoder adds. */
	ck_assert_double_gt(heard_peak(&heard, 0), 0.8);
	ck_assert_double_lt(heard_peak(&heard, 0), 1.06);
	heard_finish(&heard);
	listen_to(job_path(&job, "surround.m4a"), 0, &heard);
	ck_assert_int_eq(heard.channels, 6);
	ck_assert_double_eq_tol(heard_frequency(&heard, 0), 440, 5);
	ck_assert_double_eq_tol(heard_frequency(&heard, 3), 60, 5);
	ck_assert_double_eq_tol(heard_frequency(&heard, 5), 440, 5);
	heard_finish(&heard);
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("loudness");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, outputs_are_as_loud_as_wished, 0, sizeof table / sizeof *table);
	tcase_add_test(tests, silence_stays_silent);
	tcase_add_test(tests, a_downmix_does_not_clip_and_surround_stays_surround);
	return run_tests(tests, "loudness");
}
