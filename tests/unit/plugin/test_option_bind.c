/* test_option_bind.c - a group is put into a struct; each mistake in it has its own sentence. */
#include "bind.h"

#include <vidmill/plugin.h>

struct rendition {
	const char *name;
	int64_t height;
	uint64_t bitrate;
};

struct config {
	const char *bucket, *prefix;
	bool tls;
	int64_t tries;
	uint64_t part_size, timeout;
	int preset;
	struct vm_rational rate;
	struct vm_strings output, tags;
	struct vm_groups video;
	const char *old;
};

static const char *const presets[] = {"slow", "medium", "fast", NULL};
static const char *const outputs[] = {"hls", "dash", "mp4", NULL};

static const struct vm_option rendition_options[] = {
    {.name = "name",
     VM_STRING(struct rendition, name),
     .flags = VM_REQUIRED | VM_UNIQUE,
     .doc = "Names it."},
    {.name = "height", VM_INT(struct rendition, height), .min = 16, .max = 8192, .doc = "Lines."},
    {.name = "bitrate", VM_RATE(struct rendition, bitrate), .fallback = "1M", .doc = "Bits."},
    {.name = NULL},
};

static const struct vm_option table[] = {
    {.name = "bucket",
     VM_STRING(struct config, bucket),
     .flags = VM_REQUIRED,
     .doc = "Bucket to read and write."},
    {.name = "prefix", VM_STRING(struct config, prefix), .fallback = "v/", .doc = "In front."},
    {.name = "tls", VM_BOOL(struct config, tls), .fallback = "true", .doc = "Encrypts."},
    {.name = "tries",
     VM_INT(struct config, tries),
     .fallback = "3",
     .min = 1,
     .max = 9,
     .doc = "N."},
    {.name = "part_size",
     VM_SIZE(struct config, part_size),
     .fallback = "8MiB",
     .min = 5 << 20,
     .max = INT64_C(5) << 30,
     .doc = "Bytes."},
    {.name = "timeout",
     VM_DURATION(struct config, timeout),
     .fallback = "1m30s",
     .min = 1000,
     .doc = "Wait."},
    {.name = "preset",
     VM_CHOICE(struct config, preset),
     .fallback = "medium",
     .choices = presets,
     .doc = "Speed."},
    {.name = "rate", VM_RATIONAL(struct config, rate), .fallback = "30000/1001", .doc = "Rate."},
    {.name = "output",
     VM_STRINGS(struct config, output),
     .fallback = "[ \"hls\", \"mp4\" ]",
     .choices = outputs,
     .doc = "Forms."},
    {.name = "tags", VM_STRINGS(struct config, tags), .doc = "Free."},
    {.name = "video",
     VM_GROUPS(struct config, video, rendition_options, struct rendition),
     .fallback = "( { name = \"720p\"; height = 720; } )",
     .doc = "Ladder."},
    {.name = "old",
     VM_STRING(struct config, old),
     .flags = VM_DEPRECATED,
     .doc = "Write prefix instead."},
    {.name = NULL},
};

static void check_said(const char *text, const char *said)
{
	struct config config = {0};
	struct bound bound;

	bind_text(&bound, table, text, &config);
	ck_assert_str_eq(bound.said, said);
	bound_finish(&bound);
}

START_TEST(what_is_not_written_has_its_default)
{
	struct config config = {0};
	const struct rendition *rendition;
	struct bound bound;

	bind_text(&bound, table, "bucket = \"b\";", &config);
	ck_assert_str_eq(bound.said, "");
	ck_assert_str_eq(config.bucket, "b");
	ck_assert_str_eq(config.prefix, "v/");
	ck_assert(config.tls);
	ck_assert_int_eq(config.tries, 3);
	ck_assert_uint_eq(config.part_size, 8 << 20);
	ck_assert_uint_eq(config.timeout, 90000);
	ck_assert_int_eq(config.preset, 1);
	ck_assert(config.rate.num == 30000 && config.rate.den == 1001);
	ck_assert_uint_eq(config.output.count, 2);
	ck_assert_str_eq(config.output.items[1], "mp4");
	ck_assert_uint_eq(config.tags.count, 0);
	ck_assert_uint_eq(config.video.count, 1);
	rendition = config.video.items;
	ck_assert_str_eq(rendition->name, "720p");
	ck_assert_uint_eq(rendition->bitrate, 1000000);
	ck_assert_ptr_null(config.old);
	bound_finish(&bound);
}
END_TEST

START_TEST(what_is_written_is_bound)
{
	struct config config = {0};
	const struct rendition *renditions;
	struct bound bound;

	bind_text(&bound, table,
	          "plugin = \"p\"; bucket = \"b\"; prefix = \"\"; tls = false; tries = 9;"
	          "part_size = 6000000; timeout = \"2s\"; preset = \"fast\"; rate = 0.5;"
	          "output = [ \"dash\" ]; tags = ( \"x\", \"y\", \"z\" );"
	          "video = ( { name = \"a\"; height = 16; bitrate = \"4.5M\"; },"
	          "          { name = \"b\"; height = 8192; bitrate = 128000; } );",
	          &config);
	ck_assert_str_eq(bound.said, "");
	ck_assert_str_eq(config.prefix, "");
	ck_assert(!config.tls);
	ck_assert_int_eq(config.tries, 9);
	ck_assert_uint_eq(config.part_size, 6000000);
	ck_assert_uint_eq(config.timeout, 2000);
	ck_assert_int_eq(config.preset, 2);
	ck_assert(config.rate.num == 1 && config.rate.den == 2);
	ck_assert_str_eq(config.output.items[0], "dash");
	ck_assert_uint_eq(config.tags.count, 3);
	ck_assert_str_eq(config.tags.items[2], "z");
	ck_assert_uint_eq(config.video.count, 2);
	renditions = config.video.items;
	ck_assert_uint_eq(renditions[0].bitrate, 4500000);
	ck_assert_str_eq(renditions[1].name, "b");
	ck_assert_uint_eq(renditions[1].bitrate, 128000);
	bound_finish(&bound);
}
END_TEST

START_TEST(an_unknown_option_is_told_with_what_was_meant)
{
	check_said("bucket = \"b\";\nbukcet = \"b\";",
	           "2 storage: unknown option \"bukcet\"; did you mean \"bucket\"?\n");
	check_said("bucket = \"b\";\n\nplugni = \"b\";",
	           "3 storage: unknown option \"plugni\"; did you mean \"plugin\"?\n");
	check_said(
	    "bucket = \"b\"; zzzzz = 1;",
	    "1 storage: unknown option \"zzzzz\"; known here: plugin, bucket, prefix, tls, tries, "
	    "part_size, timeout, preset, rate, output, tags, video\n");
}
END_TEST

START_TEST(a_missing_option_is_told_with_its_meaning)
{
	check_said("tries = 1;",
	           "0 storage: option \"bucket\" is missing: Bucket to read and write.\n");
	check_said(NULL, "0 storage: option \"bucket\" is missing: Bucket to read and write.\n");
}
END_TEST

START_TEST(a_value_out_of_range_is_told_in_the_users_unit)
{
	check_said("bucket = \"b\";\npart_size = \"1MiB\";\ntries = 10;\ntimeout = \"999ms\";",
	           "2 storage: part_size is \"1MiB\"; it must be from 5MiB to 5GiB\n"
	           "3 storage: tries is 10; it must be from 1 to 9\n"
	           "4 storage: timeout is \"999ms\"; it must be at least 1s\n");
}
END_TEST

START_TEST(a_value_of_another_type_is_told_with_an_example)
{
	check_said(
	    "bucket = 5;\nprefix = { };\ntls = \"yes\";\ntries = 1.5;\npart_size = 1.5;\n"
	    "timeout = 30;\npreset = 1;\nrate = true;\noutput = \"hls\";\nvideo = 7;",
	    "1 storage: bucket is 5; it must be text in quotes\n"
	    "2 storage: prefix is a group; it must be text in quotes\n"
	    "3 storage: tls is \"yes\"; it must be true or false\n"
	    "4 storage: tries is 1.5; it must be a whole number\n"
	    "5 storage: part_size is 1.5; it must be a size such as 4096, \"64KiB\" or \"1.5MB\"\n"
	    "6 storage: timeout is 30; it must be a duration such as \"250ms\", \"30s\" or "
	    "\"1h30m\"\n"
	    "7 storage: preset is 1; it must be one of slow, medium, fast\n"
	    "8 storage: rate is true; it must be a number such as 25, \"30000/1001\", \"0.5\" or "
	    "\"10%\"\n"
	    "9 storage: output is \"hls\"; it must be a list of texts such as [ \"a\", \"b\" ]\n"
	    "10 storage: video is 7; it must be a list of groups such as ( { … }, { … } )\n");
}
END_TEST

START_TEST(a_text_that_is_no_value_is_told_with_an_example)
{
	check_said(
	    "bucket = \"b\";\npart_size = \"8Mib\";\ntimeout = \"soon\";\nrate = \"1/0\";",
	    "2 storage: part_size is \"8Mib\"; it must be a size such as 4096, \"64KiB\" or "
	    "\"1.5MB\"\n"
	    "3 storage: timeout is \"soon\"; it must be a duration such as \"250ms\", \"30s\" or "
	    "\"1h30m\"\n"
	    "4 storage: rate is \"1/0\"; it must be a number such as 25, \"30000/1001\", \"0.5\" or "
	    "\"10%\"\n");
}
END_TEST

START_TEST(a_wrong_choice_is_told_with_the_right_ones)
{
	check_said("bucket = \"b\";\npreset = \"fsat\";\noutput = [\"hls\",\n\"web\"];",
	           "2 storage: preset is \"fsat\"; did you mean \"fast\"? Allowed: slow, medium, fast\n"
	           "4 storage: output[1] is \"web\"; it must be one of hls, dash, mp4\n");
}
END_TEST

START_TEST(mistakes_in_a_list_of_groups_are_told_by_entry)
{
	check_said("bucket = \"b\";\nvideo = ( { name = \"a\"; hieght = 720; },\n{ height = 8; },\n5,\n"
	           "{ name = \"a\"; bitrate = \"fast\"; } );",
	           "2 storage: video[0]: unknown option \"hieght\"; did you mean \"height\"?\n"
	           "3 storage: video[1]: option \"name\" is missing: Names it.\n"
	           "3 storage: video[1].height is 8; it must be from 16 to 8192\n"
	           "4 storage: video[2] is 5; it must be a group such as { … }\n"
	           "5 storage: video[3].bitrate is \"fast\"; it must be a bit rate such as 128000, "
	           "\"128k\" or \"4.5M\"\n"
	           "5 storage: video[3].name is \"a\", as in video[0]; no two may be the same\n");
}
END_TEST

START_TEST(a_deprecated_option_is_read_with_a_warning)
{
	struct config config = {0};
	struct bound bound;

	bind_text(&bound, table, "bucket = \"b\"; old = \"x\";", &config);
	ck_assert_str_eq(bound.said, "1 warning: storage: old is deprecated: Write prefix instead.\n");
	ck_assert_uint_eq(bound.found.errors, 0);
	ck_assert_str_eq(config.old, "x");
	bound_finish(&bound);
}
END_TEST

START_TEST(a_default_that_does_not_fit_is_the_authors_mistake)
{
	static const struct vm_option broken[] = {
	    {.name = "size", VM_SIZE(struct config, part_size), .fallback = "8 MiB", .doc = "."},
	    {.name = "tries",
	     VM_INT(struct config, tries),
	     .fallback = "0",
	     .min = 1,
	     .max = 2,
	     .doc = "."},
	    {.name = "tags", VM_STRINGS(struct config, tags), .fallback = "[ \"a\", ", .doc = "."},
	    {.name = NULL},
	};
	struct config config = {0};
	struct bound bound;

	bind_text(&bound, broken, "", &config);
	ck_assert_str_eq(
	    bound.said,
	    "0 storage: size has the default 8 MiB, which does not fit its own table\n"
	    "0 storage: tries has the default 0, which does not fit its own table\n"
	    "0 storage: tags has the default [ \"a\", , which does not fit its own table\n");
	bound_finish(&bound);
}
END_TEST

START_TEST(a_plugin_may_have_no_table)
{
	struct bound bound;

	bind_text(&bound, NULL, "plugin = \"p\";\nx = 1;", NULL);
	ck_assert_str_eq(bound.said, "2 storage: unknown option \"x\"; known here: plugin\n");
	bound_finish(&bound);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("option_bind");

	tcase_add_test(tests, what_is_not_written_has_its_default);
	tcase_add_test(tests, what_is_written_is_bound);
	tcase_add_test(tests, an_unknown_option_is_told_with_what_was_meant);
	tcase_add_test(tests, a_missing_option_is_told_with_its_meaning);
	tcase_add_test(tests, a_value_out_of_range_is_told_in_the_users_unit);
	tcase_add_test(tests, a_value_of_another_type_is_told_with_an_example);
	tcase_add_test(tests, a_text_that_is_no_value_is_told_with_an_example);
	tcase_add_test(tests, a_wrong_choice_is_told_with_the_right_ones);
	tcase_add_test(tests, mistakes_in_a_list_of_groups_are_told_by_entry);
	tcase_add_test(tests, a_deprecated_option_is_read_with_a_warning);
	tcase_add_test(tests, a_default_that_does_not_fit_is_the_authors_mistake);
	tcase_add_test(tests, a_plugin_may_have_no_table);
	return run_tests(tests, "option_bind");
}
