/* test_scan.c - what libconfig would stumble over is taken out, and lines keep their place. */
#include "pipeline/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"
#include "pipeline/scan_number.h"
#include "run.h"

struct scanned {
	struct source source;
	struct diagnostics found;
	char *said;
	bool ok;
};

static void scan(struct scanned *scanned, const char *path)
{
	struct vm_error err;
	size_t length;
	FILE *out;

	*scanned = (struct scanned){0};
	ck_assert_int_eq(source_init(&scanned->source, &err), VM_OK);
	scanned->ok = scan_file(&scanned->source, path, &scanned->found);
	out = open_memstream(&scanned->said, &length);
	ck_assert_ptr_nonnull(out);
	diagnostics_print(&scanned->found, out);
	fclose(out);
}

static void scanned_finish(struct scanned *scanned)
{
	source_finish(&scanned->source);
	diagnostics_finish(&scanned->found);
	free(scanned->said);
}

static void check_scan(const char *text, const char *becomes, const char *said)
{
	struct scanned scanned;

	fixture_write("x.cfg", text);
	scan(&scanned, "x.cfg");
	ck_assert_str_eq(scanned.said, said);
	ck_assert(scanned.ok);
	ck_assert_str_eq(scanned.source.text.bytes, becomes);
	scanned_finish(&scanned);
}

static void check_same(const char *text)
{
	check_scan(text, text, "");
}

START_TEST(what_libconfig_reads_rightly_is_left_alone)
{
	check_same("a = 1;\nb : \"x\"; c = [ 1, 2 ]; d = ( 1, \"x\", { e = true; } ), f = FALSE\n");
	check_same("a = \"4294967296 // { } \\\" a = @include\"; # a = 4294967296\n");
	check_same("a = 1.5; b = -1.e5; c = .5; d = 1e3; /* a = 4294967296\n { \n */ e = -5;");
	check_same("g = { a = 1; h = { a = 1; }; }; i = ( { a = 1; }, { a = 2; } );");
	check_same("a = \"one\" \"two\"; b = ( ); c = [ ]; d = { };");
	check_same("  @include\"x.cfg\"\n"); /* to libconfig neither an include */
}
END_TEST

START_TEST(integers_of_more_than_32_bits_are_marked)
{
	check_scan("a = 2147483648; b = -2147483649, c = [ 2147483647, 5000000000 ];",
	           "a = 2147483648L; b = -2147483649L, c = [ 2147483647, 5000000000L ];", "");
}
END_TEST

static void check_number(const char *text, const char *becomes)
{
	char number[SCAN_NUMBER_MAX];

	ck_assert_msg(scan_number(text, strlen(text), number), "%s", text);
	ck_assert_str_eq(number, becomes);
}

START_TEST(numbers_keep_their_value)
{
	check_number("0", "0");
	check_number("+7", "7");
	check_number("5L", "5L");
	check_number("5LL", "5L");
	check_number("0x7fffffff", "2147483647");
	check_number("0x80000000", "2147483648L");
	check_number("9223372036854775807", "9223372036854775807L");
	check_number("-9223372036854775808L", "-9223372036854775808L");
	check_number("9223372036854775808", "9223372036854775808.0");
	check_number("0xffffffffffffffff", "18446744073709551616.0");
	check_number("1.50", "1.50");
	check_number("1e400", "1e400");
}
END_TEST

START_TEST(what_is_no_number_is_told_apart)
{
	static const char *const texts[] = {"30s", "1.5M", "-",     "+",    "0x",  "0xg", ".",
	                                    "1e",  "1e+",  "1.2.3", "5LLL", "10%", "1/2", "--1"};
	char number[SCAN_NUMBER_MAX];

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		ck_assert_msg(!scan_number(texts[i], strlen(texts[i]), number), "%s", texts[i]);
}
END_TEST

START_TEST(a_text_without_quotes_is_told_and_gets_them)
{
	check_scan("lease = 30s;\nplugin = storage-local; poster = 10%\nlisten = 127.0.0.1:8080;\n"
	           "output = [ hls, \"mp4\" ];",
	           "lease = \"30s\";\nplugin = \"storage-local\"; poster = \"10%\"\n"
	           "listen = \"127.0.0.1:8080\";\noutput = [ \"hls\", \"mp4\" ];",
	           "x.cfg:1: error: the text of \"lease\" must stand in quotes\n"
	           "x.cfg:2: error: the text of \"plugin\" must stand in quotes\n"
	           "x.cfg:2: error: the text of \"poster\" must stand in quotes\n"
	           "x.cfg:3: error: the text of \"listen\" must stand in quotes\n"
	           "x.cfg:4: error: the text of \"output\" must stand in quotes\n");
}
END_TEST

START_TEST(a_setting_given_twice_is_told_and_set_aside)
{
	check_scan(
	    "a = 1;\ng = { a = 1;\n  b = 2;\n  a = 3; a = 4; };\na = { };\n",
	    "a = 1;\ng = { a = 1;\n  b = 2;\n  *twice-1 = 3; *twice-2 = 4; };\n*twice-3 = { };\n",
	    "x.cfg:4: error: \"a\" is given twice; the first time in x.cfg:2\n"
	    "x.cfg:4: error: \"a\" is given twice; the first time in x.cfg:2\n"
	    "x.cfg:5: error: \"a\" is given twice; the first time in x.cfg:1\n");
}
END_TEST

START_TEST(includes_stand_in_place_and_lines_know_where_they_were)
{
	struct scanned scanned;
	unsigned line;

	ck_assert_int_eq(mkdir("parts", 0700), 0);
	fixture_write("x.cfg", "a = 1;\n  @include \"parts/one.cfg\" # one\nd = 4;\n");
	fixture_write("parts/one.cfg", "b = 2;\n@include \"two.cfg\"\n");
	fixture_write("parts/two.cfg", "\nc = 3; a = 5;");
	scan(&scanned, "./x.cfg");
	ck_assert(scanned.ok);
	ck_assert_str_eq(
	    scanned.said,
	    "./parts/two.cfg:2: error: \"a\" is given twice; the first time in ./x.cfg:1\n");
	ck_assert_str_eq(scanned.source.text.bytes,
	                 "a = 1;\n\nb = 2;\n\n\nc = 3; *twice-1 = 5;\n\n\n # one\nd = 4;\n");
	ck_assert_str_eq(source_place(&scanned.source, 3, &line), "./parts/one.cfg");
	ck_assert_uint_eq(line, 1);
	ck_assert_str_eq(source_place(&scanned.source, 6, &line), "./parts/two.cfg");
	ck_assert_uint_eq(line, 2);
	ck_assert_str_eq(source_place(&scanned.source, 9, &line), "./x.cfg");
	ck_assert_uint_eq(line, 2);
	ck_assert_str_eq(source_place(&scanned.source, 10, &line), "./x.cfg");
	ck_assert_uint_eq(line, 3);
	scanned_finish(&scanned);
}
END_TEST

static void check_refused(const char *text, const char *said)
{
	struct scanned scanned;

	fixture_write("x.cfg", text);
	scan(&scanned, "x.cfg");
	ck_assert(!scanned.ok);
	ck_assert_str_eq(scanned.said, said);
	scanned_finish(&scanned);
}

START_TEST(an_include_that_cannot_be_read_is_named)
{
	check_refused("\n@include \"none.cfg\"\n",
	              "x.cfg:2: error: include \"none.cfg\": No such file or directory\n");
	check_refused("@include \".\"\n", "x.cfg:1: error: include \".\": not a regular file\n");
	check_refused("@include \"x.cfg\"\n",
	              "x.cfg:1: error: include \"x.cfg\": 10 files deep; does it include itself?\n");
}
END_TEST

START_TEST(a_file_that_never_ends_is_refused)
{
	struct scanned scanned;
	FILE *out = fopen("x.cfg", "w");

	ck_assert_ptr_nonnull(out);
	for (int i = 0; i < 70000; i++)
		fputs("# sixteen bytes\n", out);
	ck_assert_int_eq(fclose(out), 0);
	scan(&scanned, "x.cfg");
	ck_assert(!scanned.ok);
	ck_assert_str_eq(scanned.said, "x.cfg: error: longer than the 1048576 bytes allowed\n");
	scanned_finish(&scanned);
}
END_TEST

START_TEST(a_nul_byte_is_refused)
{
	struct scanned scanned;
	FILE *out = fopen("x.cfg", "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite("a = 1;\0b", 1, 8, out), 8);
	ck_assert_int_eq(fclose(out), 0);
	scan(&scanned, "x.cfg");
	ck_assert_str_eq(scanned.said, "x.cfg: error: there is a NUL byte in it\n");
	scanned_finish(&scanned);
}
END_TEST

START_TEST(what_never_ends_is_told_where_it_begins)
{
	check_refused("a = 1;\nb = \"open;\n\n",
	              "x.cfg:2: error: the text that begins here never ends\n");
	check_refused("a = \"open\\\"", "x.cfg:1: error: the text that begins here never ends\n");
	check_refused("@include \"x.cfg", "x.cfg:1: error: the text that begins here never ends\n");
	check_refused("a = 1;\n/*/ open", "x.cfg:2: error: the comment that begins here never ends\n");
	check_refused("a = {\nb = { c = {};\n}; d = 1;",
	              "x.cfg:1: error: the group that begins here never ends\n");
}
END_TEST

START_TEST(too_many_ends_are_left_to_libconfig)
{
	check_same("}}} a = { };");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("scan");

	tcase_add_checked_fixture(tests, fixture_enter_folder, fixture_leave_folder);
	tcase_add_test(tests, what_libconfig_reads_rightly_is_left_alone);
	tcase_add_test(tests, integers_of_more_than_32_bits_are_marked);
	tcase_add_test(tests, numbers_keep_their_value);
	tcase_add_test(tests, what_is_no_number_is_told_apart);
	tcase_add_test(tests, a_text_without_quotes_is_told_and_gets_them);
	tcase_add_test(tests, a_setting_given_twice_is_told_and_set_aside);
	tcase_add_test(tests, includes_stand_in_place_and_lines_know_where_they_were);
	tcase_add_test(tests, an_include_that_cannot_be_read_is_named);
	tcase_add_test(tests, a_file_that_never_ends_is_refused);
	tcase_add_test(tests, a_nul_byte_is_refused);
	tcase_add_test(tests, what_never_ends_is_told_where_it_begins);
	tcase_add_test(tests, too_many_ends_are_left_to_libconfig);
	return run_tests(tests, "scan");
}
