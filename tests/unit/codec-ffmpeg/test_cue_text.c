/* test_cue_text.c - texts of subtitles, friendly and hostile, as WebVTT. */
#include "cue_text.h"

#include <string.h>

#include "run.h"
#include "text.h"

static const struct {
	const char *event, *text;
} table[] = {
    {"Hello", "Hello"},
    {"", ""},
    {"one\\Ntwo", "one\ntwo"},
    {"one\\N\\N \\Ntwo\\N", "one\n two"},
    {"soft\\nand\\hhard", "soft and hard"},
    {"{\\i1}slanted{\\i0} and {\\b1}bold", "<i>slanted</i> and <b>bold</b>"},
    {"{\\i1}a{\\b1}b{\\i0}c", "<i>a<b>b</b></i><b>c</b>"},
    {"{\\i1\\b1}both{\\r}none", "<b><i>both</i></b>none"},
    {"{\\u1}{\\u0}", ""},
    {"{\\pos(10,20)\\c&HFFFFFF&}placed", "placed"},
    {"{\\p1}m 0 0 l 100 0{\\p0}text", "text"},
    {"{open", "{open"},
    {"\\{literal\\} \\\\", "{literal} \\"},
    {"back\\slash", "back\\slash"},
    {"<script>alert('&')</script>", "&lt;script&gt;alert('&amp;')&lt;/script&gt;"},
    {"a --> b", "a --&gt; b"},
    {"00:00:01.000 --> 00:00:02.000", "00:00:01.000 --&gt; 00:00:02.000"},
    {"bell\x07, null", "bell\xef\xbf\xbd, null"},
    {"Latin-1: \xe9t\xe9", "Latin-1: \xef\xbf\xbdt\xef\xbf\xbd"},
    {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
    {"raw\nline\r\n\nend", "raw\nline\nend"},
};

START_TEST(events_become_cues)
{
	char text[CUE_TEXT_MAX];
	bool top;

	cue_text(table[_i].event, text, &top);
	ck_assert_str_eq(text, table[_i].text);
	ck_assert(!top);
}
END_TEST

START_TEST(what_stands_above_stays_above)
{
	char text[CUE_TEXT_MAX];
	bool top;

	cue_text("{\\an8}sign", text, &top);
	ck_assert_str_eq(text, "sign");
	ck_assert(top);
	cue_text("{\\an2}speech", text, &top);
	ck_assert(!top);
}
END_TEST

/* Of every piece of text the cut one is whole characters and closed tags. */
START_TEST(what_is_too_long_is_cut)
{
	static const char *const pieces[] = {"{\\i1}a{\\b1}<{\\i0}", "\xe6\x97\xa5", "&", "\\N",
	                                     "x\\N"};
	static char event[1 << 17];

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		char text[CUE_TEXT_MAX];
		size_t length = strlen(pieces[i]), opened = 0, closed = 0;
		bool top;

		for (size_t at = 0; at + length < sizeof event; at += length)
			memcpy(event + at, pieces[i], length + 1);
		cue_text(event, text, &top);
		ck_assert_uint_lt(strlen(text), CUE_TEXT_MAX);
		ck_assert(text_is_valid(text));
		ck_assert_ptr_null(strstr(text, "\n\n"));
		for (const char *at = text; (at = strchr(at, '<')) != NULL; at++) {
			opened += at[1] != '/';
			closed += at[1] == '/';
		}
		ck_assert_uint_eq(opened, closed);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("cue_text");

	tcase_add_loop_test(tests, events_become_cues, 0, sizeof table / sizeof *table);
	tcase_add_test(tests, what_stands_above_stays_above);
	tcase_add_test(tests, what_is_too_long_is_cut);
	return run_tests(tests, "cue_text");
}
