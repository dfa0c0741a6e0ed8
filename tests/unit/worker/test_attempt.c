/* test_attempt.c - whole attempts with fakes around and real codec children, good and hostile. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "fake_codec.h"
#include "hostile.h"
#include "parts.h"
#include "run.h"
#include "support/clock.h"
#include "support/hash.h"
#include "support/json.h"
#include "video/manifest.h"
#include "worker/sandbox.h"

#define SOURCE_BYTES ((20u << 20) + 123)

static struct parts parts;
static struct vm_error error;

static void begin(const char *stage, size_t bytes)
{
	parts_init(&parts, stage);
	parts_fill(&parts, bytes);
}

static void end(void)
{
	/* No child is left behind, and no upload. */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_uint_eq(fake_store_open_uploads(parts.store), 0);
	parts_finish(&parts);
}

/* The whole of an attempt that is to fail. */
static const struct event *run_failing(const char *stage, size_t bytes)
{
	const struct event *last;
	enum work_end ended;

	begin(stage, bytes);
	ended = parts_run(&parts, &error);
	last = fake_queue_last(parts.events);
	ck_assert_ptr_nonnull(last);
	ck_assert_msg(ended == WORK_FAILED, "%s: ended with %d: %s", stage, (int)ended, last->reason);
	ck_assert_int_eq(last->type, EVENT_FAILED);
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	ck_assert_uint_eq(parts.tasks->removed, 0);
	return last;
}

static bool manifest_exists(void)
{
	for (size_t i = 0; i < parts.store->n_objects; i++)
		if (strstr(parts.store->objects[i].key, "manifest.json") != NULL)
			return true;
	return false;
}

static void check_failed(const char *stage, enum error_class class, bool transient,
                         const char *reason)
{
	const struct event *failed = run_failing(stage, 300000);

	ck_assert_msg(failed->error == class && failed->transient == transient &&
	                  strstr(failed->reason, reason) != NULL,
	              "%s: %s, %d: %s", stage, error_class_name(failed->error), failed->transient,
	              failed->reason);
	ck_assert(!manifest_exists());
	end();
}

/* What is visible is complete: every listed object is there with its length and hash. */
static void check_manifest(const struct video_result *result, struct manifest *manifest)
{
	const struct fake_object *object = fake_store_find(parts.store, result->manifest_key);
	char hash[HASH_TEXT_MAX], key[VM_KEY_MAX];
	uint64_t bytes = 0;

	ck_assert_ptr_nonnull(object);
	hash_bytes(object->bytes, object->about.bytes, hash, NULL);
	ck_assert_str_eq(result->manifest_sha256, hash);
	ck_assert_int_eq(manifest_read(object->bytes, object->about.bytes, manifest, NULL), VM_OK);
	ck_assert_uint_eq(result->outputs, manifest->n_outputs);
	for (size_t i = 0; i < manifest->n_outputs; i++) {
		const struct manifest_output *output = &manifest->outputs[i];

		snprintf(key, sizeof key, "%.*s%s",
		         (int)(strlen(result->manifest_key) - strlen("manifest.json")),
		         result->manifest_key, output->name);
		object = fake_store_find(parts.store, key);
		ck_assert_msg(object != NULL, "%s is not there", key);
		ck_assert_uint_eq(object->about.bytes, output->bytes);
		hash_bytes(object->bytes, object->about.bytes, hash, NULL);
		ck_assert_str_eq(output->sha256, hash);
		bytes += output->bytes;
	}
	ck_assert_uint_eq(result->bytes, bytes);
}

START_TEST(an_attempt_succeeds)
{
	struct manifest manifest;
	const struct event *last;
	enum work_end ended;

	begin("copy", SOURCE_BYTES);
	ended = parts_run(&parts, &error);
	last = fake_queue_last(parts.events);
	ck_assert_msg(ended == WORK_SUCCEEDED, "ended with %d: %s", (int)ended, last->reason);
	ck_assert_int_eq(parts.events->events[0].type, EVENT_STARTED);
	ck_assert_int_eq(last->type, EVENT_SUCCEEDED);
	ck_assert_str_eq(last->ticket, parts.job.ticket);
	ck_assert_uint_eq(last->epoch, 3);
	ck_assert_str_eq(last->nonce, parts.events->events[0].nonce);
	ck_assert_uint_eq(strlen(last->nonce), 16);

	check_manifest(&last->result, &manifest);
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
	end();
}
END_TEST

START_TEST(a_stage_reads_what_an_earlier_one_made)
{
	struct manifest manifest;
	const struct manifest_output *first, *second;
	enum work_end ended;

	begin("copy", 300000);
	parts.stages[1] = (struct stage){
	    .name = strdup("sound"),
	    .from_stage = strdup("copy"),
	    .from_output = strdup("pieces/0001.m4s"),
	    .role = {.name = strdup("stages.sound"), .plugin = &fake_codec_plugin}};
	parts.pipeline.n_stages = 2;
	ended = parts_run(&parts, &error);
	ck_assert_msg(ended == WORK_SUCCEEDED, "%s", fake_queue_last(parts.events)->reason);
	check_manifest(&fake_queue_last(parts.events)->result, &manifest);
	first = manifest_find(&manifest, "copy/pieces/0001.m4s");
	second = manifest_find(&manifest, "sound/pieces/0000.m4s");
	ck_assert_str_eq(first->sha256, second->sha256);
	ck_assert(json_is_object(json_object_get(manifest.reports, "sound")));
	manifest_finish(&manifest);
	end();
}
END_TEST

START_TEST(a_stage_without_its_input_fails_for_good)
{
	begin("copy", 300000);
	parts.stages[1] = (struct stage){
	    .name = strdup("sound"),
	    .from_stage = strdup("copy"),
	    .from_output = strdup("no.mp4"),
	    .role = {.name = strdup("stages.sound"), .plugin = &fake_codec_plugin}};
	parts.pipeline.n_stages = 2;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_UNSUPPORTED);
	ck_assert(!manifest_exists());
	end();
}
END_TEST

START_TEST(a_child_has_nothing_but_its_socket)
{
	begin("look", 300000);
	ck_assert_msg(parts_run(&parts, &error) == WORK_SUCCEEDED, "%s",
	              fake_queue_last(parts.events)->reason);
	end();
}
END_TEST

START_TEST(what_a_codec_says_becomes_a_class)
{
	check_failed("bad-media", ERROR_BAD_MEDIA, false, "no media\\x1b[2J at all");
	check_failed("unsupported", ERROR_UNSUPPORTED, false, "no such codec");
	check_failed("bad-json", ERROR_BUG, true, "what probe reports is no JSON object");
	check_failed("bad-output", ERROR_BUG, true, "whole.mp4: not what it should be");
	check_failed("no-start", ERROR_BUG, true, "cannot be created here");
}
END_TEST

START_TEST(a_crash_costs_the_attempt_and_nothing_else)
{
	check_failed("crash", ERROR_DECODER_CRASH, true, "codec-fake was ended by signal 9 (SIGKILL)");
	check_failed("exit", ERROR_DECODER_CRASH, true, "ended by itself with exit code 7");
}
END_TEST

START_TEST(a_hostile_child_is_ended_and_named)
{
	check_failed(hostiles[_i].name, ERROR_DECODER_CRASH, true, hostiles[_i].reason);
}
END_TEST

START_TEST(before_hello_no_decoder_is_to_blame)
{
	/* These break the protocol before they are ready. */
	for (const struct hostile *hostile = hostiles; hostile->name != NULL; hostile++)
		if (hostile->before_hello)
			check_failed(hostile->name, ERROR_BUG, true, hostile->reason);
}
END_TEST

START_TEST(processor_time_is_a_limit)
{
	begin("burn", 300000);
	parts.pipeline.policy.limits.cpu_ms = 1000;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_LIMIT);
	ck_assert_str_eq(fake_queue_last(parts.events)->reason,
	                 "limits.cpu: more than 1.0 s of processor time");
	ck_assert(!fake_queue_last(parts.events)->transient);
	end();
}
END_TEST

START_TEST(memory_is_a_limit_whatever_the_decoder_says)
{
	if (sandbox_address_bytes(1) == 0)
		return; /* sanitizers need the address space */
	begin("memory", 300000);
	parts.pipeline.policy.limits.memory_bytes = 64 << 20;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_msg(fake_queue_last(parts.events)->error == ERROR_LIMIT, "%s",
	              fake_queue_last(parts.events)->reason);
	ck_assert_str_eq(fake_queue_last(parts.events)->reason,
	                 "limits.memory: more than 64 MiB of memory");
	end();
}
END_TEST

START_TEST(a_source_that_is_too_long_is_not_read)
{
	begin("copy", 300000);
	parts.pipeline.policy.limits.bytes = 299999;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_LIMIT);
	ck_assert_uint_eq(parts.store->calls[FAKE_READ], 0);
	end();
}
END_TEST

START_TEST(outputs_have_a_limit)
{
	begin("copy", 300000);
	parts.pipeline.policy.limits.output_bytes = 300000; /* it is copied twice */
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_LIMIT);
	ck_assert(!fake_queue_last(parts.events)->transient);
	end();
}
END_TEST

START_TEST(a_source_that_is_gone_is_missing)
{
	begin("copy", 300000);
	memset(parts.store->objects[0].key, 'x', 3);
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_SOURCE_MISSING);
	ck_assert(!fake_queue_last(parts.events)->transient);
	end();
}
END_TEST

START_TEST(a_source_that_is_another_is_missing)
{
	begin("copy", 300000);
	memcpy(parts.job.etag, "other", 6);
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_int_eq(fake_queue_last(parts.events)->error, ERROR_SOURCE_MISSING);
	ck_assert_ptr_nonnull(
	    strstr(fake_queue_last(parts.events)->reason, "not the object that was uploaded"));
	end();
}
END_TEST

START_TEST(every_operation_of_the_storage_may_fail)
{
	static const enum fake_operation operations[] = {FAKE_READ, FAKE_PUT, FAKE_BEGIN, FAKE_PART,
	                                                 FAKE_COMMIT};
	enum fake_operation operation = operations[_i % 5];
	unsigned from = _i < 5 ? 1 : 3;
	const struct event *last;

	begin("copy", SOURCE_BYTES);
	parts.store->fail[operation].from = from;
	parts.store->fail[operation].times = 1000;
	parts.store->fail[operation].status = VM_ERR_DENIED;
	if (parts_run(&parts, &error) == WORK_SUCCEEDED) {
		ck_assert_uint_lt(parts.store->calls[operation], from); /* there was no such call */
		end();
		return;
	}
	last = fake_queue_last(parts.events);
	ck_assert_int_eq(last->type, EVENT_FAILED);
	ck_assert_msg(last->error == ERROR_STORAGE && last->transient, "%s: %s",
	              error_class_name(last->error), last->reason);
	ck_assert(!manifest_exists());
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	end();
}
END_TEST

START_TEST(a_manifest_that_cannot_be_written_is_a_failure)
{
	const struct event *last;

	begin("copy", 100); /* one piece and the whole: the third put is the manifest */
	parts.store->fail[FAKE_PUT].from = 3;
	parts.store->fail[FAKE_PUT].times = 1000;
	parts.store->fail[FAKE_PUT].status = VM_ERR_DENIED;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	last = fake_queue_last(parts.events);
	ck_assert_int_eq(last->error, ERROR_STORAGE);
	ck_assert(last->transient);
	end();
}
END_TEST

START_TEST(a_manifest_that_was_written_unheard_is_ours)
{
	struct manifest manifest;

	begin("copy", 100);
	parts.store->fail[FAKE_PUT].from = 3;
	parts.store->fail[FAKE_PUT].times = 1;
	parts.store->fail[FAKE_PUT].status = VM_ERR_TIMEOUT;
	parts.store->fail[FAKE_PUT].after = true;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SUCCEEDED);
	check_manifest(&fake_queue_last(parts.events)->result, &manifest);
	manifest_finish(&manifest);
	end();
}
END_TEST

static void *run_attempt(void *ctx)
{
	*(enum work_end *)ctx = parts_run(&parts, &error);
	return NULL;
}

/* Runs until `progress` shows that the codec is in its middle, then is stopped. */
static enum work_end run_and_stop(void)
{
	enum work_end ended = WORK_SUCCEEDED;
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, run_attempt, &ended), 0);
	ck_assert_ptr_nonnull(fake_queue_wait(parts.events, EVENT_PROGRESS));
	cancel_trigger(parts.stop);
	pthread_join(thread, NULL);
	return ended;
}

START_TEST(a_planned_stop_hands_the_work_back)
{
	int64_t stopped_ms;

	begin("sleep", SOURCE_BYTES);
	parts.job.lease_ms = 3000; /* the first progress comes after a third of it */
	stopped_ms = clock_monotonic_ms();
	ck_assert_int_eq(run_and_stop(), WORK_RELEASED);
	ck_assert_int_lt(clock_monotonic_ms() - stopped_ms, 20000);
	ck_assert_int_eq(fake_queue_last(parts.events)->type, EVENT_RELEASED);
	ck_assert_str_eq(fake_queue_last(parts.events)->reason, "the worker was asked to stop");
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	ck_assert_uint_eq(parts.tasks->removed, 0);
	ck_assert(!manifest_exists());
	end();
}
END_TEST

START_TEST(a_child_that_does_not_stop_is_ended)
{
	begin("stubborn", 300000);
	parts.job.lease_ms = 3000;
	ck_assert_int_eq(run_and_stop(), WORK_RELEASED);
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	end();
}
END_TEST

START_TEST(an_attempt_that_nobody_hears_publishes_nothing)
{
	begin("sleep", 300000);
	parts.job.lease_ms = 1500;
	parts.events->sends_most = 1; /* `started` */
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SILENT);
	ck_assert_uint_eq(parts.events->n_events, 1);
	ck_assert(!manifest_exists());
	end();
}
END_TEST

START_TEST(an_attempt_that_cannot_say_that_it_started_does_not_work)
{
	begin("copy", 300000);
	parts.job.lease_ms = 500;
	parts.events->sends_most = 0;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SILENT);
	ck_assert_uint_eq(parts.store->calls[FAKE_READ], 0);
	end();
}
END_TEST

START_TEST(a_success_that_nobody_hears_is_left_to_be_adopted)
{
	begin("copy", 300000);
	parts.job.lease_ms = 2000;
	parts.events->sends_most = 1;
	ck_assert_int_eq(parts_run(&parts, &error), WORK_SILENT);
	ck_assert(manifest_exists());
	ck_assert_uint_eq(parts.tasks->removed, 0);
	end();
}
END_TEST

START_TEST(another_pipeline_file_is_said_and_given_back)
{
	begin("copy", 300000);
	parts.job.pipeline_hash[0] = 'f';
	ck_assert_int_eq(parts_run(&parts, &error), WORK_RELEASED);
	ck_assert_uint_eq(parts.events->n_events, 1);
	ck_assert_int_eq(parts.events->events[0].type, EVENT_RELEASED);
	ck_assert_str_eq(parts.events->events[0].reason,
	                 "test.cfg is not the server's pipeline file: its hash is 0123456789ab…, the "
	                 "server's f123456789ab…");
	ck_assert_uint_eq(parts.tasks->given_back, 1);
	end();
}
END_TEST

START_TEST(a_pipeline_file_that_changes_meanwhile_is_noticed)
{
	begin("copy", 300000);
	parts.pipeline.hash[0] = parts.job.pipeline_hash[0] = 'f'; /* the child has the old one */
	ck_assert_int_eq(parts_run(&parts, &error), WORK_FAILED);
	ck_assert_str_eq(fake_queue_last(parts.events)->reason,
	                 "test.cfg changed while the attempt ran");
	ck_assert(fake_queue_last(parts.events)->transient);
	end();
}
END_TEST

START_TEST(the_task_message_is_kept_hidden)
{
	begin("sleep", 300000);
	parts.job.lease_ms = 3000;
	parts.tasks->traits.visibility_ms = 900;
	ck_assert_int_eq(run_and_stop(), WORK_RELEASED);
	ck_assert_uint_ge(parts.tasks->extended, 2);
	end();
}
END_TEST

START_TEST(a_stale_receipt_ends_the_extending_and_not_the_work)
{
	begin("sleep", 300000);
	parts.job.lease_ms = 3000;
	parts.tasks->traits.visibility_ms = 300;
	parts.tasks->extend_status = VM_ERR_CONFLICT;
	ck_assert_int_eq(run_and_stop(), WORK_RELEASED);
	ck_assert_uint_eq(parts.tasks->extended, 1);
	end();
}
END_TEST

START_TEST(progress_is_told_in_the_time_of_the_source)
{
	const struct event *progress;

	begin("sleep", 300000);
	parts.job.lease_ms = 3000;
	ck_assert_int_eq(run_and_stop(), WORK_RELEASED);
	progress = fake_queue_wait(parts.events, EVENT_PROGRESS);
	ck_assert_str_eq(progress->progress.stage, "sleep");
	ck_assert_uint_eq(progress->progress.total_ms, FAKE_SOURCE_MS);
	end();
}
END_TEST

int main(int argc, char **argv)
{
	TCase *tests = tcase_create("attempt");
	int n_hostiles = 0;

	parts_become_child(argc, argv);
	while (hostiles[n_hostiles].name != NULL && !hostiles[n_hostiles].before_hello)
		n_hostiles++;
	tcase_set_timeout(tests, 100);
	tcase_add_test(tests, an_attempt_succeeds);
	tcase_add_test(tests, a_stage_reads_what_an_earlier_one_made);
	tcase_add_test(tests, a_stage_without_its_input_fails_for_good);
	tcase_add_test(tests, a_child_has_nothing_but_its_socket);
	tcase_add_test(tests, what_a_codec_says_becomes_a_class);
	tcase_add_test(tests, a_crash_costs_the_attempt_and_nothing_else);
	tcase_add_loop_test(tests, a_hostile_child_is_ended_and_named, 0, n_hostiles);
	tcase_add_test(tests, before_hello_no_decoder_is_to_blame);
	tcase_add_test(tests, processor_time_is_a_limit);
	tcase_add_test(tests, memory_is_a_limit_whatever_the_decoder_says);
	tcase_add_test(tests, a_source_that_is_too_long_is_not_read);
	tcase_add_test(tests, outputs_have_a_limit);
	tcase_add_test(tests, a_source_that_is_gone_is_missing);
	tcase_add_test(tests, a_source_that_is_another_is_missing);
	tcase_add_loop_test(tests, every_operation_of_the_storage_may_fail, 0, 10);
	tcase_add_test(tests, a_manifest_that_cannot_be_written_is_a_failure);
	tcase_add_test(tests, a_manifest_that_was_written_unheard_is_ours);
	tcase_add_test(tests, a_planned_stop_hands_the_work_back);
	tcase_add_test(tests, a_child_that_does_not_stop_is_ended);
	tcase_add_test(tests, an_attempt_that_nobody_hears_publishes_nothing);
	tcase_add_test(tests, an_attempt_that_cannot_say_that_it_started_does_not_work);
	tcase_add_test(tests, a_success_that_nobody_hears_is_left_to_be_adopted);
	tcase_add_test(tests, another_pipeline_file_is_said_and_given_back);
	tcase_add_test(tests, a_pipeline_file_that_changes_meanwhile_is_noticed);
	tcase_add_test(tests, the_task_message_is_kept_hidden);
	tcase_add_test(tests, a_stale_receipt_ends_the_extending_and_not_the_work);
	tcase_add_test(tests, progress_is_told_in_the_time_of_the_source);
	return run_tests(tests, "attempt");
}
