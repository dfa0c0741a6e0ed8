/* api_events.c - /v1/events: what changes in videos, as server-sent events while it happens. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "server/api.h"
#include "server/feed.h"
#include "support/clock.h"
#include "support/json.h"
#include "video/keys.h"

enum {
	WAIT_MS = 1000,       /* how soon a stopping server is noticed */
	HEARTBEAT_MS = 15000, /* a proxy or a client that hears nothing gives up */
	EVENT_BYTES_MAX = 1 << 20,
	BLOCK_BYTES = 4096,
	READ_MS = 5000
};

/* One client that watches. */
struct watch {
	struct http *http;
	bool everybody;
	char owner[VIDEO_OWNER_MAX];
	char video[VIDEO_ID_MAX]; /* empty: all */
	uint64_t at;              /* in the feed */
	uint64_t version;         /* of `video`, as last told */
	int64_t sent_ms;
	struct buffer text; /* to be sent, from `sent` on */
	size_t sent;
};

static void destroy_watch(void *cls)
{
	struct watch *watch = cls;

	http_leave_place(watch->http, &watch->http->streams);
	buffer_finish(&watch->text);
	free(watch);
}

static bool is_wanted(const struct watch *watch, const struct feed_change *change)
{
	return (watch->everybody || strcmp(watch->owner, change->owner) == 0) &&
	       (watch->video[0] == '\0' || strcmp(watch->video, change->video) == 0);
}

static int write_event(struct watch *watch, const char *json)
{
	return buffer_print(&watch->text, NULL, "event: video\nid: %s-%" PRIu64 "\ndata: %s\n\n",
	                    watch->http->boot, watch->at, json);
}

/*
 * The document itself: at the start, so that a client sees where it stands, and
 * at each heartbeat, for what another copy of the server did.
 */
static int write_video(struct watch *watch)
{
	struct vm_error err;
	struct video video;
	struct call call;
	json_t *json;
	char *text;
	int status;

	call_init(&call, watch->http->cancel, READ_MS);
	status = videos_get(watch->http->server, watch->video, watch->everybody ? NULL : watch->owner,
	                    &video, &call.vm, &err);
	if (status != VM_OK || video.version <= watch->version)
		return VM_OK;
	watch->version = video.version;
	json = video_to_public_json(&video);
	text = json != NULL ? json_write(json) : NULL;
	json_decref(json);
	status = text != NULL ? write_event(watch, text) : VM_ERR_NO_MEMORY;
	free(text);
	return status;
}

static int write_heartbeat(struct watch *watch)
{
	int status = watch->video[0] != '\0' ? write_video(watch) : VM_OK;

	if (status == VM_OK && watch->text.length == 0)
		status = buffer_print(&watch->text, NULL, ": still here\n\n");
	return status;
}

/* Waits for something to say, but not for long. */
static int write_next(struct watch *watch)
{
	struct feed_change change;
	int status = VM_OK;

	if (feed_next(watch->http->server->feed, watch->at, WAIT_MS, &change)) {
		watch->at = change.number;
		if (is_wanted(watch, &change) &&
		    (watch->video[0] == '\0' || change.version > watch->version)) {
			watch->version = change.version;
			status = write_event(watch, change.json);
		}
		free(change.json);
	} else if (clock_monotonic_ms() - watch->sent_ms >= HEARTBEAT_MS) {
		status = write_heartbeat(watch);
	}
	return status;
}

static ssize_t send_text(void *cls, uint64_t at, char *block, size_t most)
{
	struct watch *watch = cls;
	size_t length;

	(void)at;
	if (watch->http->stopping)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (watch->sent == watch->text.length) {
		buffer_clear(&watch->text);
		watch->sent = 0;
		if (write_next(watch) != VM_OK)
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	length = watch->text.length - watch->sent;
	if (length > most)
		length = most;
	if (length > 0) {
		memcpy(block, watch->text.bytes + watch->sent, length);
		watch->sent += length;
		watch->sent_ms = clock_monotonic_ms();
	}
	return (ssize_t)length;
}

/*
 * Where to begin: behind the event that the client saw last when it came from
 * this process and is still kept, otherwise now.
 */
static uint64_t choose_start(struct exchange *exchange)
{
	const char *last = exchange_header(exchange, "Last-Event-ID");
	uint64_t newest = feed_newest(exchange->server->feed);
	const char *boot = exchange->http->boot;
	uint64_t number;

	if (last == NULL || strncmp(last, boot, strlen(boot)) != 0 || last[strlen(boot)] != '-')
		return newest;
	number = strtoull(last + strlen(boot) + 1, NULL, 10);
	return number < newest ? number : newest;
}

static int create_watch(struct exchange *exchange, struct watch **out)
{
	struct http *http = exchange->http;
	struct watch *watch = calloc(1, sizeof *watch);

	if (watch == NULL)
		return reply_problem(exchange, 503, "out of memory: try again");
	if (!http_take_place(http, &http->streams, http->limits.streams)) {
		free(watch);
		reply_header(exchange, "Retry-After", "30");
		return reply_problem(exchange, 503, "%u clients are watching already: try again later",
		                     http->limits.streams);
	}
	watch->http = http;
	watch->everybody = exchange->owner == NULL;
	watch->sent_ms = clock_monotonic_ms();
	buffer_init(&watch->text, EVENT_BYTES_MAX);
	snprintf(watch->owner, sizeof watch->owner, "%s", watch->everybody ? "" : exchange->owner);
	*out = watch;
	return 0;
}

int api_stream_events(struct exchange *exchange)
{
	const char *id = exchange_query(exchange, "video");
	struct watch *watch = NULL;
	struct vm_error err;
	struct video video;
	int status;

	if (id != NULL && !video_id_is_valid(id))
		return reply_problem(exchange, 400, "query video: the id of a video, please");
	if (id != NULL && videos_get(exchange->server, id, exchange->owner, &video, &exchange->call.vm,
	                             &err) != VM_OK)
		return reply_error(exchange, &err);
	if ((status = create_watch(exchange, &watch)) != 0)
		return status;
	watch->at = choose_start(exchange);
	buffer_print(&watch->text, NULL, "retry: 2000\n\n");
	if (id != NULL) {
		memcpy(watch->video, id, sizeof watch->video);
		write_video(watch);
	}
	reply_header(exchange, "Cache-Control", "no-store");
	/* nginx would keep the events until its buffer is full */
	reply_header(exchange, "X-Accel-Buffering", "no");
	return reply_stream(
	    exchange, 200, "text/event-stream",
	    &(struct stream){MHD_SIZE_UNKNOWN, BLOCK_BYTES, send_text, watch, destroy_watch});
}
