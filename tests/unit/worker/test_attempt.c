/* test_attempt.c - whole attempts: what they make, and how each of their parts may fail. */
#include <string.h>

#include "attempts.h"
#include "fake_codec.h"
#include "run.h"
#include "support/json.h"

#define SOURCE_BYTES ((20u << 20) + 123)

START_TEST(an_attempt_succeeds)
{
	struct manifest manifest;
	const struct event *last;
	enum work_end ended;

	attempt_begin("copy", SOURCE_BYTES);
	ended = parts_run(&parts, &error);
	last = fake_queue_last(parts.events);
	ck_assert_msg(ended == WORK_SUCCEEDED, "ended with %d: %s", (int)ended, last->reason);
	ck_assert_int_eq(parts.events->events[0].type, EVENT_STARTED);
	ck_assert_int_eq(last->type, EVENT_SUCCEEDED);
	ck_assert_str_eq(last->ticket, parts.job.ticket);
	ck_assert_uint_eq(last->epoch, 3);
	ck_assert_str_eq(last->nonce, parts.events->events[0].nonce);
	ck_assert_uint_eq(strlen(last->nonce), 16);

	attempt_check_manifest(&last->result, &manifest);
	ck_assert_uint_eq(manifest.n_outputs, 1 + (SOURCE_BYTES + 262143) / 262144);
	ck_assert_str_eq(manifest.source_etag, parts.job.etag);
	ck_assert_str_eq(json_string_value(json_object_get(manifest.source, "container")), "fake");
	ck_assert(json_is_true(json_object_get(json_object_get(manifest.reports, "copy"), "made")));
	ck_assert_ptr_null(manifest_find(&manifest, "copy/dropped.mp4"));
	ck_assert_uint_eq(manifest_find(&manifest, "copy/whole.mp4")->bytes, SOURCE_BYTES);
	manifest_finish(&manifest);

	ck_assert_uint_eq(parts.tasks->removed, 1);
	ck_assert_uint_eq(parts.tasks->given_back, 0);
	ck_assert_str_eq(parts.tasks->receipt, "the receipt");
	attempt_end();
}
END_TEST

START_TEST(the_source_lies_where_the_job_says)
{
	const char *etag;

	attempt_begin("copy", 1000);
	etag = fake_store_fill(parts.store, "a stranger's/clip.mp4", 2000);
	snprintf(parts.job.key, sizeof parts.job.key, "a stranger's/clip.mp4");
	snprintf(parts.job.etag, sizeof parts.job.etag, "%s", etag);
	parts.job.bytes = 2000;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SUCCEEDED);
	attempt_end();
}
END_TEST

START_TEST(a_stage_reads_what_an_earlier_one_made)
{
	struct manifest manifest;
	const struct manifest_output *first, *second;
	enum work_end ended;

	attempt_begin("copy", 300000);
	parts.stages[1] = (struct stage){
	    .name = strdup("sound"),
	    .from_stage = strdup("copy"),
	    .from_output = strdup("pieces/0001.m4s"),
	    .role = {.name = strdup("stages.sound"), .plugin = &fake_codec_plugin}};
	parts.pipeline.n_stages = 2;
	ended = parts_run(&parts, &error);
	ck_assert_msg(ended == WORK_SUCCEEDED, "%s", fake_queue_last(parts.events)->reason);
	attempt_check_manifest(&fake_queue_last(parts.events)->result, &manifest);
	first = manifest_find(&manifest, "copy/pieces/0001.m4s");
	second = manifest_find(&manifest, "sound/pieces/0000.m4s");
	ck_assert_str_eq(first->sha256, second->sha256);
	ck_assert(json_is_object(json_object_get(manifest.reports, "sound")));
	manifest_finish(&manifest);
	attempt_end();
}
END_TEST

START_TEST(a_stage_without_its_input_fails_for_good)
{
	attempt_begin("copy", 300000);
	parts.stages[1] = (struct stage){
	    .name = strdup("sound"),
	    .from_stage = strdup("copy"),
	    .from_output = strdup("no.mp4"),
	    .role = {.name = strdup("stages.sound"), .plugin = &fake_codec_plugin}};
	parts.pipeline.n_stages = 2;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_UNSUPPORTED);
	ck_assert(!attempt_has_manifest());
	attempt_end();
}
END_TEST

START_TEST(a_source_that_is_too_long_is_not_read)
{
	attempt_begin("copy", 300000);
	parts.pipeline.policy.limits.bytes = 299999;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_LIMIT);
	ck_assert_uint_eq(parts.store->calls[FAKE_READ], 0);
	attempt_end();
}
END_TEST

START_TEST(outputs_have_a_limit)
{
	attempt_begin("copy", 300000);
	parts.pipeline.policy.limits.output_bytes = 300000; /* it is copied twice */
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_LIMIT);
	ck_assert(!fake_queue_last(parts.events)->transient);
	attempt_end();
}
END_TEST

START_TEST(a_source_that_is_gone_is_missing)
{
	attempt_begin("copy", 300000);
	memset(parts.store->objects[0].key, 'x', 3);
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_SOURCE_MISSING);
	ck_assert(!fake_queue_last(parts.events)->transient);
	attempt_end();
}
END_TEST

START_TEST(a_source_that_is_another_is_missing)
{
	attempt_begin("copy", 300000);
	memcpy(parts.job.etag, "other", 6);
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_SOURCE_MISSING);
	ck_assert_ptr_nonnull(
	    strstr(fake_queue_last(parts.events)->reason, "not the object that was uploaded"));
	attempt_end();
}
END_TEST

static void fail_each_operation(int test, int status, enum error_class expected)
{
	static const enum fake_operation operations[] = {FAKE_READ, FAKE_PUT, FAKE_BEGIN, FAKE_PART,
	                                                 FAKE_COMMIT};
	enum fake_operation operation = operations[test % 5];
	unsigned from = test < 5 ? 1 : 3;
	const struct event *last;

	attempt_begin("copy", SOURCE_BYTES);
	parts.store->fail[operation].from = from;
	parts.store->fail[operation].times = 1000;
	parts.store->fail[operation].status = status;
	if (parts_run(&parts, &error) == WORK_SUCCEEDED) {
		ck_assert_uint_lt(parts.store->calls[operation], from); /* there was no such call */
		attempt_end();
		return;
	}
	last = fake_queue_last(parts.events);
	ck_assert_int_eq(last->type, EVENT_FAILED);
	ck_assert_msg(last->error == expected && last->transient, "%s: %s",
	              error_class_name(last->error), last->reason);
	ck_assert(!attempt_has_manifest());
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	attempt_end();
}

START_TEST(every_operation_of_the_storage_may_fail)
{
	fail_each_operation(_i, VM_ERR_DENIED, ERROR_STORAGE);
}
END_TEST

START_TEST(memory_that_is_short_here_is_no_limit_of_the_media)
{
	fail_each_operation(_i, VM_ERR_NO_MEMORY, ERROR_CAPACITY);
}
END_TEST

static unsigned count_reads(void)
{
	unsigned reads;

	attempt_begin("copy", 100);
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SUCCEEDED);
	reads = parts.store->calls[FAKE_READ];
	attempt_end();
	return reads;
}

/* The codec passes on what it is told, which is no word of its own on memory or on formats. */
START_TEST(an_output_that_cannot_be_read_back_is_no_fault_of_the_codec)
{
	static const struct {
		int status;
		enum error_class error;
	} cases[] = {{VM_ERR_NO_MEMORY, ERROR_CAPACITY},
	             {VM_ERR_UNSUPPORTED, ERROR_UNSUPPORTED},
	             {VM_ERR_BAD_DATA, ERROR_STORAGE}};
	unsigned reads = count_reads();

	attempt_begin("copy", 100);
	parts.store->fail[FAKE_READ].from = reads; /* the last one: of an output, to verify it */
	parts.store->fail[FAKE_READ].times = 1000;
	parts.store->fail[FAKE_READ].status = cases[_i].status;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, cases[_i].error);
	attempt_end();
}
END_TEST

START_TEST(a_manifest_that_cannot_be_written_is_a_failure)
{
	const struct event *last;

	attempt_begin("copy", 100); /* one piece and the whole: the third put is the manifest */
	parts.store->fail[FAKE_PUT].from = 3;
	parts.store->fail[FAKE_PUT].times = 1000;
	parts.store->fail[FAKE_PUT].status = VM_ERR_DENIED;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	last = fake_queue_last(parts.events);
	ck_assert_int_eq(last->error, ERROR_STORAGE);
	ck_assert(last->transient);
	attempt_end();
}
END_TEST

START_TEST(a_manifest_that_was_written_unheard_is_ours)
{
	struct manifest manifest;

	attempt_begin("copy", 100);
	parts.store->fail[FAKE_PUT].from = 3;
	parts.store->fail[FAKE_PUT].times = 1;
	parts.store->fail[FAKE_PUT].status = VM_ERR_TIMEOUT;
	parts.store->fail[FAKE_PUT].after = true;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SUCCEEDED);
	attempt_check_manifest(&fake_queue_last(parts.events)->result, &manifest);
	manifest_finish(&manifest);
	attempt_end();
}
END_TEST

START_TEST(another_pipeline_file_is_said_and_given_back)
{
	attempt_begin("copy", 300000);
	parts.job.pipeline_hash[0] = 'f';
	ck_assert_int_eq(parts_run(&parts, &error), WORK_RELEASED);
	ck_assert_uint_eq(parts.events->n_events, 1);
	ck_assert_int_eq(parts.events->events[0].type, EVENT_RELEASED);
	ck_assert_str_eq(parts.events->events[0].reason,
	                 "test.cfg is not the server's pipeline file: its hash is 0123456789ab…, the "
	                 "server's f123456789ab…");
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	attempt_end();
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("attempt");

	parts_become_child(argc, argv);
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, an_attempt_succeeds);
	tcase_add_test(tests, the_source_lies_where_the_job_says);
	tcase_add_test(tests, a_stage_reads_what_an_earlier_one_made);
	tcase_add_test(tests, a_stage_without_its_input_fails_for_good);
	tcase_add_test(tests, a_source_that_is_too_long_is_not_read);
	tcase_add_test(tests, outputs_have_a_limit);
	tcase_add_test(tests, a_source_that_is_gone_is_missing);
	tcase_add_test(tests, a_source_that_is_another_is_missing);
	tcase_add_loop_test(tests, every_operation_of_the_storage_may_fail, 0, 10);
	tcase_add_loop_test(tests, memory_that_is_short_here_is_no_limit_of_the_media, 0, 10);
	tcase_add_loop_test(tests, an_output_that_cannot_be_read_back_is_no_fault_of_the_codec, 0, 3);
	tcase_add_test(tests, a_manifest_that_cannot_be_written_is_a_failure);
	tcase_add_test(tests, a_manifest_that_was_written_unheard_is_ours);
	tcase_add_test(tests, another_pipeline_file_is_said_and_given_back);
	return run_tests(tests, "attempt");
}
