/* client_follow.c - a stream of server-sent events, made again when it breaks. */
#include <string.h>

#include "cli/client_internal.h"
#include "support/cancel.h"
#include "support/clock.h"

enum {
	EVENT_BYTES_MAX = 4 << 20,
	AGAIN_MS = 60000, /* so long a server may be away */
	SILENCE_S = 45,   /* three heartbeats that did not come */
	PAUSE_MS = 500
};

/* What has come of the stream. */
struct stream {
	client_video_fn *each;
	void *ctx;
	struct buffer text; /* received, not yet a whole event; an error's body as well */
	CURL *easy;
	char last_id[128];
	bool stopped, heard;
};

/* The lines of one event; ends with an empty one. */
static void read_event(struct stream *stream, char *event)
{
	char *line = event;
	char *next;
	json_t *json;

	for (; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (strncmp(line, "id: ", 4) == 0)
			snprintf(stream->last_id, sizeof stream->last_id, "%s", line + 4);
		if (strncmp(line, "data: ", 6) != 0 || (json = json_loads(line + 6, 0, NULL)) == NULL)
			continue;
		stream->stopped |= stream->each(stream->ctx, json) == VM_STOP;
		json_decref(json);
	}
}

static size_t take(char *bytes, size_t size, size_t count, void *ctx)
{
	struct stream *stream = ctx;
	long http_status = 0;
	char *start, *end;

	if (buffer_append(&stream->text, bytes, size * count, NULL) != VM_OK)
		return 0;
	curl_easy_getinfo(stream->easy, CURLINFO_RESPONSE_CODE, &http_status);
	if (http_status != 200)
		return size * count;
	stream->heard = true;
	start = stream->text.bytes;
	while (!stream->stopped && (end = strstr(start, "\n\n")) != NULL) {
		*end = '\0';
		read_event(stream, start);
		start = end + 2;
	}
	stream->text.length -= (size_t)(start - stream->text.bytes);
	memmove(stream->text.bytes, start, stream->text.length + 1);
	return stream->stopped ? 0 : size * count;
}

/* One connection, until it breaks or `each` has seen enough. */
static int follow_once(struct client *client, const char *url, struct stream *stream,
                       struct vm_error *err)
{
	struct curl_slist *headers = client_add_header(NULL, "Accept: text/event-stream");
	char last[160];
	long http_status = 0;
	CURLcode code;

	snprintf(last, sizeof last, "Last-Event-ID: %s", stream->last_id);
	if (headers != NULL && client->authorization[0] != '\0')
		headers = client_add_header(headers, client->authorization);
	if (headers != NULL && stream->last_id[0] != '\0')
		headers = client_add_header(headers, last);
	if (headers == NULL)
		return vm_fail_memory(err);
	buffer_clear(&stream->text);
	client_prepare(client, "GET", url, headers);
	curl_easy_setopt(client->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(client->easy, CURLOPT_WRITEDATA, stream);
	curl_easy_setopt(client->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(client->easy, CURLOPT_LOW_SPEED_TIME, (long)SILENCE_S);
	code = curl_easy_perform(client->easy);
	curl_slist_free_all(headers);
	if (stream->stopped)
		return VM_OK;
	curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &http_status);
	if (code == CURLE_OK && http_status != 200)
		return client_problem(http_status, stream->text.bytes, err);
	if (code != CURLE_OK)
		return client_unreachable(client, code, err);
	return vm_fail(err, VM_ERR_UNAVAILABLE, "the server at %s went away", client->server);
}

/* A server that is down, restarting or full may be back; one that refuses will go on refusing. */
static bool may_come_back(int status)
{
	return status == VM_ERR_UNAVAILABLE || status == VM_ERR_THROTTLED;
}

int client_follow(struct client *client, const char *video, client_video_fn *each, void *ctx,
                  struct vm_error *err)
{
	struct stream stream = {.each = each, .ctx = ctx, .easy = client->easy};
	int64_t until_ms = 0; /* a server that never answered is not waited for */
	char url[1024];
	int status;

	snprintf(url, sizeof url, "%s/v1/events%s%s", client->server, video != NULL ? "?video=" : "",
	         video != NULL ? video : "");
	buffer_init(&stream.text, EVENT_BYTES_MAX);
	for (;;) {
		stream.heard = false;
		status = follow_once(client, url, &stream, err);
		if (stream.heard)
			until_ms = clock_monotonic_ms() + AGAIN_MS;
		if (status == VM_OK || !may_come_back(status) || clock_monotonic_ms() >= until_ms)
			break;
		cancel_sleep_ms(NULL, PAUSE_MS);
	}
	buffer_finish(&stream.text);
	return status;
}
