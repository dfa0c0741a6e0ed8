/* api_uploads.c - /v1/uploads: a source sent to this server, by its own signed URL. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/api.h"
#include "server/upload_receiver.h"
#include "server/upload_url.h"
#include "support/clock.h"
#include "support/crash_point.h"
#include "support/log.h"
#include "support/retry.h"
#include "video/keys.h"

struct upload {
	struct upload_url url;
	struct receiver *receiver;
	uint64_t taken;
};

/* The source is in the store: the video is queued, or was before. */
static int complete(struct exchange *exchange, struct video *video, struct vm_error *err)
{
	const struct vm_call *call = &exchange->call.vm;
	const char *id = exchange->match.value;
	int status = videos_complete(exchange->server, id, NULL, video, call, err);

	/* The store's own event, or the sweeper, was faster. */
	if (status == VM_ERR_CONFLICT)
		status = videos_get(exchange->server, id, NULL, video, call, err);
	if (status == VM_OK && video->state == VIDEO_AWAITING_UPLOAD)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "the store does not show the source yet");
	return status;
}

static int used(struct exchange *exchange)
{
	struct vm_error err;
	struct video video;

	/* Who tries again may have had no answer the first time, and is not to wait for the sweeper. */
	if (complete(exchange, &video, &err) != VM_OK)
		return reply_error(exchange, &err);
	return reply_problem(exchange, 412,
	                     "video %s has its source already: an upload URL works once, and nothing "
	                     "was changed",
	                     exchange->match.value);
}

/* Whether the video still waits for its source, so that nobody sends gigabytes in vain. */
static int check_video(struct exchange *exchange, struct video *video)
{
	struct vm_object object;
	char key[VM_KEY_MAX];
	struct vm_error err;
	int status;

	if (videos_get(exchange->server, exchange->match.value, NULL, video, &exchange->call.vm,
	               &err) != VM_OK)
		return reply_error(exchange, &err);
	if (video->source.etag[0] != '\0')
		return used(exchange);
	if (video->state != VIDEO_AWAITING_UPLOAD)
		return reply_problem(exchange, 409, "video %s takes no source: it is %s", video->id,
		                     video_state_name(video->state));
	status = storage_stat(exchange->server->places.storage_unprocessed, key_source(video->id, key),
	                      &object, &exchange->call.vm, &err);
	if (status == VM_OK)
		return used(exchange);
	return status != VM_ERR_NOT_FOUND ? reply_error(exchange, &err) : 0;
}

/* What the head says of the body's length, against what may come. */
static int check_length(struct exchange *exchange, struct receiver_want *want)
{
	const char *text = exchange_header(exchange, "Content-Length");
	uint64_t declared = ((struct upload *)exchange->upload)->url.bytes;
	uint64_t length = text != NULL ? strtoull(text, NULL, 10) : 0;

	want->bytes_most = declared > 0 ? declared : api_source_bytes_max(exchange->server);
	want->bytes_known = exchange_header(exchange, "Transfer-Encoding") == NULL;
	if (!want->bytes_known)
		return 0;
	if (length > want->bytes_most)
		return reply_problem(exchange, 413, "%" PRIu64 " bytes are announced, %" PRIu64 " may come",
		                     length, want->bytes_most);
	if (declared > 0 && length < declared)
		return reply_problem(exchange, 400,
		                     "%" PRIu64 " bytes are announced, but the video was "
		                     "declared with %" PRIu64,
		                     length, declared);
	want->bytes_most = length;
	return 0;
}

static int take_place(struct exchange *exchange)
{
	struct http *http = exchange->http;

	exchange->upload = calloc(1, sizeof(struct upload));
	if (exchange->upload == NULL)
		return reply_problem(exchange, 503, "out of memory: try again");
	if (http_take_place(http, &http->uploads, http->limits.uploads))
		return 0;
	free(exchange->upload);
	exchange->upload = NULL;
	reply_header(exchange, "Retry-After", "5");
	return reply_problem(exchange, 503, "%u uploads are being received already: try again later",
	                     http->limits.uploads);
}

static int begin(struct exchange *exchange)
{
	struct receiver_want want = {.storage = exchange->server->places.storage_unprocessed,
	                             .cancel = exchange->http->cancel};
	char key[VM_KEY_MAX];
	struct upload *upload;
	struct vm_error err;
	struct video video;
	int status;

	if ((status = take_place(exchange)) != 0)
		return status;
	upload = exchange->upload;
	status = upload_url_check(
	    exchange->http->upload_key, exchange->match.value, exchange_query(exchange, "expires"),
	    exchange_query(exchange, "bytes"), exchange_query(exchange, "signature"), clock_unix_ms(),
	    &upload->url, &err);
	if (status == VM_ERR_DENIED)
		return reply_problem(exchange, 403, "%s", err.message);
	if (status != VM_OK)
		return reply_error(exchange, &err);
	if ((status = check_video(exchange, &video)) != 0 ||
	    (status = check_length(exchange, &want)) != 0)
		return status;
	want.key = key_source(video.id, key);
	want.content_type = video.upload.content_type;
	if (receiver_create(&want, &upload->receiver, &err) != VM_OK)
		return reply_error(exchange, &err);
	return 0;
}

static int refuse_bytes(struct exchange *exchange, int status, const struct vm_error *err)
{
	if (status == VM_ERR_CONFLICT)
		return used(exchange);
	return reply_error(exchange, err);
}

/* Whoever sends a byte now and then holds a place that others wait for. */
static bool is_too_slow(const struct exchange *exchange, uint64_t taken)
{
	const struct http_limits *limits = &exchange->http->limits;
	int64_t time_ms = clock_monotonic_ms() - exchange->started_ms;

	return time_ms > (int64_t)limits->upload_ms &&
	       taken < (uint64_t)time_ms / 1000 * limits->upload_bytes_s;
}

static int take(struct exchange *exchange, const void *bytes, size_t length)
{
	struct upload *upload = exchange->upload;
	struct vm_error err;
	int status;

	if (is_too_slow(exchange, upload->taken + length))
		return reply_problem(exchange, 408, "the source comes slower than %u bytes a second",
		                     exchange->http->limits.upload_bytes_s);
	status = receiver_take(upload->receiver, bytes, length, &err);
	upload->taken += length;
	return status != VM_OK ? refuse_bytes(exchange, status, &err) : 0;
}

static void drop(struct exchange *exchange)
{
	struct upload *upload = exchange->upload;

	if (upload == NULL)
		return;
	receiver_destroy(upload->receiver);
	free(upload);
	http_leave_place(exchange->http, &exchange->http->uploads);
}

const struct body_kind body_upload = {.begin = begin, .take = take, .drop = drop};

/* Queued before the answer: what we say was received survives us. */
static int queue_video(struct exchange *exchange)
{
	const char *id = exchange->match.value;
	struct vm_error err;
	struct video video;

	if (complete(exchange, &video, &err) == VM_OK) {
		CRASH_POINT(SERVER_UPLOAD_UNANSWERED);
		return reply_json(exchange, 201, video_to_public_json(&video));
	}
	log_warning("the source of video %s is stored, queueing it failed: %s", id, err.message);
	reply_header(exchange, "Retry-After", "5");
	return reply_problem(exchange, 503,
	                     "the source is stored, but the video could not be queued yet: %s; POST "
	                     "/v1/videos/%s/complete, or wait until it is found",
	                     err.message, id);
}

/* A write that was counted as failed may have happened; this video has one source. */
static bool is_stored(struct exchange *exchange, const struct upload *upload, int status)
{
	struct vm_object object;
	char key[VM_KEY_MAX];

	return retry_is_unknown(status) &&
	       storage_stat(exchange->server->places.storage_unprocessed,
	                    key_source(exchange->match.value, key), &object, &exchange->call.vm,
	                    NULL) == VM_OK &&
	       object.bytes == upload->taken;
}

int api_receive_upload(struct exchange *exchange)
{
	struct upload *upload = exchange->upload;
	struct vm_error err;
	int status;

	if (upload->url.bytes > 0 && upload->taken != upload->url.bytes)
		return reply_problem(exchange, 400,
		                     "%" PRIu64 " bytes came, but the video was declared with %" PRIu64,
		                     upload->taken, upload->url.bytes);
	status = receiver_commit(upload->receiver, &err);
	if (status != VM_OK && !is_stored(exchange, upload, status))
		return refuse_bytes(exchange, status, &err);
	exchange->server->counters.uploads_received++;
	return queue_video(exchange);
}
