/* test_option_print.c - one table, told to people, to programs and in the documentation. */
#include "plugin/option_print.h"

#include <stdlib.h>

#include "run.h"

struct rendition {
	const char *name;
	uint64_t bitrate;
};

struct config {
	const char *bucket, *key, *old;
	uint64_t part_size;
	int preset;
	struct vm_strings output;
	struct vm_groups video;
};

static const char *const presets[] = {"slow", "fast", NULL};
static const char *const outputs[] = {"hls", "mp4", NULL};

static const struct vm_option rendition_options[] = {
    {.name = "name",
     VM_STRING(struct rendition, name),
     .flags = VM_REQUIRED | VM_UNIQUE,
     .doc = "Names <name>.mp4."},
    {.name = "bitrate", VM_RATE(struct rendition, bitrate), .min = 10000, .doc = "Bits | second."},
    {.name = NULL},
};

static const struct vm_option table[] = {
    {.name = "bucket",
     VM_STRING(struct config, bucket),
     .flags = VM_REQUIRED,
     .doc = "Bucket to read and write."},
    {.name = "key", VM_STRING(struct config, key), .flags = VM_SECRET, .doc = "Opens it."},
    {.name = "part_size",
     VM_SIZE(struct config, part_size),
     .fallback = "8MiB",
     .min = 5 << 20,
     .max = INT64_C(5) << 30,
     .doc = "Bytes in one part."},
    {.name = "preset",
     VM_CHOICE(struct config, preset),
     .fallback = "fast",
     .choices = presets,
     .doc = "Speed."},
    {.name = "output",
     VM_STRINGS(struct config, output),
     .fallback = "[ \"hls\" ]",
     .choices = outputs,
     .doc = "Forms."},
    {.name = "video",
     VM_GROUPS(struct config, video, rendition_options, struct rendition),
     .doc = "Ladder."},
    {.name = "old", VM_STRING(struct config, old), .flags = VM_DEPRECATED, .doc = "Leave it out."},
    {.name = NULL},
};

static const struct plugin plugin = {
    .entry =
        {
            VM_PLUGIN(VM_KIND_STORAGE),
            .name = "storage-x",
            .version = "1.2.3",
            .summary = "Objects in X.",
            .threads = VM_THREADS_PARALLEL,
            .options = table,
        },
    .path = (char[]){"/plugins/storage-x.so"},
};

static FILE *open_text(char **text, size_t *length)
{
	FILE *out = open_memstream(text, length);

	ck_assert_ptr_nonnull(out);
	return out;
}

START_TEST(people_get_one_paragraph_for_each)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_text(&text, &length);

	option_print_text(table, out);
	fclose(out);
	ck_assert_str_eq(text, "  bucket     string, required\n"
	                       "             Bucket to read and write.\n"
	                       "  key        string, secret: env:NAME or file:/path\n"
	                       "             Opens it.\n"
	                       "  part_size  size, from 5MiB to 5GiB, default 8MiB\n"
	                       "             Bytes in one part.\n"
	                       "  preset     one of slow, fast, default fast\n"
	                       "             Speed.\n"
	                       "  output     list of hls, mp4, default [ \"hls\" ]\n"
	                       "             Forms.\n"
	                       "  video      list of groups\n"
	                       "             Ladder.\n"
	                       "             name     string, no two the same, required\n"
	                       "                      Names <name>.mp4.\n"
	                       "             bitrate  rate, at least 10k\n"
	                       "                      Bits | second.\n"
	                       "  old        string, deprecated\n"
	                       "             Leave it out.\n");
	free(text);
}
END_TEST

START_TEST(the_documentation_gets_tables)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_text(&text, &length);

	plugin_print_markdown(&plugin, out);
	fclose(out);
	ck_assert_str_eq(
	    text,
	    "<!-- Made by the target docs-plugins from the plugin's own tables: do not edit. -->\n"
	    "# storage-x\n\nObjects in X.\n\n"
	    "- kind: storage\n- version: 1.2.3\n"
	    "- threads: parallel, any number of operations at once\n"
	    "- optional functions it has: none\n\n## Options\n\n"
	    "| option | type | default | meaning |\n| --- | --- | --- | --- |\n"
	    "| `bucket` | string | required | Bucket to read and write. |\n"
	    "| `key` | string, secret: env:NAME or file:/path | none | Opens it. |\n"
	    "| `part_size` | size, from 5MiB to 5GiB | `8MiB` | Bytes in one part. |\n"
	    "| `preset` | one of slow, fast | `fast` | Speed. |\n"
	    "| `output` | list of hls, mp4 | `[ \"hls\" ]` | Forms. |\n"
	    "| `video` | list of groups | none | Ladder. |\n"
	    "| `old` | string, deprecated | none | Leave it out. |\n\n"
	    "Each group in the list `video`:\n\n"
	    "| option | type | default | meaning |\n| --- | --- | --- | --- |\n"
	    "| `name` | string, no two the same | required | Names \\<name>.mp4. |\n"
	    "| `bitrate` | rate, at least 10k | none | Bits \\| second. |\n");
	free(text);
}
END_TEST

START_TEST(programs_get_every_member)
{
	json_t *json = plugin_to_json(&plugin), *expected;
	json_error_t error;

	expected = json_loads(
	    "{\"name\": \"storage-x\", \"kind\": \"storage\", \"version\": \"1.2.3\","
	    " \"summary\": \"Objects in X.\", \"threads\": \"parallel\","
	    " \"abi\": {\"major\": 1, \"minor\": 0}, \"file\": \"/plugins/storage-x.so\","
	    " \"extras\": []}",
	    0, &error);
	ck_assert_ptr_nonnull(json);
	ck_assert_ptr_nonnull(expected);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "options")), 7);
	ck_assert_int_eq(json_object_set_new(expected, "options", option_to_json(table)), 0);
	ck_assert(json_equal(json, expected));
	json_decref(expected);
	json_decref(json);
}
END_TEST

START_TEST(a_row_is_told_whole)
{
	json_t *json = option_to_json(table), *expected;
	json_error_t error;

	expected = json_loads("{\"name\": \"part_size\", \"type\": \"size\", \"required\": false,"
	                      " \"secret\": false, \"unique\": false, \"deprecated\": false,"
	                      " \"default\": \"8MiB\", \"min\": 5242880, \"max\": 5368709120,"
	                      " \"doc\": \"Bytes in one part.\"}",
	                      0, &error);
	ck_assert(json_equal(json_array_get(json, 2), expected));
	json_decref(expected);
	expected = json_loads("[\"slow\", \"fast\"]", 0, &error);
	ck_assert(json_equal(json_object_get(json_array_get(json, 3), "choices"), expected));
	json_decref(expected);
	ck_assert_uint_eq(json_array_size(json_object_get(json_array_get(json, 5), "options")), 2);
	ck_assert(json_is_true(json_object_get(json_array_get(json, 1), "secret")));
	json_decref(json);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("option_print");

	tcase_add_test(tests, people_get_one_paragraph_for_each);
	tcase_add_test(tests, the_documentation_gets_tables);
	tcase_add_test(tests, programs_get_every_member);
	tcase_add_test(tests, a_row_is_told_whole);
	return run_tests(tests, "option_print");
}
