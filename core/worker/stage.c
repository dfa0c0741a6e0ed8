/* stage.c - one stage: probe its source, run the codec, store and verify what it made. */
#include <stdlib.h>
#include <string.h>

#include "support/clock.h"
#include "support/crash_point.h"
#include "support/json.h"
#include "support/log.h"
#include "video/keys.h"
#include "worker/attempt.h"
#include "worker/kept.h"
#include "worker/pace.h"
#include "worker/reader.h"

enum { JSON_MOST = 1 << 20, LOG_PROGRESS_MS = 10000 };

struct run {
	struct attempt *attempt;
	const struct stage *stage;
	struct session *session;
	struct session_source source;
	uint64_t source_ms; /* 0: the container does not say */
	uint64_t number;    /* the first is 1 */
	struct pace pace;
	int64_t logged_ms;
};

static void log_progress(struct run *run, int64_t now_ms, const struct video_progress *progress)
{
	char left[CLOCK_TEXT_MAX] = "";

	if (now_ms - run->logged_ms < LOG_PROGRESS_MS || progress->speed <= 0)
		return;
	run->logged_ms = now_ms;
	if (progress->total_ms == 0)
		log_info("%s are done, at %.1fx", clock_duration_text((int64_t)progress->done_ms, left),
		         progress->speed);
	else
		log_info("%u %% are done, at %.1fx, %s left",
		         (unsigned)((double)progress->done_ms * 100 / (double)progress->total_ms),
		         progress->speed, clock_duration_text((int64_t)progress->left_ms, left));
}

/* [session thread] What the codec says counts: it knows whether it makes all of the source. */
static void note_progress(void *ctx, uint64_t done_ms, uint64_t total_ms)
{
	struct run *run = ctx;
	int64_t now_ms = clock_monotonic_ms();
	struct video_progress progress = {.done_ms = done_ms,
	                                  .total_ms = total_ms > 0 ? total_ms : run->source_ms,
	                                  .number = run->number,
	                                  .stages = run->attempt->work->pipeline->n_stages};

	snprintf(progress.stage, sizeof progress.stage, "%s", run->stage->name);
	/* Containers are wrong by a little: more than all of it cannot be done. */
	if (progress.total_ms > 0 && progress.done_ms > progress.total_ms)
		progress.done_ms = progress.total_ms;
	pace_tell(&run->pace, now_ms, &progress);
	log_progress(run, now_ms, &progress);
	heartbeat_progress(run->attempt->heartbeat, &progress);
}

/* A stored output by its name below the attempt's prefix. */
static const struct stored_output *find_stored(const struct attempt *attempt, const char *stage,
                                               const char *output)
{
	const struct stored_output *stored;
	size_t count, stage_length = strlen(stage);

	stored = uploader_stored(attempt->uploader, &count);
	for (size_t i = 0; i < count; i++) {
		const char *name = stored[i].manifest.name;

		if (strncmp(name, stage, stage_length) == 0 && name[stage_length] == '/' &&
		    strcmp(name + stage_length + 1, output) == 0)
			return &stored[i];
	}
	return NULL;
}

static int open_stored(struct attempt *attempt, const struct stored_output *stored,
                       struct reader **out, struct vm_error *err)
{
	struct reader_want want = {.storage = attempt->outputs,
	                           .etag = stored->etag,
	                           .bytes = stored->manifest.bytes,
	                           .fetchers = attempt->fetchers,
	                           .cancel = attempt->cancel};
	char key[VM_KEY_MAX];
	int length = snprintf(key, sizeof key, "%s%s", attempt->prefix, stored->manifest.name);

	if (length < 0 || (size_t)length >= sizeof key)
		return vm_fail(err, VM_ERR_BUG, "output %s: too long a key", stored->manifest.name);
	want.key = key;
	return reader_create(&want, out, err);
}

static int open_upload(struct attempt *attempt, struct reader **out, struct vm_error *err)
{
	const struct job *job = attempt->work->job;
	const struct reader_want want = {.storage = attempt->sources,
	                                 .key = job->key,
	                                 .etag = job->etag,
	                                 .bytes = job->bytes,
	                                 .fetchers = attempt->fetchers,
	                                 .cancel = attempt->cancel};

	return reader_create(&want, out, err);
}

/* What the stage reads. False with the verdict when there is nothing to read. */
static bool open_source(struct run *run, struct reader **reader, struct verdict *verdict)
{
	const struct stage *stage = run->stage;
	const struct stored_output *stored;
	struct vm_error error;
	int status;

	if (stage->from_stage == NULL) {
		run->source.place = FAULT_SOURCE;
		status = open_upload(run->attempt, reader, &error);
	} else {
		run->source.place = FAULT_INPUT;
		stored = find_stored(run->attempt, stage->from_stage, stage->from_output);
		if (stored == NULL) {
			verdict_set(verdict, ERROR_UNSUPPORTED, false,
			            "stage %s reads %s/%s, which was not made of this source", stage->name,
			            stage->from_stage, stage->from_output);
			return false;
		}
		status = open_stored(run->attempt, stored, reader, &error);
	}
	if (status != VM_OK) {
		verdict_of_error(FAULT_HOST, &error, verdict);
		return false;
	}
	run->source.source = reader_source(*reader);
	return true;
}

/* What a codec reports is its own affair, but it is one JSON object or nothing. */
static bool read_report(const struct run *run, const char *operation, const struct buffer *json,
                        json_t **out, struct verdict *verdict)
{
	struct vm_error error;

	*out = NULL;
	if (json->length == 0 || json_read_object(json->bytes, json->length, out, &error) == VM_OK)
		return true;
	verdict_set(verdict, ERROR_BUG, true, "stage %s: what %s reports is no JSON object: %s",
	            run->stage->name, operation, error.message);
	return false;
}

/* What a report says of the duration, if it does, is the duration from now on. */
static bool take_duration(struct run *run, const char *operation, const json_t *report,
                          struct verdict *verdict)
{
	struct vm_error error;

	if (json_get_count(report, "duration_ms", run->source_ms, &run->source_ms, &error) == VM_OK)
		return true;
	verdict_set(verdict, ERROR_BUG, true, "stage %s: %s reports a %s", run->stage->name, operation,
	            error.message);
	return false;
}

uint64_t stage_reports_bytes_most(const struct pipeline *pipeline)
{
	return (pipeline->n_stages + 2) * (uint64_t)JSON_MOST;
}

static enum session_result probe(struct run *run, struct verdict *verdict)
{
	struct manifest *manifest = &run->attempt->manifest;
	enum session_result result;
	struct buffer json;
	json_t *report;

	buffer_init(&json, JSON_MOST);
	result = session_probe(run->session, &run->source, &json, verdict);
	if (result == SESSION_DONE) {
		if (!read_report(run, "probe", &json, &report, verdict) ||
		    !take_duration(run, "probe", report, verdict))
			result = SESSION_FAILED;
		if (run->stage->from_stage == NULL && manifest->source == NULL)
			manifest->source = json_incref(report);
		json_decref(report);
	}
	buffer_finish(&json);
	return result;
}

static enum session_result run_codec(struct run *run, struct verdict *verdict)
{
	struct manifest *manifest = &run->attempt->manifest;
	enum session_result result;
	struct vm_error error;
	struct buffer json;
	json_t *report;

	buffer_init(&json, JSON_MOST);
	run->logged_ms = clock_monotonic_ms();
	result = session_run(run->session, &run->source, &json, verdict);
	if (result == SESSION_DONE) {
		if (!read_report(run, "run", &json, &report, verdict) ||
		    !take_duration(run, "run", report, verdict))
			result = SESSION_FAILED;
		if (report != NULL &&
		    json_object_set_new(manifest->reports, run->stage->name, report) != 0) {
			vm_fail_memory(&error);
			verdict_of_error(FAULT_HOST, &error, verdict);
			result = SESSION_FAILED;
		}
	}
	buffer_finish(&json);
	return result;
}

/* Probe and run, and then everything that was closed is stored. */
static enum session_result make_outputs(struct run *run, struct verdict *verdict)
{
	enum session_result result = probe(run, verdict);
	struct vm_error error;
	int status;

	if (result == SESSION_DONE) {
		CRASH_POINT(WORKER_PROBED);
		result = run_codec(run, verdict);
	}
	status = uploader_drain(run->attempt->uploader, &error);
	if (cancel_triggered(run->attempt->cancel))
		return SESSION_CANCELLED;
	/* An output that cannot be stored is why a codec fails, whatever it says itself. */
	if (status != VM_OK) {
		verdict_of_error(FAULT_OUTPUT, &error, verdict);
		return SESSION_FAILED;
	}
	if (result == SESSION_DONE)
		CRASH_POINT(WORKER_OUTPUTS_MADE);
	return result;
}

static enum session_result verify_output(struct run *run, const struct stored_output *stored,
                                         bool *known, struct verdict *verdict)
{
	struct vm_source *copy = kept_hold(stored->kept, stored->manifest.bytes);
	struct session_source source = {.source = copy, .place = FAULT_OUTPUT};
	struct reader *reader = NULL;
	struct vm_error error;
	enum session_result result;

	if (copy == NULL) {
		if (open_stored(run->attempt, stored, &reader, &error) != VM_OK) {
			verdict_of_error(FAULT_HOST, &error, verdict);
			return SESSION_FAILED;
		}
		source.source = reader_source(reader);
	}
	result = session_verify(run->session, &source, &stored->manifest, run->source_ms, known,
	                        verdict);
	reader_destroy(reader);
	if (copy != NULL)
		kept_let_go(stored->kept);
	return result;
}

/* Every output of this stage, as it is stored or, of a distant store, as it was sent, is opened
 * again. */
static enum session_result verify(struct run *run, struct verdict *verdict)
{
	const struct stored_output *stored;
	size_t count, outputs = 0, verified = 0, length = strlen(run->stage->name);
	bool known = false;

	stored = uploader_stored(run->attempt->uploader, &count);
	for (size_t i = 0; i < count; i++) {
		enum session_result result;

		if (strncmp(stored[i].manifest.name, run->stage->name, length) != 0 ||
		    stored[i].manifest.name[length] != '/')
			continue;
		result = verify_output(run, &stored[i], &known, verdict);
		if (result != SESSION_DONE)
			return result;
		outputs++;
		verified += known ? 1 : 0;
	}
	CRASH_POINT(WORKER_OUTPUTS_VERIFIED);
	log_info("%zu outputs are stored, %zu of them verified", outputs, verified);
	return SESSION_DONE;
}

static enum session_result run_in_session(struct run *run, struct verdict *verdict)
{
	struct attempt *attempt = run->attempt;
	const struct session_want want = {.pipeline = attempt->work->pipeline,
	                                  .stage = run->stage,
	                                  .program = attempt->work->program,
	                                  .plugin_path = attempt->work->plugin_path,
	                                  .state_dir = attempt->work->state_dir,
	                                  .uploader = attempt->uploader,
	                                  .cancel = attempt->cancel,
	                                  .deadline_ms = attempt->deadline_ms,
	                                  .quiet_ms = attempt->work->patience.quiet_ms,
	                                  .progress = note_progress,
	                                  .progress_ctx = run};
	struct reader *reader = NULL;
	struct reader_stats stats;
	enum session_result result;

	if (!open_source(run, &reader, verdict))
		return SESSION_FAILED;
	/* It comes while the child loads its codec. */
	reader_begin(reader);
	result = session_start(&want, &run->session, verdict);
	if (result == SESSION_DONE) {
		CRASH_POINT(WORKER_CHILD_STARTED);
		result = make_outputs(run, verdict);
	}
	stats = reader_stats(reader);
	log_info("the source was read by %llu requests of %llu bytes together",
	         (unsigned long long)stats.requests, (unsigned long long)stats.bytes);
	/* One reader at a time: the outputs are read next. */
	reader_destroy(reader);
	if (result == SESSION_DONE)
		result = verify(run, verdict);
	session_destroy(run->session);
	return result;
}

enum session_result stage_run(struct attempt *attempt, const struct stage *stage,
                              struct verdict *verdict)
{
	struct run run = {.attempt = attempt,
	                  .stage = stage,
	                  .number = 1 + (uint64_t)(stage - attempt->work->pipeline->stages)};
	struct log_scope scope = {.stage = stage->name};
	enum session_result result;

	log_enter(&scope);
	result = run_in_session(&run, verdict);
	log_leave(&scope);
	return result;
}
