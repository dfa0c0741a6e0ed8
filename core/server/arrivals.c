/* arrivals.c - what a message of the unprocessed queue is about. */
#include "server/arrivals.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/queue.h"
#include "plugin/storage.h"
#include "server/documents.h"
#include "support/clock.h"
#include "support/escape.h"
#include "support/hash.h"
#include "video/keys.h"
#include "video/message.h"

struct reading {
	struct server *server;
	struct arrivals *arrivals;
	const struct vm_call *call;
	struct vm_error *err;
	int status;
};

static int add(struct arrivals *arrivals, const struct arrival *arrival, struct vm_error *err)
{
	struct arrival *items = realloc(arrivals->items, (arrivals->count + 1) * sizeof *items);

	if (items == NULL)
		return vm_fail_memory(err);
	arrivals->items = items;
	items[arrivals->count++] = *arrival;
	return VM_OK;
}

/*
 * A stranger's object becomes a video whose id is made of its key and etag:
 * the same event told twice finds the video that the first telling made.
 */
static int ingest(struct reading *reading, const struct vm_storage_event *event,
                  char id[VIDEO_ID_MAX])
{
	struct server *server = reading->server;
	int64_t now_ms = clock_unix_ms();
	const char *name = strrchr(event->key, '/');
	char text[VM_KEY_MAX + VM_ETAG_MAX], hash[HASH_TEXT_MAX];
	struct video video;
	int status;

	if (!is_utf8(event->key))
		return vm_fail(reading->err, VM_ERR_BAD_DATA,
		               "an object arrived under a key that is no UTF-8");
	snprintf(text, sizeof text, "%s\n%s", event->key, event->etag != NULL ? event->etag : "");
	if ((status = hash_bytes(text, strlen(text), hash, reading->err)) != VM_OK)
		return status;
	snprintf(id, VIDEO_ID_MAX, "%.32s", hash);
	video_init(&video, id, now_ms, now_ms);
	snprintf(video.source.key, sizeof video.source.key, "%s", event->key);
	snprintf(video.name, sizeof video.name, "%.255s", name != NULL ? name + 1 : event->key);
	status = document_store(server->places.meta, &video, reading->call, reading->err);
	return status == VM_ERR_CONFLICT ? VM_OK : status;
}

static enum vm_more read_record(void *ctx, const struct vm_storage_event *event)
{
	struct reading *reading = ctx;
	struct arrival arrival = {0};

	if (event->removed || event->key == NULL)
		return VM_MORE;
	snprintf(arrival.sequencer, sizeof arrival.sequencer, "%s",
	         event->sequencer != NULL ? event->sequencer : "");
	if (key_read_source(event->key, arrival.video))
		reading->status = VM_OK;
	else if (reading->server->pipeline->policy.ingest == INGEST_ANY)
		reading->status = ingest(reading, event, arrival.video);
	else
		reading->status = vm_fail(reading->err, VM_ERR_NOT_FOUND,
		                          "an object arrived under a key that was not issued: %.300s",
		                          event->key);
	if (reading->status == VM_OK)
		reading->status = add(reading->arrivals, &arrival, reading->err);
	return reading->status == VM_OK ? VM_MORE : VM_STOP;
}

int arrivals_read(struct server *server, const struct vm_message *message, struct arrivals *out,
                  const struct vm_call *call, struct vm_error *err)
{
	struct arrivals arrivals = {0};
	struct reading reading = {server, &arrivals, call, err, VM_OK};
	struct arrival arrival = {0};
	int status;

	status = task_message_read(message->body, message->length, arrival.video, err);
	if (status == VM_OK) {
		arrivals.is_ours = true;
		status = add(&arrivals, &arrival, err);
	} else if (status == VM_ERR_BAD_DATA) {
		status = storage_decode_event(server->places.storage_unprocessed, message->body,
		                              message->length, read_record, &reading, err);
		if (status == VM_ERR_UNSUPPORTED || status == VM_ERR_BAD_DATA)
			status = vm_fail(err, VM_ERR_BAD_DATA,
			                 "a message that is neither a task message nor the store's");
		if (status == VM_OK)
			status = reading.status;
	}
	if (status != VM_OK) {
		arrivals_finish(&arrivals);
		return status;
	}
	*out = arrivals;
	return VM_OK;
}

void arrivals_finish(struct arrivals *arrivals)
{
	free(arrivals->items);
	*arrivals = (struct arrivals){0};
}

int arrivals_send(struct server *server, const struct arrival *arrival, const struct vm_call *call,
                  struct vm_error *err)
{
	char *body = task_message_write(arrival->video);
	int status;

	if (body == NULL)
		return vm_fail_memory(err);
	status = queue_send(server->places.queue_unprocessed, body, strlen(body), 0, call, err);
	free(body);
	return status;
}
