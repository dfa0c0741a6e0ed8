/* worker.c - a worker that keeps the design's write order, and may fail at every line of it. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "sim.h"
#include "support/hash.h"
#include "support/random.h"
#include "video/keys.h"
#include "world.h"

#define VISIBILITY_MS 120000
#define HANG_MS ((int64_t)100 * 3600 * 1000) /* longer than any history waits */

/*
 * A model: tests/unit/worker/test_order.c holds the real worker to the same order
 * of what lasts - started, outputs, manifest, succeeded, message.
 */

/* How an attempt is going to end, if nothing befalls it. */
enum plan { SUCCEED, FAIL_TRANSIENT, FAIL_PERMANENT, HANG };

struct attempt {
	struct job job;
	struct process *process;
	char nonce[VIDEO_NONCE_MAX];
	int64_t heard_ms; /* when an event of ours was last taken by the queue */
	bool holds_message;
};

static void note_heard(struct process *process, int64_t now_ms)
{
	memmove(process->heard_earlier_ms + 1, process->heard_earlier_ms,
	        (HEARD_KEPT - 1) * sizeof *process->heard_earlier_ms);
	process->heard_earlier_ms[0] = process->heard_ms;
	process->heard_ms = now_ms;
}

static bool say(struct attempt *attempt, struct event event)
{
	int64_t begun_ms = world.now_ms; /* it may be paused before it hears that it was heard */
	char *text;
	int status;

	memcpy(event.video, attempt->job.video, sizeof event.video);
	event.generation = attempt->job.generation;
	event.epoch = attempt->job.epoch;
	memcpy(event.nonce, attempt->nonce, sizeof event.nonce);
	memcpy(event.ticket, attempt->job.ticket, sizeof event.ticket);
	text = event_write(&event);
	if (text == NULL)
		abort();
	status = queue_send_text(&sim_queue_processed, text, NULL);
	free(text);
	if (status == VM_OK) {
		attempt->heard_ms = world.now_ms;
		note_heard(attempt->process, begun_ms);
	}
	return status == VM_OK;
}

/* Tries for a whole lease; false: the attempt ends in silence. */
static bool insist(struct attempt *attempt, struct event event)
{
	while (!say(attempt, event)) {
		if (world.now_ms - attempt->heard_ms > (int64_t)attempt->job.lease_ms)
			return false;
		world_sleep_ms(1000);
	}
	return true;
}

static void give_back(struct attempt *attempt)
{
	if (attempt->job.receipt[0] != '\0')
		(void)queue_extend_receipt(&sim_queue_unprocessed, attempt->job.receipt, 0, NULL);
}

static void beat(struct attempt *attempt)
{
	if (attempt->holds_message && queue_extend_receipt(&sim_queue_unprocessed, attempt->job.receipt,
	                                                   VISIBILITY_MS, NULL) == VM_ERR_CONFLICT)
		attempt->holds_message = false;
	(void)say(attempt, (struct event){.type = EVENT_PROGRESS});
}

/* False when the attempt must not go on: silent for a lease, or asked to stop. */
static bool work(struct attempt *attempt)
{
	int64_t end_ms = world.now_ms + 5000 + (int64_t)chance_up_to(240000);

	while (world.now_ms < end_ms) {
		world_sleep_ms((int64_t)attempt->job.lease_ms / 3);
		if (attempt->process->stop_asked)
			return false;
		beat(attempt);
		if (world.now_ms - attempt->heard_ms > (int64_t)attempt->job.lease_ms)
			return false;
	}
	return !attempt->process->stop_asked;
}

/* Reads are pinned to the source as it was when the work was given out. */
static int read_source(const struct attempt *attempt)
{
	const struct object *source;
	char etag[VM_ETAG_MAX];
	int status = part_begin("storage.read_at", NULL);

	if (status != VM_OK)
		return status;
	source = object_find(attempt->job.key);
	if (source == NULL)
		return VM_ERR_NOT_FOUND;
	object_etag(source, etag);
	return strcmp(etag, attempt->job.etag) == 0 ? VM_OK : VM_ERR_CONFLICT;
}

static int put_output(const char *prefix, const char *name, struct manifest *manifest)
{
	struct manifest_output output = {0};
	char key[VM_KEY_MAX + 32], bytes[64];
	int status = VM_ERR_UNAVAILABLE;

	random_hex(bytes, 16);
	output.bytes = strlen(bytes);
	snprintf(output.name, sizeof output.name, "%s", name);
	snprintf(key, sizeof key, "%s%s", prefix, name);
	hash_bytes(bytes, strlen(bytes), output.sha256, NULL);
	for (int n = 0; n < 5 && status != VM_OK; n++)
		status = object_put(key, bytes, strlen(bytes), false, NULL);
	return status == VM_OK ? manifest_add(manifest, &output, NULL) : status;
}

/* Outputs first, the manifest last and only if it is absent. */
static int publish(struct attempt *attempt, struct video_result *result)
{
	struct manifest manifest = {.generation = attempt->job.generation, .epoch = attempt->job.epoch};
	char prefix[VM_KEY_MAX];
	int status = VM_OK;
	char *text;

	memcpy(manifest.video, attempt->job.video, sizeof manifest.video);
	memcpy(manifest.nonce, attempt->nonce, sizeof manifest.nonce);
	memcpy(manifest.source_etag, attempt->job.etag, sizeof manifest.source_etag);
	key_attempt(attempt->job.video, attempt->job.generation, attempt->job.epoch, attempt->nonce,
	            prefix);
	for (int n = 0; status == VM_OK && n < 2; n++)
		status = put_output(prefix, n == 0 ? "web/a.mp4" : "web/b.mp4", &manifest);
	text = manifest_write(&manifest);
	if (text == NULL)
		abort();
	key_manifest(attempt->job.video, attempt->job.generation, attempt->job.epoch, attempt->nonce,
	             result->manifest_key);
	hash_bytes(text, strlen(text), result->manifest_sha256, NULL);
	result->outputs = manifest.n_outputs;
	if (status == VM_OK)
		status = object_put(result->manifest_key, text, strlen(text), true, NULL);
	free(text);
	manifest_finish(&manifest);
	return status;
}

static void fail(struct attempt *attempt, enum error_class error, bool transient)
{
	struct event event = {.type = EVENT_FAILED, .error = error, .transient = transient};

	snprintf(event.reason, sizeof event.reason, "simulated");
	if (insist(attempt, event))
		give_back(attempt);
}

static void succeed(struct attempt *attempt)
{
	struct event event = {.type = EVENT_SUCCEEDED};

	if (publish(attempt, &event.result) != VM_OK) {
		fail(attempt, ERROR_STORAGE, true);
		return;
	}
	/* The worst moment: all is there, and nobody was told. */
	if (chance_of(50))
		process_kill(attempt->process);
	if (insist(attempt, event) && attempt->job.receipt[0] != '\0')
		(void)queue_remove_receipt(&sim_queue_unprocessed, attempt->job.receipt, NULL);
}

static enum plan make_plan(void)
{
	if (chance_of(100))
		return FAIL_TRANSIENT;
	if (chance_of(50))
		return FAIL_PERMANENT;
	return chance_of(50) ? HANG : SUCCEED;
}

/* From the first byte of the source to the last word. */
static void carry_out(struct attempt *attempt, enum plan plan)
{
	int status = read_source(attempt);

	if (status == VM_ERR_NOT_FOUND || status == VM_ERR_CONFLICT)
		fail(attempt, ERROR_SOURCE_MISSING, false);
	else if (plan == HANG)
		world_sleep_ms(HANG_MS);
	else if (plan == FAIL_TRANSIENT || status != VM_OK)
		fail(attempt, ERROR_STORAGE, true);
	else if (plan == FAIL_PERMANENT)
		fail(attempt, ERROR_BAD_MEDIA, false);
	else
		succeed(attempt);
}

void worker_start(struct process *process, const struct job *job)
{
	struct attempt *attempt = calloc(1, sizeof *attempt);
	enum plan plan = make_plan();

	if (attempt == NULL)
		abort();
	attempt->job = *job;
	attempt->process = process;
	process->begun_ms = world.now_ms;
	attempt->holds_message = job->receipt[0] != '\0';
	attempt->heard_ms = world.now_ms;
	random_hex(attempt->nonce, (VIDEO_NONCE_MAX - 1) / 2);
	world_say("works on %.4s, epoch %llu", job->video, (unsigned long long)job->epoch);
	if (!insist(attempt, (struct event){.type = EVENT_STARTED}))
		return;
	if (!work(attempt)) {
		if (process->stop_asked) {
			struct event event = {.type = EVENT_RELEASED};

			if (say(attempt, event))
				give_back(attempt);
		}
		return;
	}
	carry_out(attempt, plan);
}
