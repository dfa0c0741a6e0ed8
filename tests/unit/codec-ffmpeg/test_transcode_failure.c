/* test_transcode_failure.c - what a run does when its source, outputs or limits fail. */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "run.h"

static const struct video_option videos[] = {
    {.name = "360p", .height = 360, .bitrate = 2000000, .quality = 23},
    {.name = "180p", .height = 180, .bitrate = 400000, .quality = 23}};
static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 96000, .channels = 2}};

/* Runs the clip after `prepare` was done to the job; nothing may seem complete afterwards. */
static void assert_fails(struct job *job, int status, const char *words)
{
	struct config config = config_with(videos, 2, audio, 1);

	ck_assert_int_eq(job_run(job, &config), status);
	ck_assert_msg(strstr(job->err.message, words) != NULL, "\"%s\" without \"%s\"",
	              job->err.message, words);
	ck_assert_ptr_null(strstr(job->outputs.log, "master.m3u8"));
	ck_assert_ptr_null(job->report.text);
	job_end(job);
}

START_TEST(a_source_that_goes_away_is_told_in_the_hosts_words)
{
	struct job job;

	job_begin(&job, clip("ten-seconds"));
	job.source.fail_at = 6;
	job.source.failure = VM_ERR_UNAVAILABLE;
	assert_fails(&job, VM_ERR_UNAVAILABLE, "get source: it went away");
}
END_TEST

START_TEST(an_output_that_cannot_be_written_is_told_in_the_hosts_words)
{
	const uint64_t rooms[] = {1, 20000, 200000};

	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		struct job job;

		job_begin(&job, clip("ten-seconds"));
		job.outputs.bytes_max = rooms[i];
		assert_fails(&job, VM_ERR_UNAVAILABLE, "no room");
	}
}
END_TEST

START_TEST(a_limit_of_outputs_is_a_limit)
{
	struct job job;

	job_begin(&job, clip("ten-seconds"));
	job.limits.output_bytes = 100000;
	assert_fails(&job, VM_ERR_LIMIT, "policy.limits.output_bytes: more than the 100000 ");
}
END_TEST

START_TEST(a_limit_of_frames_is_a_limit)
{
	struct job job;

	job_begin(&job, clip("ten-seconds"));
	job.limits.frames = 100;
	assert_fails(&job, VM_ERR_LIMIT, "policy.limits.frames: more than the 100 ");
}
END_TEST

START_TEST(a_stream_that_grows_beyond_the_limit_ends_the_job)
{
	struct job job;

	job_begin(&job, clip("growing"));
	job.limits.width = 320;
	job.limits.height = 180;
	assert_fails(&job, VM_ERR_LIMIT, "pixels: ");
}
END_TEST

START_TEST(a_duration_that_nobody_told_ends_at_the_limit)
{
	struct job job;

	job_begin(&job, clip("jumping-clock"));
	job.limits.duration_ms = 1000;
	assert_fails(&job, VM_ERR_LIMIT, "duration: ");
}
END_TEST

START_TEST(a_source_without_a_picture_that_can_be_decoded_is_bad_data)
{
	struct job job;

	job_begin(&job, clip("hollow"));
	assert_fails(&job, VM_ERR_BAD_DATA, "no picture could be decoded");
}
END_TEST

START_TEST(a_cancelled_job_ends_wherever_it_is)
{
	for (unsigned read = 1; read <= 11; read += 2) {
		struct job job;

		job_begin(&job, clip("ten-seconds"));
		job.source.cancel_at = read;
		job.source.call = &job.call;
		assert_fails(&job, VM_ERR_CANCELLED, "cancelled");
	}
}
END_TEST

/* The sound is read several times before anything is made; that may end at any read as well. */
START_TEST(measuring_ends_as_transcoding_does)
{
	static const struct audio_option loud[] = {{.name = "stereo",
	                                            .bitrate = 96000,
	                                            .channels = 2,
	                                            .loudness = {-17, 1},
	                                            .true_peak = {-1, 1}}};
	struct config config = config_with(videos, 2, loud, 1);
	unsigned reads;
	struct job job;

	job_begin(&job, clip("peaky"));
	ck_assert_int_eq(job_run(&job, &config), VM_OK);
	reads = job.source.reads;
	job_end(&job);
	for (unsigned read = 1; read <= reads; read += reads / 12 + 1) {
		job_begin(&job, clip("peaky"));
		job.source.fail_at = read;
		job.source.failure = VM_ERR_UNAVAILABLE;
		ck_assert_int_eq(job_run(&job, &config), VM_ERR_UNAVAILABLE);
		job_end(&job);
		job_begin(&job, clip("peaky"));
		job.source.cancel_at = read;
		job.source.call = &job.call;
		ck_assert_int_eq(job_run(&job, &config), VM_ERR_CANCELLED);
		ck_assert_ptr_null(job.report.text);
		job_end(&job);
	}
}
END_TEST

/* Before pictures are copied they are read once. */
START_TEST(copying_ends_as_transcoding_does)
{
	struct config config = config_with(videos, 2, audio, 1);
	unsigned reads;
	struct job job;

	config.copy = true;
	job_begin(&job, clip("ten-seconds"));
	ck_assert_int_eq(job_run(&job, &config), VM_OK);
	ck_assert_ptr_nonnull(strstr(job.report.text, "360p copied"));
	ck_assert_ptr_nonnull(strstr(job.report.text, "stereo copied"));
	ck_assert_msg(job_verify(&job, 10000) == VM_OK, "%s", job.err.message);
	reads = job.source.reads;
	job_end(&job);
	for (unsigned read = 1; read <= reads; read += reads / 12 + 1) {
		job_begin(&job, clip("ten-seconds"));
		job.source.fail_at = read;
		job.source.failure = VM_ERR_UNAVAILABLE;
		ck_assert_int_eq(job_run(&job, &config), VM_ERR_UNAVAILABLE);
		job_end(&job);
		job_begin(&job, clip("ten-seconds"));
		job.source.cancel_at = read;
		job.source.call = &job.call;
		ck_assert_int_eq(job_run(&job, &config), VM_ERR_CANCELLED);
		ck_assert_ptr_null(job.report.text);
		job_end(&job);
	}
}
END_TEST

START_TEST(what_breaks_off_is_not_copied)
{
	struct config config = config_with(videos, 1, audio, 1);
	struct job job;

	config.copy = true;
	job_begin(&job, clip("cut-short"));
	ck_assert_int_eq(job_run(&job, &config), VM_OK);
	ck_assert_ptr_nonnull(strstr(job.report.text, "pictures encoded: "));
	job_end(&job);
}
END_TEST

START_TEST(a_source_that_ends_too_early_is_made_and_found_out)
{
	struct config config = config_with(videos, 2, audio, 1);
	struct job job;

	job_begin(&job, clip("cut-short"));
	ck_assert_int_eq(job_run(&job, &config), VM_OK);
	ck_assert_ptr_nonnull(strstr(job.report.text, "the source ends"));
	ck_assert_ptr_nonnull(strstr(job.report.text, "{\"duration_ms\":"));
	ck_assert_int_eq(
	    job_verify(&job, strtoull(job.report.text + strlen("{\"duration_ms\":"), NULL, 10)), VM_OK);
	ck_assert_int_eq(job_verify(&job, 10000), VM_ERR_BAD_DATA);
	ck_assert_ptr_nonnull(strstr(job.err.message, "ms long, the source 10000 ms"));
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("transcode failure");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_source_that_goes_away_is_told_in_the_hosts_words);
	tcase_add_test(tests, an_output_that_cannot_be_written_is_told_in_the_hosts_words);
	tcase_add_test(tests, a_limit_of_outputs_is_a_limit);
	tcase_add_test(tests, a_limit_of_frames_is_a_limit);
	tcase_add_test(tests, a_stream_that_grows_beyond_the_limit_ends_the_job);
	tcase_add_test(tests, a_duration_that_nobody_told_ends_at_the_limit);
	tcase_add_test(tests, a_source_without_a_picture_that_can_be_decoded_is_bad_data);
	tcase_add_test(tests, a_cancelled_job_ends_wherever_it_is);
	tcase_add_test(tests, measuring_ends_as_transcoding_does);
	tcase_add_test(tests, copying_ends_as_transcoding_does);
	tcase_add_test(tests, what_breaks_off_is_not_copied);
	tcase_add_test(tests, a_source_that_ends_too_early_is_made_and_found_out);
	return run_tests(tests, "transcode failure");
}
