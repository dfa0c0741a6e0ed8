/* test_cues.c - subtitles as WebVTT, and what is no WebVTT. */
#include "cues.h"

#include <string.h>

#include "cues_read.h"
#include "run.h"

START_TEST(cues_come_out_in_order_and_within_the_pictures)
{
	struct cues cues = {0};
	struct cues_facts facts;
	char *text;

	ck_assert_int_eq(cues_add(&cues, 61500, 62000, "third", true, NULL), VM_OK);
	ck_assert_int_eq(cues_add(&cues, 1000, 99000, "first", false, NULL), VM_OK);
	ck_assert_int_eq(cues_add(&cues, 1000, 2000, "second\nline", false, NULL), VM_OK);
	ck_assert_int_eq(cues_add(&cues, -3000, -1000, "before", false, NULL), VM_OK);
	ck_assert_int_eq(cues_add(&cues, 70000, 71000, "behind", false, NULL), VM_OK);
	ck_assert_int_eq(cues_add(&cues, 5, 10, "", false, NULL), VM_OK);
	text = cues_vtt(&cues, 65000);
	ck_assert_str_eq(text, "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"
	                       "\n00:00:01.000 --> 00:01:05.000\nfirst\n"
	                       "\n00:00:01.000 --> 00:00:02.000\nsecond\nline\n"
	                       "\n00:01:01.500 --> 00:01:02.000 line:0\nthird\n");
	ck_assert_int_eq(cues_read(text, strlen(text), &facts, NULL), VM_OK);
	ck_assert_uint_eq(facts.cues, 3);
	ck_assert_int_eq(facts.end_ms, 65000);
	free(text);
	cues_finish(&cues);
}
END_TEST

START_TEST(no_track_takes_more_than_a_few_megabytes)
{
	struct cues cues = {0};
	struct cues_facts facts;
	int refused = 0;
	char *text;

	for (int64_t i = 0; i < 1000000; i++)
		refused += cues_add(&cues, INT64_MAX - i, INT64_MAX, "x", false, NULL) != VM_OK;
	ck_assert_uint_gt(cues.left_out, 800000);
	ck_assert_uint_lt(cues.count * sizeof *cues.items + cues.text_length, 5 << 20);
	cues_finish(&cues);
	for (int64_t i = 0; i < 200000; i++)
		refused += cues_add(&cues, i * 7919 % 200000, 0, "x", false, NULL) != VM_OK;
	ck_assert_int_eq(refused, 0);
	text = cues_vtt(&cues, 300000);
	ck_assert_int_eq(cues_read(text, strlen(text), &facts, NULL), VM_OK);
	ck_assert_uint_eq(facts.cues, cues.count);
	free(text);
	cues_finish(&cues);
}
END_TEST

static const char *const broken[] = {
    "",
    "WEBVTT",
    "WEBVTTX\n",
    "\xef\xbb\xbfWEBVTT\n",
    "WEBVTT\n\ntext without times\n",
    "WEBVTT\n00:00:01.000 --> 00:00:02.000\nin the head\n",
    "WEBVTT\n\n00:00:01.000 --> 00:00:01.000\nno time\n",
    "WEBVTT\n\n00:00:02.000 --> 00:00:01.000\nbackwards\n",
    "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\na\n\n00:00:01.000 --> 00:00:03.000\nb\n",
    "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\na\n\nb\n",
    "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\na --> b\n",
    "WEBVTT\n\n00:00:02.000 -> 00:00:03.000\na\n",
    "WEBVTT\n\n00:61:02.000 --> 00:62:03.000\na\n",
    "WEBVTT\n\n00:00:02.0 --> 00:00:03.000\na\n",
    "WEBVTT\n\n00:00:02.000 --> 00:00:03.000x\na\n",
    "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\n\xff\n",
    "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\nbreaks off",
};

START_TEST(what_is_no_webvtt_is_refused)
{
	struct cues_facts facts;

	ck_assert_int_eq(cues_read(broken[_i], strlen(broken[_i]), &facts, NULL), VM_ERR_BAD_DATA);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("cues");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, cues_come_out_in_order_and_within_the_pictures);
	tcase_add_test(tests, no_track_takes_more_than_a_few_megabytes);
	tcase_add_loop_test(tests, what_is_no_webvtt_is_refused, 0, sizeof broken / sizeof *broken);
	return run_tests(tests, "cues");
}
