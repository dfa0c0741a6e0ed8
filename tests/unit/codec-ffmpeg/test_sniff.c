/* test_sniff.c - a file's kind is what its first bytes say, and texts are of no kind. */
#include "sniff.h"

#include <string.h>

#include "run.h"

static const char *kind(const char *bytes, size_t length)
{
	return sniff((const uint8_t *)bytes, length);
}

START_TEST(a_signature_names_the_demuxer)
{
	ck_assert_str_eq(kind("\0\0\0\x20"
	                      "ftypisom",
	                      12),
	                 "mov");
	ck_assert_str_eq(kind("\0\0\0\x08"
	                      "wide",
	                      8),
	                 "mov");
	ck_assert_str_eq(kind("\x1a\x45\xdf\xa3", 4), "matroska");
	ck_assert_str_eq(kind("RIFF\0\0\0\0AVI LIST", 16), "avi");
	ck_assert_str_eq(kind("RIFF\0\0\0\0WAVEfmt ", 16), "wav");
	ck_assert_str_eq(kind("FLV\x01", 4), "flv");
	ck_assert_str_eq(kind("OggS", 4), "ogg");
	ck_assert_str_eq(kind("fLaC", 4), "flac");
	ck_assert_str_eq(kind("\0\0\x01\xba\x44", 5), "mpeg");
	ck_assert_str_eq(kind("\xff\xf1\x50\x80\x02\x1f\xfc", 7), "aac");
	ck_assert_str_eq(kind("\xff\xfb\x90\x64", 4), "mp3");
}
END_TEST

START_TEST(a_transport_stream_shows_its_sync_byte_again_and_again)
{
	char bytes[188 * 4];

	memset(bytes, 0x11, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i += 188)
		bytes[i] = 0x47;
	ck_assert_str_eq(kind(bytes, sizeof bytes), "mpegts");
	bytes[188] = 0x46;
	ck_assert_ptr_null(kind(bytes, sizeof bytes));
}
END_TEST

START_TEST(what_names_other_files_is_no_media)
{
	const char *texts[] = {"#EXTM3U\n#EXTINF:1,\nreal.mp4\n",
	                       "ffconcat version 1.0\nfile x\n",
	                       "<?xml version=\"1.0\"?><MPD/>",
	                       "RIFF\0\0\0\0CDXA",
	                       "GIF89a",
	                       ""};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_ptr_null(kind(texts[i], strlen(texts[i])));
}
END_TEST

START_TEST(a_signature_that_is_cut_short_is_none)
{
	const char whole[] = "\0\0\0\x20"
	                     "ftypisom";

	for (size_t length = 0; length < 8; length++)
		ck_assert_ptr_null(kind(whole, length));
}
END_TEST

START_TEST(a_tag_in_front_is_measured)
{
	const uint8_t tag[] = {'I', 'D', '3', 4, 0, 0, 0, 0, 2, 1};
	const uint8_t with_footer[] = {'I', 'D', '3', 4, 0, 0x10, 0, 0, 0, 5};

	ck_assert_uint_eq(sniff_tag_bytes(tag, sizeof tag), 10 + 257);
	ck_assert_uint_eq(sniff_tag_bytes(with_footer, sizeof with_footer), 10 + 5 + 10);
	ck_assert_uint_eq(sniff_tag_bytes(tag, 9), 0);
	ck_assert_uint_eq(sniff_tag_bytes((const uint8_t *)"ftypisomisom", 12), 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sniff");

	tcase_add_test(tests, a_signature_names_the_demuxer);
	tcase_add_test(tests, a_transport_stream_shows_its_sync_byte_again_and_again);
	tcase_add_test(tests, what_names_other_files_is_no_media);
	tcase_add_test(tests, a_signature_that_is_cut_short_is_none);
	tcase_add_test(tests, a_tag_in_front_is_measured);
	return run_tests(tests, "sniff");
}
