/* test_verify.c - what the gate lets through, and what it finds wrong. */
#include "verify.h"

#include <string.h>
#include <unistd.h>

#include "boxes.h"
#include "fixture.h"
#include "run.h"

static const struct video_option video[] = {
    {.name = "large", .height = 720, .bitrate = 2000000, .quality = 23}};
static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 96000, .channels = 2}};

static struct job job;

static void make(void)
{
	static struct config config;

	config = config_with(video, 1, audio, 1);
	config.thumbnails_ms = config.sprites_ms = config.preview_ms = 1000;
	job_begin(&job, clip("plain"));
	ck_assert_int_eq(job_run(&job, &config), VM_OK);
}

static void clear(void)
{
	job_end(&job);
}

static int verify(const char *file, const char *name, uint64_t source_ms)
{
	struct codec codec = {.host = &test_host, .config = &job.config};
	struct file_source output;
	struct text_sink json;
	int status;

	file_source_open(&output, job_path(&job, file));
	text_sink_init(&json);
	status = verify_output(&codec, name, "video/mp4", &output.source, source_ms, &json.sink, NULL,
	                       &job.err);
	text_sink_finish(&json);
	file_source_close(&output);
	return status;
}

START_TEST(what_was_made_is_let_through)
{
	ck_assert_msg(job_verify(&job, 2000) == VM_OK, "%s", job.err.message);
}
END_TEST

START_TEST(a_duration_that_is_off_is_found)
{
	ck_assert_int_eq(verify("large.mp4", "large.mp4", 2900), VM_OK);
	ck_assert_int_eq(verify("large.mp4", "large.mp4", 3100), VM_ERR_BAD_DATA);
	ck_assert_str_eq(job.err.message, "verify large.mp4: 2006 ms long, the source 3100 ms");
	ck_assert_int_eq(verify("large.mp4", "large.mp4", 900), VM_ERR_BAD_DATA);
	ck_assert_int_eq(verify("hls/large/playlist.m3u8", "hls/large/playlist.m3u8", 900),
	                 VM_ERR_BAD_DATA);
}
END_TEST

/* Every output cut off somewhere is found out. */
START_TEST(what_is_cut_off_is_found)
{
	char *names = strdup(job.outputs.log), *rest = names, *name;

	while ((name = strsep(&rest, "\n")) != NULL && name[0] != '\0') {
		struct file_source output;
		uint64_t bytes;

		file_source_open(&output, job_path(&job, name));
		bytes = output.source.bytes;
		file_source_close(&output);
		/* A picture may end a little early and still be one. */
		if (strstr(name, ".jpg") != NULL)
			continue;
		ck_assert_int_eq(truncate(job_path(&job, name), (off_t)bytes - 10), 0);
		ck_assert_msg(verify(name, name, 0) == VM_ERR_BAD_DATA, "%s", name);
		ck_assert_int_eq(truncate(job_path(&job, name), 0), 0);
		ck_assert_msg(verify(name, name, 0) == VM_ERR_BAD_DATA, "%s", name);
	}
	free(names);
}
END_TEST

/* One that was made by another config. */
START_TEST(small_pictures_that_are_too_large_are_found)
{
	ck_assert_int_eq(verify("thumbnails/thumbnail-00002.jpg", "thumbnails/thumbnail-00002.jpg", 0),
	                 VM_OK);
	job.config.thumbnail_height = job.config.sprite_height = job.config.preview_height = 60;
	ck_assert_int_eq(verify("thumbnails/thumbnail-00002.jpg", "thumbnails/thumbnail-00002.jpg", 0),
	                 VM_ERR_BAD_DATA);
	ck_assert_str_eq(job.err.message, "verify thumbnails/thumbnail-00002.jpg: 320x180, where a "
	                                  "height of 60 was asked for");
	ck_assert_int_eq(verify("sprites/sprites.vtt", "sprites/sprites.vtt", 0), VM_ERR_BAD_DATA);
	ck_assert_int_eq(verify("preview.webp", "preview.webp", 0), VM_ERR_BAD_DATA);
	job.config.sprite_columns = 1;
	ck_assert_int_eq(verify("sprites/sheet-001.jpg", "sprites/sheet-001.jpg", 0), VM_ERR_BAD_DATA);
	job.config.preview_height = 180;
	job.config.preview_ms = 400;
	ck_assert_int_eq(verify("preview.webp", "preview.webp", 0), VM_ERR_BAD_DATA);
	ck_assert_ptr_nonnull(strstr(job.err.message, "ms long, where 400 were asked for"));
	ck_assert_int_eq(verify("sprites/sprites.vtt", "sprites/sprites.vtt", 500), VM_ERR_BAD_DATA);
}
END_TEST

START_TEST(one_kind_is_not_taken_for_another)
{
	ck_assert_int_eq(verify("poster.jpg", "a.mp4", 0), VM_ERR_BAD_DATA);
	ck_assert_int_eq(verify("large.mp4", "a.m4s", 0), VM_ERR_BAD_DATA);
	ck_assert_int_eq(verify("large.mp4", "a.jpg", 0), VM_ERR_BAD_DATA);
	ck_assert_int_eq(verify("large.mp4", "a.m3u8", 0), VM_ERR_BAD_DATA);
	ck_assert_int_eq(verify("hls/large/segment-00001.m4s", "hls/large/init.mp4", 0),
	                 VM_ERR_BAD_DATA);
	ck_assert_int_eq(verify("large.mp4", "a.txt", 0), VM_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(pictures_of_zeros_are_found)
{
	struct file_source output;
	struct box box;
	uint64_t at = 0;
	static const char zeros[65536];
	FILE *file;

	file_source_open(&output, job_path(&job, "large.mp4"));
	do {
		ck_assert_int_eq(box_read(&output.source, at, &box, NULL, NULL), VM_OK);
		at += box.bytes;
	} while (strcmp(box.type, "mdat") != 0);
	file_source_close(&output);
	file = fopen(job_path(&job, "large.mp4"), "r+");
	ck_assert_int_eq(fseek(file, (long)box.offset + 8, SEEK_SET), 0);
	for (uint64_t left = box.bytes - 8; left > 0;) {
		size_t piece = left < sizeof zeros ? (size_t)left : sizeof zeros;

		ck_assert_uint_eq(fwrite(zeros, 1, piece, file), piece);
		left -= piece;
	}
	fclose(file);
	ck_assert_int_eq(verify("large.mp4", "large.mp4", 2000), VM_ERR_BAD_DATA);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("verify");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, make, clear);
	tcase_add_test(tests, what_was_made_is_let_through);
	tcase_add_test(tests, a_duration_that_is_off_is_found);
	tcase_add_test(tests, what_is_cut_off_is_found);
	tcase_add_test(tests, small_pictures_that_are_too_large_are_found);
	tcase_add_test(tests, one_kind_is_not_taken_for_another);
	tcase_add_test(tests, pictures_of_zeros_are_found);
	return run_tests(tests, "verify");
}
