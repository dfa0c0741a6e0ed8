/* test_pipeline.c - what a right file becomes; that each wrong one in tests/data is told why. */
#include "pipeline/pipeline.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_plugins.h"
#include "fixture.h"
#include "run.h"

#define ONE_GROUP_EACH                                                                             \
	"storage = { plugin = \"storage-fake\"; }; queue = { plugin = \"queue-fake\"; };"              \
	"compute = { plugin = \"compute-fake\"; }; meta = { plugin = \"meta-fake\"; };"

#define ONE_STAGE "stages = ( { name = \"web\"; plugin = \"codec-fake\"; } );"

START_TEST(a_short_file_has_all_defaults)
{
	struct fixture fixture;
	const struct pipeline *pipeline;

	fixture_read_text(&fixture, ONE_GROUP_EACH ONE_STAGE);
	pipeline = fixture.pipeline;
	ck_assert_str_eq(fixture.said, "");
	ck_assert_str_eq(pipeline->path, "x.cfg");
	ck_assert_str_eq(pipeline->name, "x");
	ck_assert_int_eq(pipeline->policy.attempts, 5);
	ck_assert_int_eq(pipeline->policy.releases, 5);
	ck_assert_uint_eq(pipeline->policy.backoff_ms, 5000);
	ck_assert_uint_eq(pipeline->policy.backoff_max_ms, 900000);
	ck_assert_uint_eq(pipeline->policy.lease_ms, 120000);
	ck_assert(pipeline->policy.keep_source);
	ck_assert_int_eq(pipeline->policy.ingest, INGEST_ISSUED);
	ck_assert_uint_eq(pipeline->policy.limits.bytes, UINT64_C(50) << 30);
	ck_assert_uint_eq(pipeline->policy.limits.cpu_ms, 12 * 3600 * 1000);
	ck_assert_uint_eq(pipeline->policy.limits.memory_bytes, UINT64_C(4) << 30);
	ck_assert_uint_eq(pipeline->policy.codec_limits.size, sizeof(struct vm_limits));
	ck_assert_uint_eq(pipeline->policy.codec_limits.width, 7680);
	ck_assert_uint_eq(pipeline->policy.codec_limits.height, 4320);
	ck_assert_uint_eq(pipeline->policy.codec_limits.duration_ms, 4 * 3600 * 1000);
	ck_assert_uint_eq(pipeline->policy.codec_limits.streams, 32);
	ck_assert_uint_eq(pipeline->policy.codec_limits.frames, 16000000);
	ck_assert_uint_eq(pipeline->policy.codec_limits.output_bytes, UINT64_C(200) << 30);
	ck_assert_str_eq(pipeline->server.listen, "127.0.0.1:8080");
	ck_assert_ptr_null(pipeline->server.tokens);
	ck_assert_ptr_null(pipeline->server.inbox);
	ck_assert_uint_eq(pipeline->server.upload_expires_ms, 3600000);
	ck_assert_uint_eq(pipeline->server.upload_bytes_max, 0);
	ck_assert_uint_eq(pipeline->server.drain_ms, 30000);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(one_storage_is_one_role_and_one_queue_is_two)
{
	struct fixture fixture;
	const struct pipeline *pipeline;

	fixture_read_text(&fixture, ONE_GROUP_EACH ONE_STAGE);
	pipeline = fixture.pipeline;
	ck_assert_ptr_eq(pipeline->storage_unprocessed, pipeline->storage_processed);
	ck_assert_str_eq(pipeline->storage_processed->name, "storage");
	ck_assert_ptr_ne(pipeline->queue_unprocessed, pipeline->queue_processed);
	ck_assert_str_eq(pipeline->queue_unprocessed->name, "queue.unprocessed");
	ck_assert_str_eq(pipeline->queue_processed->name, "queue.processed");
	ck_assert_ptr_eq(pipeline->queue_unprocessed->config, pipeline->queue_processed->config);
	ck_assert_str_eq(pipeline->compute->name, "compute");
	ck_assert_str_eq(pipeline->meta->name, "meta");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(split_places_have_options_of_their_own)
{
	struct fixture fixture;
	const struct fake_storage_config *unprocessed, *processed;

	fixture_read_text(&fixture,
	                  "name = \"two\";\n"
	                  "storage = { unprocessed = { plugin = \"storage-fake\"; root = \"a\"; };\n"
	                  "  processed = { plugin = \"storage-fake\"; root = \"b\"; }; };\n"
	                  "queue = { unprocessed = { plugin = \"queue-fake\"; };\n"
	                  "  processed = { plugin = \"queue-fake\"; }; };\n"
	                  "compute = { plugin = \"compute-fake\"; };\n"
	                  "meta = { plugin = \"meta-fake\"; };\n" ONE_STAGE);
	ck_assert_str_eq(fixture.said, "");
	unprocessed = fixture.pipeline->storage_unprocessed->config;
	processed = fixture.pipeline->storage_processed->config;
	ck_assert_str_eq(unprocessed->root, "a");
	ck_assert_str_eq(processed->root, "b");
	ck_assert_str_eq(fixture.pipeline->storage_processed->name, "storage.processed");
	ck_assert_uint_eq(fixture.pipeline->storage_processed->line, 3);
	ck_assert_str_eq(fixture.pipeline->storage_processed->file, "x.cfg");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(a_stage_may_read_an_earlier_one)
{
	struct fixture fixture;
	const struct stage *thumbs;

	fixture_read_text(
	    &fixture, ONE_GROUP_EACH
	    "stages = ( { name = \"web\"; plugin = \"codec-fake\"; },\n"
	    "  { name = \"thumbs\"; plugin = \"codec-fake\"; from = \"web/hi/1080p.mp4\"; } );");
	ck_assert_str_eq(fixture.said, "");
	ck_assert_uint_eq(fixture.pipeline->n_stages, 2);
	ck_assert_ptr_null(pipeline_find_stage(fixture.pipeline, "web")->from_stage);
	thumbs = pipeline_find_stage(fixture.pipeline, "thumbs");
	ck_assert_str_eq(thumbs->from_stage, "web");
	ck_assert_str_eq(thumbs->from_output, "hi/1080p.mp4");
	ck_assert_str_eq(thumbs->role.name, "stages.thumbs");
	ck_assert_uint_eq(thumbs->line, 2);
	ck_assert_ptr_null(pipeline_find_stage(fixture.pipeline, "nails"));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(the_hash_is_that_of_the_bytes)
{
	struct fixture one, other;

	fixture_read_text(&one, ONE_GROUP_EACH ONE_STAGE "\n");
	ck_assert_uint_eq(strlen(one.pipeline->hash), 64);
	fixture_read_text(&other, ONE_GROUP_EACH ONE_STAGE "\n");
	ck_assert_str_eq(one.pipeline->hash, other.pipeline->hash);
	fixture_finish(&other);
	fixture_read_text(&other, ONE_GROUP_EACH ONE_STAGE "\n\n");
	ck_assert_str_ne(one.pipeline->hash, other.pipeline->hash);
	fixture_finish(&other);
	fixture_finish(&one);
}
END_TEST

START_TEST(what_is_included_counts_in_the_hash)
{
	struct fixture one, other;

	fixture_write("stage.cfg", ONE_STAGE);
	fixture_read_text(&one, ONE_GROUP_EACH "\n@include \"stage.cfg\"\n");
	ck_assert_str_eq(one.said, "");
	fixture_write("stage.cfg", ONE_STAGE " ");
	fixture_read_text(&other, ONE_GROUP_EACH "\n@include \"stage.cfg\"\n");
	ck_assert_str_eq(other.said, "");
	ck_assert_str_ne(one.pipeline->hash, other.pipeline->hash);
	fixture_finish(&other);
	fixture_finish(&one);
}
END_TEST

START_TEST(secrets_are_resolved_for_their_reader_only)
{
	static const char text[] =
	    "storage = { plugin = \"storage-fake\"; }; queue = { plugin = \"queue-fake\"; };\n"
	    "compute = { plugin = \"compute-fake\"; };\n"
	    "meta = { plugin = \"meta-fake\"; uri = \"env:VIDMILL_TEST_URI\"; };\n" ONE_STAGE
	    "server = { tokens = \"file:/nowhere/tokens\"; };";
	struct fixture fixture;

	unsetenv("VIDMILL_TEST_URI");
	fixture_read_text(&fixture, text);
	ck_assert_str_eq(fixture.said,
	                 "x.cfg:3: error: meta: uri cannot be read: the environment variable "
	                 "VIDMILL_TEST_URI is not set\n"
	                 "x.cfg:4: error: server: tokens cannot be read: /nowhere/tokens: No such file "
	                 "or directory\n");
	fixture_finish(&fixture);
	fixture_read(&fixture, PIPELINE_WORKER, "x.cfg");
	ck_assert_str_eq(fixture.said, "");
	ck_assert_ptr_null(fixture.pipeline->meta);
	ck_assert_ptr_null(fixture.pipeline->compute);
	ck_assert_ptr_nonnull(fixture.pipeline->storage_processed);
	/* A codec is not even opened where there are credentials. */
	ck_assert_str_eq(fixture.pipeline->stages[0].role.plugin_name, "codec-fake");
	ck_assert_ptr_null(fixture.pipeline->stages[0].role.plugin);
	fixture_finish(&fixture);
	fixture_read(&fixture, PIPELINE_CODEC, "x.cfg");
	ck_assert_str_eq(fixture.said, "");
	ck_assert_ptr_null(fixture.pipeline->storage_processed);
	ck_assert_ptr_nonnull(fixture.pipeline->stages[0].role.plugin);
	ck_assert_uint_eq(fixture.pipeline->n_stages, 1);
	ck_assert_uint_eq(fixture.pipeline->policy.codec_limits.width, 7680);
	fixture_finish(&fixture);
}
END_TEST

START_TEST(an_open_address_wants_tokens)
{
	struct fixture fixture;

	setenv("VIDMILL_TEST_TOKENS", "t", 1);
	fixture_read_text(
	    &fixture, ONE_GROUP_EACH ONE_STAGE
	    "server = { listen = \"0.0.0.0:80\"; tokens = \"env:VIDMILL_TEST_TOKENS\"; };");
	ck_assert_str_eq(fixture.said, "");
	ck_assert_str_eq(fixture.pipeline->server.tokens, "t");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(loopback_wants_none)
{
	static const char *const addresses[] = {"127.0.0.1:0", "127.1.2.3:80", "[::1]:8080",
	                                        "localhost:65535"};
	struct fixture fixture;
	char text[1024];

	snprintf(text, sizeof text, "%sserver = { listen = \"%s\"; };", ONE_GROUP_EACH ONE_STAGE,
	         addresses[_i]);
	fixture_read_text(&fixture, text);
	ck_assert_str_eq(fixture.said, "");
	fixture_finish(&fixture);
}
END_TEST

START_TEST(others_than_loopback_do)
{
	static const char *const addresses[] = {"0.0.0.0:80", "[::]:80", "10.0.0.1:80",
	                                        "example.org:443", "128.0.0.1:1"};
	struct fixture fixture;
	char text[1024];

	snprintf(text, sizeof text, "%sserver = { listen = \"%s\"; };", ONE_GROUP_EACH ONE_STAGE,
	         addresses[_i]);
	fixture_read_text(&fixture, text);
	ck_assert_ptr_nonnull(strstr(fixture.said, "which others can reach; set server.tokens"));
	fixture_finish(&fixture);
}
END_TEST

START_TEST(an_address_has_a_host_and_a_port)
{
	static const char *const addresses[] = {"",       ":",     ":80",    "127.0.0.1", "[::1]",
	                                        "::1:80", "[]:80", "[:80",   "a:65536",   "a:-1",
	                                        "a:http", "a: 80", "[::1]80"};
	struct fixture fixture;
	char text[1024];

	snprintf(text, sizeof text, "%sserver = { listen = \"%s\"; };", ONE_GROUP_EACH ONE_STAGE,
	         addresses[_i]);
	fixture_read_text(&fixture, text);
	ck_assert_ptr_nonnull(strstr(fixture.said, "it must be an address and a port such as"));
	fixture_finish(&fixture);
}
END_TEST

static char *slurp(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *in = fopen(path, "r");

	ck_assert_msg(text != NULL && in != NULL, "%s", path);
	ck_assert_uint_lt(fread(text, 1, 65535, in), 65535);
	fclose(in);
	return text;
}

/* tests/data/pipeline/bad-*.cfg and what must be said of each, in the .txt beside it. */
START_TEST(every_bad_file_is_told_why)
{
	glob_t files;

	fixture_enter_data();
	unsetenv("VIDMILL_TEST_URI");
	ck_assert_int_eq(glob("bad-*.cfg", 0, NULL, &files), 0);
	ck_assert_uint_ge(files.gl_pathc, 15);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct fixture fixture;
		char path[256], *expected;

		snprintf(path, sizeof path, "%.*s.txt", (int)strcspn(files.gl_pathv[i], "."),
		         files.gl_pathv[i]);
		expected = slurp(path);
		fixture_read(&fixture, PIPELINE_SERVER, files.gl_pathv[i]);
		ck_assert_msg(strcmp(fixture.said, expected) == 0, "%s says\n%sinstead of\n%s",
		              files.gl_pathv[i], fixture.said, expected);
		ck_assert_uint_gt(fixture.found.errors, 0);
		free(expected);
		fixture_finish(&fixture);
	}
	globfree(&files);
}
END_TEST

START_TEST(a_file_that_is_none_is_told_so)
{
	struct fixture fixture;

	fixture_read(&fixture, PIPELINE_SERVER, "nowhere.cfg");
	ck_assert_str_eq(fixture.said, "nowhere.cfg: error: No such file or directory\n");
	fixture_finish(&fixture);
	fixture_read(&fixture, PIPELINE_SERVER, "/tmp");
	ck_assert_str_eq(fixture.said, "/tmp: error: not a regular file\n");
	fixture_finish(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("pipeline");

	tcase_add_checked_fixture(tests, fixture_enter_folder, fixture_leave_folder);
	tcase_add_test(tests, a_short_file_has_all_defaults);
	tcase_add_test(tests, one_storage_is_one_role_and_one_queue_is_two);
	tcase_add_test(tests, split_places_have_options_of_their_own);
	tcase_add_test(tests, a_stage_may_read_an_earlier_one);
	tcase_add_test(tests, the_hash_is_that_of_the_bytes);
	tcase_add_test(tests, what_is_included_counts_in_the_hash);
	tcase_add_test(tests, secrets_are_resolved_for_their_reader_only);
	tcase_add_test(tests, an_open_address_wants_tokens);
	tcase_add_loop_test(tests, loopback_wants_none, 0, 4);
	tcase_add_loop_test(tests, others_than_loopback_do, 0, 5);
	tcase_add_loop_test(tests, an_address_has_a_host_and_a_port, 0, 13);
	tcase_add_test(tests, every_bad_file_is_told_why);
	tcase_add_test(tests, a_file_that_is_none_is_told_so);
	return run_tests(tests, "pipeline");
}
