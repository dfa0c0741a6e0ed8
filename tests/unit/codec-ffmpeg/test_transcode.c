/* test_transcode.c - what becomes of a source, for every peculiarity that sources have. */
#include "transcode.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>

#include "fixture.h"
#include "measure.h"
#include "run.h"

/* Most clips are smaller: they are made at their own size. */
static const struct video_option one_video[] = {
    {.name = "large", .height = 720, .bitrate = 2000000, .quality = 23}};
static const struct video_option two_videos[] = {
    {.name = "360p", .height = 360, .bitrate = 2000000, .quality = 23},
    {.name = "180p", .height = 180, .bitrate = 400000, .quality = 23}};
static const struct audio_option one_audio[] = {
    {.name = "stereo", .bitrate = 96000, .channels = 2}};

static void run_with(struct job *job, const char *name, const struct video_option *video,
                     size_t count)
{
	struct config config = config_with(video, count, one_audio, 1);

	job_begin(job, clip(name));
	ck_assert_msg(job_run(job, &config) == VM_OK, "%s: %s", name, job->err.message);
	ck_assert_msg(job_verify(job, 0) == VM_OK, "%s: %s", name, job->err.message);
	ck_assert_ptr_null(job->outputs.open);
}

static void run(struct job *job, const char *name)
{
	run_with(job, name, one_video, 1);
}

static bool made(const struct job *job, const char *output)
{
	char line[300];

	snprintf(line, sizeof line, "%s\n", output);
	return strstr(job->outputs.log, line) != NULL;
}

static bool decided(const struct job *job, const char *words)
{
	return strstr(job->report.text, words) != NULL;
}

/* A rendition's segments behind each other: what a player puts together. */
static const char *join_segments(struct job *job, const char *rendition)
{
	static char path[512];
	static char bytes[1 << 20];
	char name[64];
	int out;

	snprintf(path, sizeof path, "%s/%s.joined", job->outputs.path, rendition);
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	for (int i = 0;; i++) {
		ssize_t got;
		int in;

		if (i == 0)
			snprintf(name, sizeof name, "hls/%s/init.mp4", rendition);
		else
			snprintf(name, sizeof name, "hls/%s/segment-%05d.m4s", rendition, i);
		if ((in = open(job_path(job, name), O_RDONLY | O_CLOEXEC)) < 0)
			break;
		while ((got = read(in, bytes, sizeof bytes)) > 0)
			ck_assert_int_eq(write(out, bytes, (size_t)got), got);
		close(in);
	}
	close(out);
	return path;
}

struct expected {
	const char *clip;
	int width, height; /* of "large" */
	size_t frames;
	double end;       /* of the pictures */
	double sound_end; /* 0: none */
	int channels;
};

static const struct expected table[] = {
    {"plain", 640, 360, 50, 2, 2, 1},
    {"ten-seconds", 640, 360, 250, 10, 10, 1},
    {"index-last", 640, 360, 100, 4, 4, 1},
    {"portrait", 360, 640, 50, 2, 2, 1},
    {"mirrored", 640, 360, 25, 1, 1, 1},
    {"upside-down", 640, 360, 25, 1, 1, 1},
    {"interlaced", 768, 576, 50, 2, 0, 0},
    {"varying", 640, 360, 66, 4, 4, 1},
    {"anamorphic", 1024, 576, 25, 1, 1, 1},
    {"odd", 320, 180, 25, 1, 0, 0},
    {"ten-bit", 640, 360, 25, 1, 0, 0},
    {"hdr", 640, 360, 25, 1, 0, 0},
    {"full-range", 640, 360, 25, 1, 0, 0},
    {"rgb", 320, 180, 25, 1, 0, 0},
    {"no-sound", 640, 360, 25, 1, 0, 0},
    {"surround", 320, 180, 50, 2, 2, 2},
    {"mono", 320, 180, 25, 1, 1, 1},
    {"late-sound", 320, 180, 75, 3, 3, 2},
    {"late-picture", 320, 180, 50, 3.5, 3.5, 2},
    {"sound-gap", 640, 360, 100, 4, 4, 2},
    {"cover", 640, 360, 50, 2, 2, 2},
    {"one-picture", 640, 360, 1, 0.04, 0, 0},
    {"one-pixel", 2, 2, 25, 1, 0, 0},
    {"fast", 320, 180, 240, 2, 0, 0},
    {"transport", 640, 360, 75, 3, 3, 2},
    {"late-clock", 640, 360, 75, 3, 3, 2},
    {"jumping-clock", 640, 360, 100, 4, 4, 2},
    {"vp9", 320, 180, 60, 2, 2, 2},
    {"vp8", 320, 180, 60, 2, 2, 2},
    {"theora", 320, 180, 50, 2, 2, 2},
    {"flash", 320, 180, 50, 2, 2, 2},
    {"mpeg4-avi", 320, 180, 50, 2, 2, 2},
    {"growing", 320, 180, 50, 2, 0, 0},
    {"wide", 1280, 536, 12, 0.5, 0, 0},
    {"upright-film", 404, 720, 25, 1, 0, 0},
};

START_TEST(every_source_becomes_what_it_should)
{
	const struct expected *wanted = &table[_i];
	struct measured mp4, segments;
	struct job job;

	run(&job, wanted->clip);
	measure(job_path(&job, "large.mp4"), &mp4);
	ck_assert_int_eq(mp4.width, wanted->width);
	ck_assert_int_eq(mp4.height, wanted->height);
	ck_assert_uint_eq(mp4.frames, wanted->frames);
	ck_assert_double_eq_tol(mp4.times[0], 0, 0.0005);
	ck_assert_double_eq_tol(mp4.end, wanted->end, 0.1);
	ck_assert_double_eq_tol(mp4.sound_end, wanted->sound_end, 0.1);
	ck_assert(made(&job, "poster.jpg"));

	measure(join_segments(&job, "large"), &segments);
	ck_assert_uint_eq(segments.frames, mp4.frames);
	for (size_t i = 0; i < mp4.frames && i < MEASURE_TIMES; i++)
		ck_assert_double_eq_tol(segments.times[i], mp4.times[i], 0.0005);
	ck_assert_int_eq(made(&job, "hls/stereo/playlist.m3u8"), wanted->sound_end > 0);
	if (wanted->sound_end > 0) {
		measure(join_segments(&job, "stereo"), &segments);
		ck_assert_double_eq_tol(segments.sound_end, mp4.sound_end, 0.03);
	}
	job_end(&job);
}
END_TEST

START_TEST(keyframes_lie_at_the_same_times_in_all_renditions)
{
	struct measured large, small, segments;
	struct job job;

	run_with(&job, "ten-seconds", two_videos, 2);
	measure(job_path(&job, "360p.mp4"), &large);
	measure(job_path(&job, "180p.mp4"), &small);
	measure(join_segments(&job, "180p"), &segments);
	ck_assert_uint_eq(large.n_keys, 3);
	ck_assert_uint_eq(small.n_keys, 3);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_double_eq_tol(large.keys[i], 4.0 * (double)i, 0.0005);
		ck_assert_double_eq_tol(small.keys[i], large.keys[i], 0.0005);
		ck_assert_double_eq_tol(segments.keys[i], large.keys[i], 0.0005);
	}
	job_end(&job);
}
END_TEST

START_TEST(the_masters_are_written_last_and_the_index_stands_in_front)
{
	static const char last[] = "hls/master.m3u8\ndash/manifest.mpd\n";
	struct job job;

	run_with(&job, "ten-seconds", two_videos, 2);
	ck_assert_str_eq(job.outputs.log + strlen(job.outputs.log) - strlen(last), last);
	ck_assert(decided(&job, "360p made at the source's own size"));
	ck_assert(made(&job, "hls/180p/segment-00003.m4s"));
	ck_assert(!made(&job, "hls/180p/segment-00004.m4s"));
	job_end(&job);
}
END_TEST

START_TEST(turned_pictures_stand_upright)
{
	struct measured plain, portrait, mirrored, upside_down;
	struct job job;

	run(&job, "plain");
	measure(job_path(&job, "large.mp4"), &plain);
	job_end(&job);
	run(&job, "mirrored");
	measure(job_path(&job, "large.mp4"), &mirrored);
	job_end(&job);
	run(&job, "upside-down");
	measure(job_path(&job, "large.mp4"), &upside_down);
	job_end(&job);
	run(&job, "portrait");
	measure(job_path(&job, "large.mp4"), &portrait);
	ck_assert(decided(&job, "turned by 270 degrees"));
	job_end(&job);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_le(abs(mirrored.red[i] - plain.red[i ^ 1]), 2);
		ck_assert_int_le(abs(upside_down.red[i] - plain.red[3 - i]), 2);
	}
	/* Against the clock: the upper right quarter comes to the upper left. */
	ck_assert_int_le(abs(portrait.red[0] - plain.red[1]), 2);
	ck_assert_int_le(abs(portrait.red[1] - plain.red[3]), 2);
	ck_assert_int_le(abs(portrait.red[2] - plain.red[0]), 2);
	ck_assert_int_gt(abs(plain.red[0] - plain.red[1]), 10);
}
END_TEST

START_TEST(full_range_and_deep_pictures_look_like_any_other)
{
	const char *names[] = {"full-range", "ten-bit"};
	struct measured plain, other;
	struct job job;

	run(&job, "no-sound");
	measure(job_path(&job, "large.mp4"), &plain);
	job_end(&job);
	for (size_t n = 0; n < 2; n++) {
		run(&job, names[n]);
		measure(job_path(&job, "large.mp4"), &other);
		job_end(&job);
		for (int i = 0; i < 4; i++) {
			ck_assert_int_le(abs(other.luma[i] - plain.luma[i]), 2);
			ck_assert_int_le(abs(other.blue[i] - plain.blue[i]), 2);
			ck_assert_int_le(abs(other.red[i] - plain.red[i]), 2);
		}
	}
}
END_TEST

START_TEST(high_dynamic_range_is_mapped_without_greying_out)
{
	struct measured hdr;
	struct job job;

	run(&job, "hdr");
	measure(job_path(&job, "large.mp4"), &hdr);
	ck_assert(decided(&job, "high dynamic range mapped"));
	ck_assert_int_eq(hdr.color_space, AVCOL_SPC_BT709);
	/* The pattern's left is green and yellow, its right blue and cyan, all of them strong. */
	ck_assert_int_lt(hdr.blue[2], 100);
	ck_assert_int_gt(hdr.blue[3], 150);
	ck_assert_int_gt(hdr.luma[2], 90);
	job_end(&job);
}
END_TEST

START_TEST(varying_distances_stay_as_they_are)
{
	struct measured source, made_of_it;
	struct job job;

	run(&job, "varying");
	measure(clip("varying"), &source);
	measure(job_path(&job, "large.mp4"), &made_of_it);
	ck_assert_uint_eq(made_of_it.frames, source.frames);
	for (size_t i = 1; i < source.frames; i++)
		ck_assert_double_eq_tol(made_of_it.times[i] - made_of_it.times[1],
		                        source.times[i] - source.times[1], 0.0015);
	job_end(&job);
}
END_TEST

static void assert_loud(const struct measured *sound, int from, int to)
{
	for (int i = from; i < to; i++)
		ck_assert_msg(sound->loudness[i] > 0.02, "silence at %d00 ms", i);
}

static void assert_silent(const struct measured *sound, int from, int to)
{
	for (int i = from; i < to; i++)
		ck_assert_msg(sound->loudness[i] < 0.002, "sound at %d00 ms", i);
}

START_TEST(sound_stays_where_it_was_beside_the_pictures)
{
	struct measured sound, source;
	struct job job;

	run(&job, "late-sound");
	measure(job_path(&job, "large.mp4"), &sound);
	assert_silent(&sound, 0, 14);
	assert_loud(&sound, 16, 29);
	ck_assert(decided(&job, "of silence put"));
	job_end(&job);

	run(&job, "sound-gap");
	measure(join_segments(&job, "stereo"), &sound);
	assert_loud(&sound, 1, 14);
	assert_silent(&sound, 16, 24);
	assert_loud(&sound, 26, 38);
	job_end(&job);

	run(&job, "late-picture");
	measure(job_path(&job, "large.mp4"), &sound);
	assert_loud(&sound, 1, 34);
	measure(clip("late-picture"), &source);
	ck_assert_double_eq_tol(sound.times[1], source.times[1], 0.0015);
	job_end(&job);
}
END_TEST

START_TEST(a_drifting_clock_of_the_sound_is_followed)
{
	struct measured sound;
	struct job job;

	run(&job, "slow-sound");
	measure(job_path(&job, "large.mp4"), &sound);
	ck_assert_double_eq_tol(sound.sound_end, 20.1, 0.04);
	assert_loud(&sound, 1, 200);
	job_end(&job);
}
END_TEST

START_TEST(sound_alone_becomes_sound_alone)
{
	struct measured sound;
	struct job job;

	run(&job, "no-picture");
	measure(job_path(&job, "stereo.m4a"), &sound);
	ck_assert_double_eq_tol(sound.sound_end, 5, 0.05);
	ck_assert_uint_eq(sound.frames, 0);
	ck_assert(made(&job, "hls/master.m3u8") && made(&job, "hls/stereo/segment-00002.m4s"));
	ck_assert(!made(&job, "poster.jpg"));
	ck_assert(decided(&job, "no pictures made"));
	job_end(&job);
}
END_TEST

START_TEST(what_is_broken_in_the_middle_costs_itself)
{
	struct measured rest;
	struct job job;

	run(&job, "damaged");
	measure(job_path(&job, "large.mp4"), &rest);
	ck_assert_uint_gt(rest.frames, 60);
	ck_assert_uint_lt(rest.frames, 100);
	ck_assert_double_eq_tol(rest.end, 4, 0.1);
	ck_assert(decided(&job, "could not be decoded"));
	job_end(&job);
}
END_TEST

START_TEST(only_what_is_asked_for_is_made)
{
	static const char *const mp4_only[] = {"mp4"};
	struct config config = config_with(two_videos, 2, NULL, 0);
	struct job job;

	config.output = (struct vm_strings){mp4_only, 1};
	job_begin(&job, clip("plain"));
	ck_assert_int_eq(job_run(&job, &config), VM_OK);
	ck_assert_uint_eq(job.outputs.closed, 3);
	ck_assert(made(&job, "360p.mp4") && made(&job, "180p.mp4") && made(&job, "poster.jpg"));
	job_end(&job);
	config = config_with(NULL, 0, one_audio, 1);
	job_begin(&job, clip("no-sound"));
	ck_assert_int_eq(job_run(&job, &config), VM_ERR_UNSUPPORTED);
	ck_assert_str_eq(job.err.message, "the source has no sound, and the stage makes nothing else");
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("transcode");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, every_source_becomes_what_it_should, 0,
	                    sizeof table / sizeof *table);
	tcase_add_test(tests, keyframes_lie_at_the_same_times_in_all_renditions);
	tcase_add_test(tests, the_masters_are_written_last_and_the_index_stands_in_front);
	tcase_add_test(tests, turned_pictures_stand_upright);
	tcase_add_test(tests, full_range_and_deep_pictures_look_like_any_other);
	tcase_add_test(tests, high_dynamic_range_is_mapped_without_greying_out);
	tcase_add_test(tests, varying_distances_stay_as_they_are);
	tcase_add_test(tests, sound_stays_where_it_was_beside_the_pictures);
	tcase_add_test(tests, a_drifting_clock_of_the_sound_is_followed);
	tcase_add_test(tests, sound_alone_becomes_sound_alone);
	tcase_add_test(tests, what_is_broken_in_the_middle_costs_itself);
	tcase_add_test(tests, only_what_is_asked_for_is_made);
	return run_tests(tests, "transcode");
}
