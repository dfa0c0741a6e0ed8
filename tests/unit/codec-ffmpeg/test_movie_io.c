/* test_movie_io.c - the index of an MP4: in front when it fits into its room, behind when not. */
#include "movie_io.h"

#include <string.h>

#include <libavutil/error.h>

#include "boxes.h"
#include "fixture.h"
#include "run.h"

/* Plays the muxer: what it writes, and in which order, with an index of `index` bytes. */
static int play_muxer(struct movie_io *io, uint64_t room, uint32_t index)
{
	AVIOContext *avio = io->avio;
	int64_t room_at, media, end;

	avio_wb32(avio, 16);
	avio_write(avio, (const uint8_t *)"ftypisom\0\0\2\0", 12);
	room_at = avio_tell(avio);
	avio_skip(avio, (int64_t)room);
	avio_wb32(avio, 8);
	avio_write(avio, (const uint8_t *)"free", 4);
	media = avio_tell(avio);
	avio_wb32(avio, 0);
	avio_write(avio, (const uint8_t *)"mdat", 4);
	movie_io_header_written(io);
	for (int i = 0; i < 100000; i++)
		avio_w8(avio, i & 0xff);
	end = avio_tell(avio);

	movie_io_closing(io);
	avio_seek(avio, media, SEEK_SET);
	avio_wb32(avio, 100008);
	avio_seek(avio, room_at, SEEK_SET);
	avio_wb32(avio, 0);
	avio_write(avio, (const uint8_t *)"moov", 4);
	for (uint32_t i = 8; i < index; i++)
		avio_w8(avio, 'i');
	/* It goes back for the length, as for every box. */
	avio_seek(avio, room_at, SEEK_SET);
	avio_wb32(avio, index);
	avio_seek(avio, room_at + index, SEEK_SET);
	if (index + 8 > room)
		return AVERROR(EINVAL);
	avio_wb32(avio, (uint32_t)room - index);
	avio_write(avio, (const uint8_t *)"free", 4);
	for (uint64_t i = index + 8; i < room; i++)
		avio_w8(avio, 0);
	avio_seek(avio, end, SEEK_SET);
	return 0;
}

static void write_file(struct job *job, uint64_t room, uint32_t index, char boxes[128])
{
	struct movie_io io;
	struct out out;
	struct file_source written;

	job_begin(job, "/dev/null");
	out_init(&out, &job->job);
	ck_assert_int_eq(movie_io_open(&io, &out, "a.mp4", "video/mp4", room, NULL), VM_OK);
	play_muxer(&io, room, index);
	ck_assert_int_eq(movie_io_close(&io, &job->err), VM_OK);
	movie_io_finish(&io);
	file_source_open(&written, job_path(job, "a.mp4"));
	ck_assert_int_eq(boxes_list(&written.source, boxes, 128, NULL, NULL), VM_OK);
	file_source_close(&written);
}

START_TEST(an_index_that_fits_stands_in_front)
{
	struct job job;
	char boxes[128];

	write_file(&job, 4096, 3000, boxes);
	ck_assert_str_eq(boxes, "ftyp moov free mdat");
	job_end(&job);
}
END_TEST

START_TEST(an_index_that_just_fits_stands_in_front)
{
	struct job job;
	char boxes[128];

	write_file(&job, 4096, 4088, boxes);
	ck_assert_str_eq(boxes, "ftyp moov free mdat");
	job_end(&job);
}
END_TEST

START_TEST(an_index_that_does_not_fit_stands_behind_in_a_whole_file)
{
	struct job job;
	char boxes[128];
	struct file_source written;
	uint8_t byte;
	size_t got;

	write_file(&job, 4096, 4089, boxes);
	ck_assert_str_eq(boxes, "ftyp free mdat moov");
	/* The media that the muxer overwrote in its own mind is untouched. */
	file_source_open(&written, job_path(&job, "a.mp4"));
	for (unsigned i = 0; i < 100; i++) {
		written.source.read_at(&written.source, 16 + 4096 + 16 + i, &byte, 1, &got, NULL, NULL);
		ck_assert_uint_eq(byte, i);
	}
	file_source_close(&written);
	job_end(&job);
}
END_TEST

START_TEST(an_index_many_times_its_room_is_kept_whole)
{
	struct job job;
	char boxes[128];

	write_file(&job, 4096, 2000000, boxes);
	ck_assert_str_eq(boxes, "ftyp free mdat moov");
	job_end(&job);
}
END_TEST

START_TEST(the_room_grows_with_the_video_and_has_an_end)
{
	uint64_t minute = movie_io_moov_room(60000, 30, true, 1);

	ck_assert_uint_gt(minute, 60 * (30 * 12 + 47 * 4));
	ck_assert_uint_lt(minute, 100000);
	ck_assert_uint_gt(movie_io_moov_room(60000, 30, false, 1), minute);
	ck_assert_uint_gt(movie_io_moov_room(60000, 30, true, 2), minute);
	ck_assert_uint_gt(movie_io_moov_room(0, 30, true, 1), 1000);
	ck_assert_uint_eq(movie_io_moov_room(UINT64_MAX / 2, 1000, false, 16), 8 << 20);
}
END_TEST

START_TEST(the_limit_of_bytes_is_told_as_such)
{
	struct job job;
	struct movie_io io;
	struct out out;

	job_begin(&job, "/dev/null");
	job.limits.output_bytes = 50000;
	out_init(&out, &job.job);
	ck_assert_int_eq(movie_io_open(&io, &out, "a.mp4", "video/mp4", 4096, NULL), VM_OK);
	play_muxer(&io, 4096, 1000);
	ck_assert_int_eq(movie_io_close(&io, &job.err), VM_ERR_LIMIT);
	ck_assert_str_eq(job.err.message,
	                 "policy.limits.output_bytes: more than the 50000 that are allowed");
	movie_io_finish(&io);
	job_end(&job);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("mp4 io");

	tcase_add_test(tests, an_index_that_fits_stands_in_front);
	tcase_add_test(tests, an_index_that_just_fits_stands_in_front);
	tcase_add_test(tests, an_index_that_does_not_fit_stands_behind_in_a_whole_file);
	tcase_add_test(tests, an_index_many_times_its_room_is_kept_whole);
	tcase_add_test(tests, the_room_grows_with_the_video_and_has_an_end);
	tcase_add_test(tests, the_limit_of_bytes_is_told_as_such);
	return run_tests(tests, "mp4 io");
}
