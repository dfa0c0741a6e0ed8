/* test_input.c - what is refused before anything is made, and in which words. */
#include <string.h>

#include "fixture.h"
#include "probe.h"
#include "run.h"

static const struct video_option video[] = {
    {.name = "large", .height = 720, .bitrate = 2000000, .quality = 23}};
static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 96000, .channels = 2}};

/* Probes and runs: both must say the same. */
static void assert_refused(const char *name, const struct vm_limits *limits, int status,
                           const char *words)
{
	struct config config = config_with(video, 1, audio, 1);
	struct codec codec = {.host = &test_host, .config = &config};
	struct job job;

	job_begin(&job, clip(name));
	if (limits != NULL)
		job.limits = *limits;
	ck_assert_int_eq(
	    probe_source(&codec, &job.source.source, &job.limits, &job.report.sink, NULL, &job.err),
	    status);
	ck_assert_msg(strstr(job.err.message, words) != NULL, "probe %s: \"%s\"", name,
	              job.err.message);
	ck_assert_int_eq(job_run(&job, &config), status);
	ck_assert_msg(strstr(job.err.message, words) != NULL, "run %s: \"%s\"", name, job.err.message);
	ck_assert_uint_eq(job.outputs.closed, 0);
	job_end(&job);
}

static int probe(const char *name, const struct vm_limits *limits)
{
	struct codec codec = {.host = &test_host};
	struct job job;
	int status;

	job_begin(&job, clip(name));
	status = probe_source(&codec, &job.source.source, limits, &job.report.sink, NULL, &job.err);
	job_end(&job);
	return status;
}

START_TEST(what_is_no_media_is_bad_data)
{
	assert_refused("noise", NULL, VM_ERR_BAD_DATA, "not a media file of a kind that is accepted");
	assert_refused("empty", NULL, VM_ERR_BAD_DATA, "it is empty");
	assert_refused("truncated", NULL, VM_ERR_BAD_DATA, "moov atom not found");
}
END_TEST

START_TEST(a_text_that_names_other_files_opens_none)
{
	assert_refused("hls-text", NULL, VM_ERR_BAD_DATA, "not a media file");
}
END_TEST

START_TEST(both_sides_of_the_limits_hold)
{
	struct vm_limits streams = {.streams = 39}, duration = {.duration_ms = 1999};
	struct vm_limits pixels = {.width = 639, .height = 360};

	assert_refused("many-streams", &streams, VM_ERR_LIMIT,
	               "policy.limits.streams: more than the 39 ");
	streams.streams = 40;
	ck_assert_int_eq(probe("many-streams", &streams), VM_OK);
	assert_refused("no-sound", &pixels, VM_ERR_LIMIT,
	               "policy.limits.pixels: 640x360, where 639x360 are allowed");
	pixels.width = 360;
	pixels.height = 640;
	ck_assert_int_eq(probe("no-sound", &pixels), VM_OK);
	assert_refused("fast", &duration, VM_ERR_LIMIT,
	               "policy.limits.duration: 2000 ms, where 1999 ms are allowed");
	duration.duration_ms = 2000;
	ck_assert_int_eq(probe("fast", &duration), VM_OK);
}
END_TEST

START_TEST(a_bomb_of_pixels_is_a_limit_and_no_broken_file)
{
	struct vm_limits limits = {.width = 1920, .height = 1080};

	assert_refused("huge", &limits, VM_ERR_LIMIT, "pixels: ");
}
END_TEST

START_TEST(two_pictures_ten_hours_apart_are_ten_hours)
{
	struct vm_limits limits = {.duration_ms = 4 * 3600 * 1000};

	assert_refused("two-apart", &limits, VM_ERR_LIMIT, "duration: 36000040 ms");
}
END_TEST

START_TEST(a_source_that_cannot_be_read_is_no_broken_file)
{
	struct codec codec = {.host = &test_host};
	unsigned reads = 0;

	/* At each of the reads that it takes, until it takes no more. */
	for (unsigned read = 1; read <= reads + 1; read++) {
		struct job job;
		int status;

		job_begin(&job, clip("index-last"));
		job.source.fail_at = read;
		job.source.failure = VM_ERR_CONFLICT;
		status = probe_source(&codec, &job.source.source, &job.limits, &job.report.sink, NULL,
		                      &job.err);
		reads = job.source.reads;
		if (reads >= read) {
			ck_assert_int_eq(status, VM_ERR_CONFLICT);
			ck_assert_str_eq(job.err.message, "get source: it went away");
		} else {
			ck_assert_int_eq(status, VM_OK);
		}
		job_end(&job);
	}
	ck_assert_uint_ge(reads, 3);
}
END_TEST

START_TEST(probe_tells_what_people_and_the_host_want_to_know)
{
	const char *wanted[] = {
	    "\"container\":\"mov,mp4,m4a,3gp,3g2,mj2\"",
	    "\"duration_ms\":2000",
	    "\"display_width\":360,\"display_height\":640,\"rotation\":270",
	    "\"average_frame_rate\":{\"num\":25,\"den\":1}",
	    "\"pixel_format\":\"yuv420p\",\"bit_depth\":8",
	    "\"channels\":2,\"sample_rate\":48000",
	};
	struct codec codec = {.host = &test_host};
	struct job job;

	job_begin(&job, clip("portrait"));
	ck_assert_int_eq(
	    probe_source(&codec, &job.source.source, &job.limits, &job.report.sink, NULL, &job.err),
	    VM_OK);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		ck_assert_msg(strstr(job.report.text, wanted[i]) != NULL, "%s without %s", job.report.text,
		              wanted[i]);
	job_end(&job);
}
END_TEST

START_TEST(a_duration_across_a_jump_is_not_told)
{
	struct codec codec = {.host = &test_host};
	struct job job;

	job_begin(&job, clip("jumping-clock"));
	ck_assert_int_eq(
	    probe_source(&codec, &job.source.source, &job.limits, &job.report.sink, NULL, &job.err),
	    VM_OK);
	ck_assert_ptr_null(strstr(job.report.text, "duration_ms"));
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("input");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, what_is_no_media_is_bad_data);
	tcase_add_test(tests, a_text_that_names_other_files_opens_none);
	tcase_add_test(tests, both_sides_of_the_limits_hold);
	tcase_add_test(tests, a_bomb_of_pixels_is_a_limit_and_no_broken_file);
	tcase_add_test(tests, two_pictures_ten_hours_apart_are_ten_hours);
	tcase_add_test(tests, a_source_that_cannot_be_read_is_no_broken_file);
	tcase_add_test(tests, probe_tells_what_people_and_the_host_want_to_know);
	tcase_add_test(tests, a_duration_across_a_jump_is_not_told);
	return run_tests(tests, "input");
}
