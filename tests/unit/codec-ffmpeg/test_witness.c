/* test_witness.c - outputs that are whole and playable, and not what was encoded. */
#include "witness.h"

#include <string.h>

#include "fixture.h"
#include "run.h"
#include "verify.h"

static const struct video_option video[] = {
    {.name = "large", .height = 90, .bitrate = 500000, .quality = 23},
    {.name = "small", .height = 48, .bitrate = 200000, .quality = 23}};
static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 96000, .channels = 2}};

/* What was to be made, and what came instead. */
static struct job right, wrong;

static void run_ladder(struct job *job, const char *name, uint64_t segment_ms, size_t n_pictures)
{
	struct config config = config_with(video, n_pictures, audio, 1);

	config.copy = false;
	config.segment_ms = segment_ms;
	job_begin(job, clip(name));
	ck_assert_msg(job_run(job, &config) == VM_OK, "%s", job->err.message);
}

static void run(struct job *job, const char *name, uint64_t segment_ms)
{
	run_ladder(job, name, segment_ms, 2);
}

static void begin(void)
{
	run(&right, "beep", 2000);
}

static void end(void)
{
	job_end(&right);
}

/* An output of the wrong job under the same name of the right one; "" when that is let through. */
static void expect_said(const char *name, const char *words)
{
	struct file_source output;
	struct text_sink json;

	right.err = (struct vm_error){0};
	file_source_open(&output, job_path(&wrong, name));
	text_sink_init(&json);
	verify_output(&right.codec, name, "video/mp4", &output.source, 10000, &json.sink, NULL,
	              &right.err);
	text_sink_finish(&json);
	file_source_close(&output);
	if (words[0] == '\0')
		ck_assert_str_eq(right.err.message, "");
	else
		ck_assert_msg(strstr(right.err.message, words) != NULL, "%s", right.err.message);
}

START_TEST(what_was_made_is_let_through)
{
	ck_assert_msg(job_verify(&right, 10000) == VM_OK, "%s", right.err.message);
}
END_TEST

START_TEST(the_same_once_more_is_let_through)
{
	run(&wrong, "beep", 2000);
	expect_said("large.mp4", "");
	expect_said("hls/small/segment-00002.m4s", "");
	expect_said("hls/stereo/segment-00002.m4s", "");
	job_end(&wrong);
}
END_TEST

START_TEST(black_pictures_are_found)
{
	run(&wrong, "beep-dark", 2000);
	expect_said("large.mp4", "is not the one that was encoded");
	expect_said(
	    "hls/small/segment-00002.m4s",
	    "verify hls/small/segment-00002.m4s: the picture at 2000 ms is not the one that was "
	    "encoded: its brightness is off by 2");
	job_end(&wrong);
}
END_TEST

START_TEST(a_segment_in_the_place_of_another_is_found)
{
	run(&wrong, "beep", 1500);
	expect_said("hls/small/segment-00002.m4s",
	            "a keyframe is shown at 1520 ms, where none was made");
	expect_said("small.mp4", "a keyframe is shown at 3000 ms, where none was made");
	job_end(&wrong);
}
END_TEST

START_TEST(tables_of_contents_that_leave_something_out_are_found)
{
	run_ladder(&wrong, "beep", 2000, 1);
	expect_said("hls/large/playlist.m3u8", "");
	expect_said("hls/master.m3u8", "small/playlist.m3u8 was made and is not named");
	expect_said("dash/manifest.mpd", "small was made and is not named");
	job_end(&wrong);
	run(&wrong, "beep", 3000);
	expect_said("hls/master.m3u8", "");
	expect_said("hls/small/playlist.m3u8", "4 segments of small, where 5 were made");
	expect_said("hls/small/keyframes.m3u8", "4 segments of small, where 5 were made");
	expect_said("dash/manifest.mpd", "4 segments of large, where 5 were made");
	job_end(&wrong);
}
END_TEST

START_TEST(sound_that_is_missing_is_found)
{
	run(&wrong, "beep-mute", 2000);
	expect_said("large.mp4", "it is silent, what was encoded is not");
	expect_said("hls/stereo/segment-00002.m4s", "it is silent, what was encoded is not");
	job_end(&wrong);
}
END_TEST

START_TEST(noise_is_found)
{
	run(&wrong, "beep-noise", 2000);
	expect_said("large.mp4", "noise where silence was encoded");
	expect_said("hls/stereo/segment-00002.m4s", "noise where silence was encoded");
	job_end(&wrong);
}
END_TEST

START_TEST(sound_out_of_step_is_found)
{
	run(&wrong, "beep-behind", 2000);
	expect_said("large.mp4", "the sound is 200 ms too late");
	expect_said("hls/stereo/segment-00003.m4s", "the sound is 200 ms too late");
	job_end(&wrong);
}
END_TEST

START_TEST(a_later_job_takes_the_place_of_an_earlier_one)
{
	run(&wrong, "beep-dark", 2000);
	witness_place_put(&right.codec.witness, witness_place_hold(&wrong.codec.witness));
	expect_said("large.mp4", "");
	expect_said("hls/small/segment-00002.m4s", "");
	job_end(&wrong);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("witness");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, begin, end);
	tcase_add_test(tests, what_was_made_is_let_through);
	tcase_add_test(tests, the_same_once_more_is_let_through);
	tcase_add_test(tests, black_pictures_are_found);
	tcase_add_test(tests, a_segment_in_the_place_of_another_is_found);
	tcase_add_test(tests, tables_of_contents_that_leave_something_out_are_found);
	tcase_add_test(tests, sound_that_is_missing_is_found);
	tcase_add_test(tests, noise_is_found);
	tcase_add_test(tests, sound_out_of_step_is_found);
	tcase_add_test(tests, a_later_job_takes_the_place_of_an_earlier_one);
	return run_tests(tests, "witness");
}
