/* watcher.c - asks compute after every task that should be at work. */
#include <stdlib.h>
#include <string.h>

#include "plugin/compute.h"
#include "plugin/storage.h"
#include "server/documents.h"
#include "server/launch.h"
#include "server/loops.h"
#include "server/manifests.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/log.h"

/* A dispatcher that is still at it names the task within this time; after it, it was killed. */
#define NAMELESS_MS 1000

enum suspicion {
	SILENT = 1,  /* its lease has run out */
	OVERDUE = 2, /* so has the grace */
	GONE = 3     /* compute says so */
};

/*
 * When this was first suspected: the work is taken away only when the events
 * were drained once since then.
 */
struct suspect {
	char video[VIDEO_ID_MAX];
	uint64_t epoch;
	enum suspicion of;
	int64_t since_ms; /* clock_monotonic_ms */
	bool seen;        /* in this round */
};

struct watch {
	struct server *server;
	struct suspect *suspects;
	size_t count;
};

static struct suspect *suspect_of(struct watch *watch, const struct video *video, enum suspicion of)
{
	struct suspect *grown;

	for (size_t i = 0; i < watch->count; i++)
		if (strcmp(watch->suspects[i].video, video->id) == 0 &&
		    watch->suspects[i].epoch == video->epoch && watch->suspects[i].of == of)
			return &watch->suspects[i];
	grown = realloc(watch->suspects, (watch->count + 1) * sizeof *grown);
	if (grown == NULL)
		return NULL;
	watch->suspects = grown;
	grown += watch->count++;
	*grown = (struct suspect){.epoch = video->epoch, .of = of, .since_ms = clock_monotonic_ms()};
	memcpy(grown->video, video->id, sizeof grown->video);
	return grown;
}

static void forget_unseen(struct watch *watch)
{
	size_t kept = 0;

	for (size_t i = 0; i < watch->count; i++)
		if (watch->suspects[i].seen) {
			watch->suspects[kept] = watch->suspects[i];
			watch->suspects[kept++].seen = false;
		}
	watch->count = kept;
}

static enum suspicion suspicion_of(const struct video *video, bool alive)
{
	int64_t grace_ms = video->attempt.grace_ms;

	if (!alive)
		return GONE;
	return grace_ms != 0 && clock_unix_ms() > grace_ms ? OVERDUE : SILENT;
}

/* An input of the type INPUT_TASK_STATUS, as far as compute's answer fills it. */
static void report(struct watch *watch, const struct video *video, struct input input,
                   const struct vm_call *call)
{
	int64_t seen_ms = clock_unix_ms();
	struct suspect *suspect = suspect_of(watch, video, suspicion_of(video, input.task_alive));
	struct video_result result;
	struct effects effects;
	struct vm_error err;

	if (suspect == NULL)
		return;
	suspect->seen = true;
	input.type = INPUT_TASK_STATUS;
	input.epoch = video->epoch;
	input.seen_ms = seen_ms;
	input.events_drained = watch->server->drained_ms > suspect->since_ms;
	/* Its last word may have been lost when its work was done. */
	if (input.events_drained &&
	    manifest_adopt(watch->server->places.storage_processed, video, &result, call)) {
		input.type = INPUT_ADOPT;
		input.result = &result;
		log_info("adopted the finished work of an attempt that could not report it");
	}
	if (videos_step(watch->server, video->id, &input, NULL, &effects, call, &err) != VM_OK)
		log_warning("a task that is gone: %s", err.message);
}

static const char *why_stopped(const struct vm_task_status *task)
{
	if (task->reason[0] != '\0')
		return task->reason;
	return task->state == VM_TASK_UNKNOWN ? "compute does not know it any more"
	                                      : "compute does not say why";
}

/* False when compute does not answer. */
static bool ask_named(struct watch *watch, const struct video *video, const struct vm_call *call)
{
	struct vm_task_status task = {.size = sizeof task};
	struct input input = {.reason = ""};
	struct vm_error err;
	int status;

	status = compute_status(watch->server->places.compute, video->attempt.task, &task, call, &err);
	if (status != VM_OK) {
		log_warning("asking compute after task %s: %s", video->attempt.task, err.message);
		return false;
	}
	if (task.state == VM_TASK_STARTING || task.state == VM_TASK_RUNNING) {
		input.task_alive = true;
		if (clock_unix_ms() > video->attempt.until_ms)
			report(watch, video, input, call);
		return true;
	}
	input.reason = why_stopped(&task);
	input.task_interrupted = task.state == VM_TASK_STOPPED && task.interrupted != 0;
	if (task.state == VM_TASK_STOPPED && task.exit_code == TASK_EXIT_SILENT) {
		input.error = ERROR_QUEUE;
		input.reason = "it could send no event";
	}
	report(watch, video, input, call);
	return true;
}

/* One never named: whoever was starting it was killed, so it is started (or found) again. */
static bool ask_nameless(struct watch *watch, const struct video *video, const struct vm_call *call)
{
	int64_t now_ms = clock_unix_ms();

	/* However late: that a server died is no attempt, and the token finds what was started. */
	if (now_ms - video->attempt.dispatched_ms <= NAMELESS_MS ||
	    launch_task(watch->server, video, "", call))
		return true;
	if (now_ms > video->attempt.until_ms)
		report(watch, video,
		       (struct input){.reason = "compute never confirmed that it was started"}, call);
	return false;
}

static bool ask(struct watch *watch, const char *id, const struct vm_call *call)
{
	struct log_scope scope = {.video = id};
	struct video video;
	bool answered = true;

	log_enter(&scope);
	if (document_read(watch->server->places.meta, id, &video, call, NULL) == VM_OK &&
	    (video.state == VIDEO_DISPATCHED || video.state == VIDEO_PROCESSING)) {
		if (video.attempt.task[0] != '\0')
			answered = ask_named(watch, &video, call);
		else
			answered = ask_nameless(watch, &video, call);
	}
	log_leave(&scope);
	return answered;
}

/* False when the videos cannot be listed, or compute has an answer for none of them. */
static bool ask_all(struct watch *watch, enum video_state state)
{
	struct server *server = watch->server;
	char(*ids)[VIDEO_ID_MAX] = NULL;
	size_t count = 0, failed = 0;
	struct vm_error err;
	struct call call;

	call_init(&call, server->stop, LOOP_CALL_MS);
	if (documents_in_state(server->places.meta, state, &ids, &count, &call.vm, &err) != VM_OK) {
		if (!cancel_triggered(server->stop))
			log_warning("listing the %s videos: %s", video_state_name(state), err.message);
		return false;
	}
	for (size_t i = 0; i < count && !cancel_triggered(server->stop); i++) {
		call_init(&call, server->stop, LOOP_CALL_MS);
		failed += !ask(watch, ids[i], &call.vm);
	}
	free(ids);
	return failed == 0 || failed < count;
}

void *watcher_loop(void *ctx)
{
	struct watch watch = {.server = ctx};
	struct server *server = ctx;
	struct vm_compute_traits traits;
	struct loop_rest rest;

	compute_traits(server->places.compute, &traits);
	rest = (struct loop_rest){.pace_ms = traits.watch_ms > 100 ? traits.watch_ms : 100};
	while (!cancel_triggered(server->stop)) {
		bool worked = ask_all(&watch, VIDEO_DISPATCHED);

		worked = ask_all(&watch, VIDEO_PROCESSING) && worked;
		forget_unseen(&watch);
		cancel_sleep_ms(server->stop, loop_rest_ms(&rest, worked));
	}
	free(watch.suspects);
	return NULL;
}
