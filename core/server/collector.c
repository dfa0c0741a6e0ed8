/* collector.c - events in, documents stored. */
#include <string.h>

#include "plugin/compute.h"
#include "server/inbound.h"
#include "server/loops.h"
#include "server/videos.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/crash_point.h"
#include "support/log.h"

static int collect_event(struct server *server, const struct event *event,
                         const struct vm_call *call, struct vm_error *err)
{
	struct input input = {.type = INPUT_EVENT, .event = event};
	struct effects effects = {0};
	int status;

	server->counters.events_received++;
	status = videos_step(server, event->video, &input, NULL, &effects, call, err);
	if (status == VM_OK && effects.stale)
		log_info("dropped %s of an attempt that has no right (any more)",
		         event_type_name(event->type));
	if (status == VM_ERR_NOT_FOUND) {
		server->counters.events_dropped++;
		log_info("dropped %s of a video that is gone", event_type_name(event->type));
		return VM_OK;
	}
	return status;
}

static int collect(struct server *server, const struct vm_message *message,
                   const struct vm_call *call, struct vm_error *err)
{
	struct instance *queue = server->places.queue_processed;
	struct event event;
	int status;

	status = event_read(message->body, message->length, &event, err);
	if (status == VM_ERR_NO_MEMORY)
		return status;
	if (status != VM_OK) {
		server->counters.events_dropped++;
		log_warning("an event that cannot be read goes to the dead letters: %s", err->message);
		return queue_dead_letter(queue, message, err->message, call, err);
	}
	{
		struct log_scope scope = {.video = event.video, .epoch = event.epoch};

		log_enter(&scope);
		status = collect_event(server, &event, call, err);
		log_leave(&scope);
	}
	/* Stored first: an event is removed only when it can no longer be lost. */
	if (status == VM_OK)
		status = queue_remove(queue, message->receipt, call, err);
	if (status == VM_OK)
		CRASH_POINT(SERVER_EVENT_REMOVED);
	return status;
}

static bool collect_all(struct server *server, const struct inbound *inbound)
{
	bool ok = true;

	for (size_t i = 0; i < inbound->count; i++) {
		const struct vm_message *message = &inbound->items[i].message;
		struct vm_error err;
		struct call call;

		call_init(&call, server->abort, LOOP_CALL_MS);
		if (ok) {
			int status = collect(server, message, &call.vm, &err);

			if (status == VM_OK || status == VM_ERR_CONFLICT)
				continue;
			log_warning("an event, which will come back: %s", err.message);
			ok = false;
		}
		/* Those behind it are given back at once: the outage is waited for, not their time. */
		(void)queue_extend(server->places.queue_processed, message->receipt, 0, &call.vm, NULL);
	}
	return ok;
}

/* The queue is emptied this often even when nothing comes: nobody is declared dead before. */
static uint64_t wait_ms(struct server *server)
{
	struct vm_compute_traits traits;

	compute_traits(server->places.compute, &traits);
	return traits.watch_ms / 2 < 20000 ? traits.watch_ms / 2 : 20000;
}

/* False when the queue or the metadata does not answer. */
static bool receive(struct server *server, struct inbound *inbound)
{
	int64_t begun_ms = clock_monotonic_ms();
	struct vm_error err;
	struct call call;
	bool worked;
	int status;

	call_init(&call, server->abort, 0);
	status = inbound_receive(inbound, server->places.queue_processed, INBOUND_MAX, wait_ms(server),
	                         &call.vm, &err);
	if (status == VM_OK && inbound->count == 0)
		server->drained_ms = begun_ms;
	worked = status == VM_OK || cancel_triggered(server->abort);
	if (!worked)
		log_warning("receiving events: %s", err.message);
	if (inbound->count > 0)
		CRASH_POINT(SERVER_EVENT_RECEIVED);
	if (!collect_all(server, inbound)) {
		loop_wait_for_meta(server, server->abort);
		worked = false;
	}
	inbound_clear(inbound);
	return worked;
}

void *collector_loop(void *ctx)
{
	struct server *server = ctx;
	struct inbound *inbound = &(struct inbound){0};
	struct loop_rest rest = {0};

	while (!cancel_triggered(server->abort))
		cancel_sleep_ms(server->abort, loop_rest_ms(&rest, receive(server, inbound)));
	return NULL;
}
