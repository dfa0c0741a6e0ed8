/* dispatcher.c - task messages in, tasks started; only while compute has room. */
#include <string.h>

#include "plugin/compute.h"
#include "plugin/storage.h"
#include "server/arrivals.h"
#include "server/documents.h"
#include "server/effects.h"
#include "server/inbound.h"
#include "server/launch.h"
#include "server/loops.h"
#include "support/call.h"
#include "support/crash_point.h"
#include "support/log.h"

/* How long to wait before compute is asked for room again. */
#define ROOM_MS 250
#define RECEIVE_MS 20000 /* the longest that SQS waits */

static int bury(struct server *server, const struct vm_message *message, const char *reason,
                const struct vm_call *call, struct vm_error *err)
{
	int status = queue_dead_letter(server->places.queue_unprocessed, message, reason, call, err);

	if (status == VM_OK) {
		CRASH_POINT(SERVER_LETTER_WRITTEN);
		server->counters.dead_letters++;
		log_warning("dead letter: %s", reason);
	}
	return status;
}

static int pay_letter(struct server *server, const char *id, const struct vm_message *message,
                      const char *reason, const struct vm_call *call, struct vm_error *err)
{
	struct input input = {.type = INPUT_LETTER_PAID};
	struct effects effects;
	int status = bury(server, message, reason, call, err);

	if (status != VM_OK)
		return status;
	return videos_step(server, id, &input, NULL, &effects, call, err);
}

static int meet_fate(struct server *server, const struct video *video,
                     const struct effects *effects, const struct vm_message *message,
                     const struct vm_call *call, struct vm_error *err)
{
	struct instance *queue = server->places.queue_unprocessed;
	int status = VM_OK;

	switch (effects->message) {
	case MESSAGE_NONE:
		break;
	case MESSAGE_REMOVE:
		status = queue_remove(queue, message->receipt, call, err);
		CRASH_POINT(SERVER_MESSAGE_REMOVED);
		break;
	case MESSAGE_EXTEND:
		status = queue_extend(queue, message->receipt, effects->message_ms, call, err);
		CRASH_POINT(SERVER_MESSAGE_PUT_OFF);
		break;
	case MESSAGE_LAUNCH:
		/* Only thrift: a message that comes back too early is hidden again. */
		if (queue_extend(queue, message->receipt, effects->message_ms, call, err) != VM_OK)
			log_debug("hiding the task message: %s", err->message);
		CRASH_POINT(SERVER_MESSAGE_HIDDEN);
		launch_task(server, video, message->receipt, call);
		break;
	case MESSAGE_DEAD:
		return pay_letter(server, video->id, message, effects->message_reason, call, err);
	}
	return status;
}

/* A message about one video. */
static int handle_video(struct server *server, const struct arrivals *arrivals,
                        const struct vm_message *message, const struct vm_call *call,
                        struct vm_error *err)
{
	const struct arrival *arrival = &arrivals->items[0];
	struct input input = {.type = INPUT_MESSAGE};
	struct effects effects;
	struct video video;
	int status;

	status = document_read(server->places.meta, arrival->video, &video, call, err);
	/* The video was removed: nobody waits for its message. */
	if (status == VM_ERR_NOT_FOUND && arrivals->is_ours)
		return queue_remove(server->places.queue_unprocessed, message->receipt, call, err);
	if (status == VM_ERR_NOT_FOUND)
		return bury(server, message, "an object arrived under a key of no known video", call, err);
	if (status == VM_OK && (video.state == VIDEO_AWAITING_UPLOAD || video.state == VIDEO_EXPIRED))
		status = effects_look_for_source(server, &video, arrival->sequencer, &video, call, err);
	if (status == VM_OK)
		status = videos_step(server, arrival->video, &input, &video, &effects, call, err);
	if (status != VM_OK)
		return status;
	return meet_fate(server, &video, &effects, message, call, err);
}

/* Several arrivals in one message: each video gets a message of its own. */
static int split(struct server *server, const struct arrivals *arrivals,
                 const struct vm_message *message, const struct vm_call *call, struct vm_error *err)
{
	struct instance *queue = server->places.queue_unprocessed;

	for (size_t i = 0; i < arrivals->count; i++) {
		int status = arrivals_send(server, &arrivals->items[i], call, err);

		if (status != VM_OK)
			return status;
	}
	return queue_remove(queue, message->receipt, call, err);
}

static int handle(struct server *server, const struct vm_message *message,
                  const struct vm_call *call, struct vm_error *err)
{
	struct arrivals arrivals;
	int status = arrivals_read(server, message, &arrivals, call, err);

	if (status == VM_ERR_BAD_DATA || status == VM_ERR_NOT_FOUND)
		return bury(server, message, err->message, call, err);
	if (status != VM_OK)
		return status;
	if (arrivals.count == 1) {
		struct log_scope scope = {.video = arrivals.items[0].video};

		log_enter(&scope);
		status = handle_video(server, &arrivals, message, call, err);
		log_leave(&scope);
	} else {
		status = split(server, &arrivals, message, call, err);
	}
	arrivals_finish(&arrivals);
	return status;
}

/* False when one of them could not be handled: it comes back. */
static bool handle_all(struct server *server, const struct inbound *inbound)
{
	bool ok = true;

	for (size_t i = 0; i < inbound->count; i++) {
		struct vm_error err;
		struct call call;
		int status;

		/* Cut short only by `abort`: a message in hand is brought to its end. */
		call_init(&call, server->abort, LOOP_CALL_MS);
		status = handle(server, &inbound->items[i].message, &call.vm, &err);
		if (status == VM_OK || status == VM_ERR_CONFLICT)
			continue;
		log_warning("a task message, which will come back: %s", err.message);
		ok = false;
	}
	return ok;
}

/* False when the queue, the store or the metadata does not answer. */
static bool receive(struct server *server, struct inbound *inbound, uint32_t free_tasks)
{
	struct vm_error err;
	struct call call;
	bool worked;
	int status;

	call_init(&call, server->stop, 0);
	status = inbound_receive(inbound, server->places.queue_unprocessed, free_tasks, RECEIVE_MS,
	                         &call.vm, &err);
	worked = status == VM_OK || cancel_triggered(server->stop);
	if (!worked)
		log_warning("receiving task messages: %s", err.message);
	if (inbound->count > 0)
		CRASH_POINT(SERVER_MESSAGE_RECEIVED);
	if (!handle_all(server, inbound)) {
		loop_wait_for_meta(server, server->stop);
		worked = false;
	}
	inbound_clear(inbound);
	return worked;
}

void *dispatcher_loop(void *ctx)
{
	struct server *server = ctx;
	struct inbound *inbound = &(struct inbound){0};
	struct loop_rest rest = {0};

	while (!cancel_triggered(server->stop)) {
		uint32_t free_tasks = 0;
		bool worked = true;
		struct vm_error err;
		struct call call;

		/* Asked before a message is received, so that waiting for room never burns a receive. */
		call_init(&call, server->stop, LOOP_CALL_MS);
		if (compute_capacity(server->places.compute, &free_tasks, &call.vm, &err) != VM_OK &&
		    !cancel_triggered(server->stop)) {
			log_warning("asking compute for room: %s", err.message);
			worked = false;
		} else if (free_tasks > 0) {
			worked = receive(server, inbound, free_tasks);
		} else {
			cancel_sleep_ms(server->stop, ROOM_MS);
		}
		cancel_sleep_ms(server->stop, loop_rest_ms(&rest, worked));
	}
	return NULL;
}
