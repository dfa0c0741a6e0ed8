/* attempt.c - one attempt: claims its epoch, runs the stages, publishes, and says how it ended. */
#include "worker/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "support/call.h"
#include "support/clock.h"
#include "support/crash_point.h"
#include "support/hash.h"
#include "support/log.h"
#include "support/pool.h"
#include "video/keys.h"
#include "worker/reader.h"

enum {
	/* The last words and the message's way back have to fit into the grace of a stopped task. */
	LAST_WORDS_MS = 10000,
	/* A stage tells first that the time is over, and where; then what still waits is cut short. */
	DEADLINE_SLACK_MS = 2000
};

const struct patience patience_usual = {.quiet_ms = 10 * 60 * 1000,
                                        .time_least_ms = 10 * 60 * 1000};

static int make_instance(const struct work *work, const struct role *role, struct instance **out,
                         struct vm_error *err)
{
	return instance_create(role->plugin, role->config, role->name, work->state_dir,
	                       work->pipeline->name, out, err);
}

/* Everything but the events' queue, which is there already: it is what a failure is told by. */
static int prepare(struct attempt *attempt, struct vm_error *err)
{
	const struct work *work = attempt->work;
	const struct pipeline *pipeline = work->pipeline;
	struct uploader_want uploader = {.prefix = attempt->prefix,
	                                 .output_bytes_most = pipeline->policy.limits.output_bytes,
	                                 .memory_bytes = UPLOADER_MEMORY_BYTES};
	struct heartbeat_want heartbeat = {.teller = &attempt->teller};
	int status;

	if ((status = make_instance(work, pipeline->queue_unprocessed, &attempt->tasks, err)) !=
	        VM_OK ||
	    (status = make_instance(work, pipeline->storage_unprocessed, &attempt->sources, err)) !=
	        VM_OK)
		return status;
	if (pipeline->storage_processed == pipeline->storage_unprocessed)
		attempt->outputs = attempt->sources;
	else if ((status = make_instance(work, pipeline->storage_processed, &attempt->outputs, err)) !=
	         VM_OK)
		return status;
	if ((status = pool_create(READER_FETCHERS, READER_FETCHES_MOST, &attempt->fetchers, err)) !=
	    VM_OK)
		return status;
	attempt->manifest.reports = json_object();
	if (attempt->manifest.reports == NULL)
		return vm_fail_memory(err);
	uploader.storage = attempt->outputs;
	uploader.cancel = attempt->cancel;
	if ((status = uploader_create(&uploader, &attempt->uploader, err)) != VM_OK)
		return status;
	heartbeat.tasks = attempt->tasks;
	heartbeat.attempt = attempt->cancel;
	heartbeat.deadline_ms = attempt->deadline_ms;
	if (attempt->deadline_ms != INT64_MAX)
		heartbeat.deadline_ms += DEADLINE_SLACK_MS;
	return heartbeat_create(&heartbeat, &attempt->heartbeat, err);
}

static void finish(struct attempt *attempt)
{
	heartbeat_destroy(attempt->heartbeat);
	uploader_destroy(attempt->uploader);
	pool_destroy(attempt->fetchers);
	manifest_finish(&attempt->manifest);
	if (attempt->outputs != attempt->sources)
		instance_destroy(attempt->outputs);
	instance_destroy(attempt->sources);
	instance_destroy(attempt->tasks);
	instance_destroy(attempt->events);
	cancel_destroy(attempt->cancel);
}

/* The task message can be received again at once. */
static void give_back(struct attempt *attempt)
{
	const char *receipt = attempt->work->job->receipt;
	struct vm_error error;
	struct call call;

	if (attempt->tasks == NULL || receipt[0] == '\0')
		return;
	call_init(&call, NULL, LAST_WORDS_MS);
	/* A receipt that is stale by now belongs to a message that others have in hand. */
	if (queue_extend(attempt->tasks, receipt, 0, &call.vm, &error) != VM_OK)
		log_info("the task message was not given back: %s", error.message);
	else
		CRASH_POINT(WORKER_MESSAGE_GIVEN_BACK);
}

/* Says how it ended; the heartbeat is over by then, so nothing hides the message again. */
static enum work_end end_with(struct attempt *attempt, struct event *event, enum work_end end,
                              struct vm_error *err)
{
	struct vm_error error;
	int status;

	heartbeat_destroy(attempt->heartbeat);
	attempt->heartbeat = NULL;
	status = teller_send(&attempt->teller, event, NULL, LAST_WORDS_MS, &error);
	if (status == VM_OK && event->type == EVENT_FAILED)
		CRASH_POINT(WORKER_FAILED_SENT);
	else if (status == VM_OK)
		CRASH_POINT(WORKER_RELEASED_SENT);
	give_back(attempt);
	vm_fail(err, VM_ERR_UNAVAILABLE, "%s: %s", event_type_name(event->type), event->reason);
	if (status == VM_OK)
		return end;
	log_error("the event %s was not sent: %s", event_type_name(event->type), error.message);
	return WORK_SILENT;
}

static enum work_end end_released(struct attempt *attempt, const char *reason, struct vm_error *err)
{
	struct event event = {.type = EVENT_RELEASED};

	snprintf(event.reason, sizeof event.reason, "%s", reason);
	log_info("handed back: %s", reason);
	return end_with(attempt, &event, WORK_RELEASED, err);
}

static enum work_end end_failed(struct attempt *attempt, const struct verdict *verdict,
                                struct vm_error *err)
{
	struct event event = {
	    .type = EVENT_FAILED, .error = verdict->error, .transient = verdict->transient};

	memcpy(event.reason, verdict->reason, sizeof event.reason);
	log_error("failed (%s, %s): %s", error_class_name(verdict->error),
	          verdict->transient ? "may be tried again" : "for good", verdict->reason);
	return end_with(attempt, &event, WORK_FAILED, err);
}

/* Somebody asked for it, its time is over, or nobody hears this attempt any more. */
static enum work_end end_cancelled(struct attempt *attempt, struct vm_error *err)
{
	struct verdict verdict;

	if (cancel_triggered(attempt->work->stop))
		return end_released(attempt, "the worker was asked to stop", err);
	if (clock_monotonic_ms() >= attempt->deadline_ms && !teller_is_silent(&attempt->teller)) {
		verdict_set(&verdict, ERROR_TIMEOUT, true,
		            "the attempt's time is over, and it still waits for storage");
		return end_failed(attempt, &verdict, err);
	}
	vm_fail(err, VM_ERR_TIMEOUT, "nothing was heard of this attempt for a whole lease");
	return WORK_SILENT;
}

static enum work_end end_succeeded(struct attempt *attempt, const struct video_result *result,
                                   struct vm_error *err)
{
	struct event event = {.type = EVENT_SUCCEEDED, .result = *result};
	const char *receipt = attempt->work->job->receipt;
	struct vm_error error;
	struct call call;

	/* A planned stop must not lose what is made: the manifest is there, only the word is not. */
	if (teller_insist(&attempt->teller, &event, NULL, err) != VM_OK)
		return WORK_SILENT;
	CRASH_POINT(WORKER_SUCCEEDED_SENT);
	heartbeat_destroy(attempt->heartbeat);
	attempt->heartbeat = NULL;
	log_info("succeeded: %llu outputs of %llu bytes", (unsigned long long)result->outputs,
	         (unsigned long long)result->bytes);
	call_init(&call, NULL, LAST_WORDS_MS);
	if (receipt[0] != '\0' && queue_remove(attempt->tasks, receipt, &call.vm, &error) != VM_OK)
		log_info("the task message stays for the server to remove: %s", error.message);
	else
		CRASH_POINT(WORKER_MESSAGE_REMOVED);
	return WORK_SUCCEEDED;
}

/* policy.limits.bytes: known before anything is read. */
static bool source_is_too_long(const struct attempt *attempt, struct verdict *verdict)
{
	uint64_t most = attempt->work->pipeline->policy.limits.bytes;
	uint64_t bytes = attempt->work->job->bytes;

	if (most == 0 || bytes <= most)
		return false;
	verdict_set(verdict, ERROR_LIMIT, false,
	            "policy.limits.bytes: a source of %llu bytes, where %llu are allowed",
	            (unsigned long long)bytes, (unsigned long long)most);
	return true;
}

static enum work_end run_stages(struct attempt *attempt, struct vm_error *err)
{
	const struct pipeline *pipeline = attempt->work->pipeline;
	enum session_result result = SESSION_DONE;
	struct video_result made;
	struct verdict verdict;
	struct vm_error error;
	int status;

	if (source_is_too_long(attempt, &verdict))
		return end_failed(attempt, &verdict, err);
	for (size_t i = 0; i < pipeline->n_stages && result == SESSION_DONE; i++)
		result = stage_run(attempt, &pipeline->stages[i], &verdict);
	if (result == SESSION_FAILED)
		return end_failed(attempt, &verdict, err);
	if (result == SESSION_CANCELLED || cancel_triggered(attempt->cancel))
		return end_cancelled(attempt, err);
	status = publish(attempt, &made, &error);
	if (status == VM_OK)
		return end_succeeded(attempt, &made, err);
	if (cancel_triggered(attempt->cancel))
		return end_cancelled(attempt, err);
	verdict_of_error(FAULT_OUTPUT, &error, &verdict);
	return end_failed(attempt, &verdict, err);
}

static enum work_end attempt_run(struct attempt *attempt, struct vm_error *err)
{
	const struct work *work = attempt->work;
	struct event started = {.type = EVENT_STARTED};
	struct verdict verdict;
	struct vm_error error;

	if (!hash_equal(work->job->pipeline_hash, work->pipeline->hash)) {
		char reason[VIDEO_REASON_MAX];

		make_instance(work, work->pipeline->queue_unprocessed, &attempt->tasks, NULL);
		snprintf(reason, sizeof reason,
		         "%s is not the server's pipeline file: its hash is %.12s…, the server's %.12s…",
		         work->pipeline->path, work->pipeline->hash, work->job->pipeline_hash);
		return end_released(attempt, reason, err);
	}
	if (prepare(attempt, &error) != VM_OK) {
		verdict_of_error(FAULT_HOST, &error, &verdict);
		return end_failed(attempt, &verdict, err);
	}
	CRASH_POINT(WORKER_BEGUN);
	if (teller_insist(&attempt->teller, &started, attempt->cancel, &error) != VM_OK) {
		*err = error;
		return cancel_triggered(work->stop) ? end_cancelled(attempt, err) : WORK_SILENT;
	}
	CRASH_POINT(WORKER_STARTED_SENT);
	return run_stages(attempt, err);
}

enum work_end work_run(const struct work *work, struct vm_error *err)
{
	const struct job *job = work->job;
	uint64_t cpu_ms = work->pipeline->policy.limits.cpu_ms;
	uint64_t least_ms = work->patience.time_least_ms;
	struct log_scope scope = {.video = job->video, .epoch = job->epoch};
	struct attempt attempt = {.work = work, .deadline_ms = INT64_MAX};
	enum work_end end = WORK_SILENT;

	log_enter(&scope);
	if (cpu_ms > 0)
		attempt.deadline_ms = clock_monotonic_ms() +
		                      (int64_t)(2 * cpu_ms > least_ms ? 2 * cpu_ms : least_ms);
	if (cancel_create(work->stop, &attempt.cancel, err) == VM_OK &&
	    make_instance(work, work->pipeline->queue_processed, &attempt.events, err) == VM_OK) {
		teller_init(&attempt.teller, attempt.events, job);
		key_attempt(job->video, job->generation, job->epoch, attempt.teller.nonce, attempt.prefix);
		end = attempt_run(&attempt, err);
	}
	finish(&attempt);
	log_leave(&scope);
	return end;
}
