/* effects.c - what a step of the state machine wants done, after it was stored. */
#include "server/effects.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/compute.h"
#include "plugin/queue.h"
#include "plugin/storage.h"
#include "server/clean.h"
#include "server/documents.h"
#include "server/feed.h"
#include "server/source.h"
#include "support/crash_point.h"
#include "support/log.h"

static void note(struct server *server, const struct video *video, const struct input *input,
                 const struct vm_call *call)
{
	struct effects effects;
	struct vm_error err;

	if (videos_step(server, video->id, input, NULL, &effects, call, &err) != VM_OK)
		log_warning("noting what was done: %s", err.message);
}

static void follow_up(struct server *server, const struct video *video, enum input_type type,
                      const struct vm_call *call)
{
	note(server, video, &(struct input){.type = type}, call);
}

static void stop_task(struct server *server, const struct video *video, const char *task,
                      const struct vm_call *call)
{
	struct vm_error err;

	if (compute_stop(server->places.compute, task, call, &err) != VM_OK) {
		log_warning("stopping the task of an attempt that lost its right: %s", err.message);
		return;
	}
	CRASH_POINT(SERVER_STOP_SENT);
	note(server, video, &(struct input){.type = INPUT_STOPPED, .task = task}, call);
}

static void send_message(struct server *server, const struct video *video, uint64_t delay_ms,
                         const struct vm_call *call)
{
	struct vm_queue_traits traits;
	struct vm_error err;
	char *body = task_message_write(video->id);
	int status;

	/* A delay beyond what the queue can do comes back early and is hidden again. */
	queue_traits(server->places.queue_unprocessed, &traits);
	if (delay_ms > traits.delay_max_ms)
		delay_ms = traits.delay_max_ms;
	if (body == NULL)
		status = vm_fail_memory(&err);
	else
		status = queue_send(server->places.queue_unprocessed, body, strlen(body), delay_ms, call,
		                    &err);
	free(body);
	if (status == VM_OK) {
		CRASH_POINT(SERVER_MESSAGE_SENT);
		follow_up(server, video, INPUT_MESSAGE_SENT, call);
	} else
		log_warning("sending the task message, which is tried again: %s", err.message);
}

/* The notification of an outcome goes to the log and to everybody who watches the events. */
static void publish(struct server *server, const struct video *video, const struct vm_call *call)
{
	if (video->error == ERROR_NONE)
		log_info("%s: %s", video->name[0] != '\0' ? video->name : "video",
		         video_state_name(video->state));
	else
		log_info("%s: %s: %s: %s", video->name[0] != '\0' ? video->name : "video",
		         video_state_name(video->state), error_class_name(video->error), video->reason);
	CRASH_POINT(SERVER_OUTBOX_PUBLISHED);
	follow_up(server, video, INPUT_OUTBOX_SENT, call);
}

static void clean(struct server *server, const struct video *video, const struct vm_call *call)
{
	struct vm_error err;

	if (clean_video(server, video, call, &err) == VM_OK)
		follow_up(server, video, INPUT_CLEANED, call);
	else
		log_warning("removing what is left over, which is tried again: %s", err.message);
}

static void remove_document(struct server *server, const struct video *video,
                            const struct vm_call *call)
{
	struct vm_error err;

	if (document_remove(server->places.meta, video, call, &err) != VM_OK)
		log_warning("removing the document, which is tried again: %s", err.message);
	else {
		CRASH_POINT(SERVER_DOCUMENT_REMOVED);
		log_info("removed");
	}
}

int effects_look_for_source(struct server *server, const struct video *video, const char *sequencer,
                            struct video *after, const struct vm_call *call, struct vm_error *err)
{
	struct input input = {.type = INPUT_ARRIVED, .source = video->source};
	struct vm_object object;
	struct effects effects;
	int status;

	status = source_find(server, video, &object, call, err);
	if (status == VM_ERR_NOT_FOUND) {
		input.type = INPUT_SOURCE_ABSENT;
	} else if (status != VM_OK) {
		return status;
	} else {
		CRASH_POINT(SERVER_SOURCE_FOUND);
		memcpy(input.source.etag, object.etag, sizeof object.etag);
		input.source.bytes = object.bytes;
		snprintf(input.source.sequencer, sizeof input.source.sequencer, "%s",
		         sequencer != NULL ? sequencer : "");
	}
	return videos_step(server, video->id, &input, after, &effects, call, err);
}

void effects_carry_out(struct server *server, const struct video *video,
                       const struct effects *effects, const struct vm_call *call)
{
	struct vm_error err;

	if (effects->changed)
		feed_tell(server->feed, video);
	if (effects->stop_task)
		stop_task(server, video, effects->stop_task_name, call);
	if (effects->send_message)
		send_message(server, video, effects->send_delay_ms, call);
	if (effects->publish)
		publish(server, video, call);
	if (effects->clean)
		clean(server, video, call);
	if (effects->ask_source &&
	    effects_look_for_source(server, video, NULL, NULL, call, &err) != VM_OK)
		log_warning("looking for the source: %s", err.message);
	if (effects->remove_document)
		remove_document(server, video, call);
}
