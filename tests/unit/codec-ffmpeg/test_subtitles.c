/* test_subtitles.c - the source's tracks of text become WebVTT, files and renditions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "cues_read.h"
#include "fixture.h"
#include "run.h"
#include "transcode.h"

static const struct video_option video[] = {
    {.name = "large", .height = 720, .bitrate = 2000000, .quality = 23}};
static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 96000, .channels = 2}};

static struct job job;

static void run(const char *name)
{
	struct config config = config_with(video, 1, audio, 1);

	config.subtitles = true;
	job_begin(&job, clip(name));
	ck_assert_msg(job_run(&job, &config) == VM_OK, "%s", job.err.message);
	ck_assert_msg(job_verify(&job, 0) == VM_OK, "%s", job.err.message);
}

static char *read_output(const char *name)
{
	static char text[1 << 22];
	FILE *file = fopen(job_path(&job, name), "r");
	size_t length;

	ck_assert_msg(file != NULL, "%s is missing", name);
	length = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[length] = '\0';
	return text;
}

START_TEST(tracks_of_text_become_webvtt)
{
	const char *master;

	run("subtitles");
	ck_assert_str_eq(read_output("subtitles/de.vtt"),
	                 "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"
	                 "\n00:00:01.000 --> 00:00:02.000 line:0\nAusgang, <b>jetzt</b>\n");
	ck_assert_str_eq(read_output("subtitles/en.vtt"),
	                 "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"
	                 "\n00:00:00.500 --> 00:00:01.500\nHello <i>you</i> &amp; me\n"
	                 "\n00:00:02.000 --> 00:00:03.250\ntwo\nlines\n");
	ck_assert_ptr_nonnull(strstr(read_output("subtitles/en.m3u8"), "\nen.vtt\n"));
	master = read_output("hls/master.m3u8");
	ck_assert_ptr_nonnull(strstr(master, "NAME=\"German (forced)\",LANGUAGE=\"de\",AUTOSELECT=YES,"
	                                     "FORCED=YES,URI=\"../subtitles/de.m3u8\""));
	ck_assert_ptr_nonnull(
	    strstr(master, "NAME=\"English SDH\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,"
	                   "CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,"));
	ck_assert_ptr_nonnull(strstr(master, "SUBTITLES=\"subtitles\""));
	ck_assert_ptr_nonnull(strstr(job.report.text, "\"cues\":2"));
	job_end(&job);
}
END_TEST

START_TEST(another_program_reads_the_same_times)
{
	char text[1 << 16];

	run("subtitles");
	command_text((const char *const[]){"ffprobe", "-v", "error", "-show_entries",
	                                   "packet=pts_time,duration_time", "-of", "csv=p=0",
	                                   job_path(&job, "subtitles/en.vtt"), NULL},
	             text, sizeof text);
	ck_assert_str_eq(text, "0.500000,1.000000\n2.000000,1.250000\n");
	job_end(&job);
}
END_TEST

START_TEST(subtitles_of_an_mp4_are_found)
{
	run("mov-subtitles");
	ck_assert_str_eq(read_output("subtitles/fr.vtt"),
	                 "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"
	                 "\n00:00:00.500 --> 00:00:01.500\nIn the middle\n");
	job_end(&job);
}
END_TEST

START_TEST(hostile_text_stays_text)
{
	struct cues_facts facts;
	const char *text;

	run("hostile-subtitles");
	text = read_output("subtitles/text.vtt");
	ck_assert_int_eq(cues_read(text, strlen(text), &facts, NULL), VM_OK);
	ck_assert_uint_eq(facts.cues, 160);
	ck_assert_ptr_null(strstr(text, "<script"));
	ck_assert_ptr_nonnull(strstr(text, "a --&gt; b"));
	text = read_output("hls/master.m3u8");
	ck_assert_ptr_nonnull(
	    strstr(text, "NAME=\" ><b>\",AUTOSELECT=YES,URI=\"../subtitles/text.m3u8\""));
	job_end(&job);
}
END_TEST

START_TEST(captions_inside_the_pictures_stay_and_are_told)
{
	static char text[1 << 20];
	const char *master;
	size_t count = 0;

	run("captions");
	command_text((const char *const[]){"ffprobe", "-v", "error", "-select_streams", "v",
	                                   "-show_frames", job_path(&job, "large.mp4"), NULL},
	             text, sizeof text);
	for (const char *at = text; (at = strstr(at, "Closed Captions")) != NULL; at++)
		count++;
	ck_assert_uint_eq(count, 60);
	master = read_output("hls/master.m3u8");
	ck_assert_ptr_nonnull(strstr(master, "TYPE=CLOSED-CAPTIONS,GROUP-ID=\"captions\",NAME=\"CC1\","
	                                     "INSTREAM-ID=\"CC1\"\n"));
	ck_assert_ptr_nonnull(strstr(master, "CLOSED-CAPTIONS=\"captions\""));
	job_end(&job);
	run("plain");
	ck_assert_ptr_nonnull(strstr(read_output("hls/master.m3u8"), "CLOSED-CAPTIONS=NONE"));
	job_end(&job);
}
END_TEST

START_TEST(none_are_made_where_none_are_wished)
{
	struct config config = config_with(video, 1, audio, 1);

	job_begin(&job, clip("subtitles"));
	ck_assert_int_eq(job_run(&job, &config), VM_OK);
	ck_assert_ptr_null(strstr(job.outputs.log, ".vtt"));
	ck_assert_ptr_null(strstr(read_output("hls/master.m3u8"), "SUBTITLES"));
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("subtitles");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, tracks_of_text_become_webvtt);
	tcase_add_test(tests, another_program_reads_the_same_times);
	tcase_add_test(tests, subtitles_of_an_mp4_are_found);
	tcase_add_test(tests, hostile_text_stays_text);
	tcase_add_test(tests, captions_inside_the_pictures_stay_and_are_told);
	tcase_add_test(tests, none_are_made_where_none_are_wished);
	return run_tests(tests, "subtitles");
}
