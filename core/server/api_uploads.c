/* api_uploads.c - how a source gets here: presigned requests, or a body sent to this server. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/storage.h"
#include "server/api.h"
#include "server/upload_receiver.h"
#include "server/upload_url.h"
#include "support/clock.h"
#include "support/log.h"
#include "video/keys.h"

/* Where neither the settings nor the store name a limit. */
#define SOURCE_BYTES_MOST ((uint64_t)1 << 40)

uint64_t api_source_bytes_max(const struct server *server)
{
	const struct pipeline *pipeline = server->pipeline;
	struct vm_storage_traits traits = {.size = sizeof traits};
	uint64_t most = pipeline->server.upload_bytes_max;

	storage_traits(server->places.storage_unprocessed, &traits);
	if (most == 0)
		most = pipeline->policy.limits.bytes;
	if (most == 0)
		most = SOURCE_BYTES_MOST;
	return traits.object_bytes_max > 0 && traits.object_bytes_max < most ? traits.object_bytes_max
	                                                                     : most;
}

static json_t *headers_to_json(const char *const *headers)
{
	json_t *object = json_object();

	for (; headers != NULL && *headers != NULL; headers++) {
		const char *colon = strchr(*headers, ':');
		char name[128];

		if (colon == NULL || (size_t)(colon - *headers) >= sizeof name)
			continue;
		memcpy(name, *headers, (size_t)(colon - *headers));
		name[colon - *headers] = '\0';
		json_object_set_new(object, name, json_string(colon + 1 + strspn(colon + 1, " ")));
	}
	return object;
}

struct requests {
	json_t *list;
	bool no_memory;
};

static enum vm_more add_request(void *ctx, const struct vm_request *request)
{
	struct requests *requests = ctx;
	json_t *object = json_pack("{ss ss so}", "method", request->method, "url", request->url,
	                           "headers", headers_to_json(request->headers));

	if (request->part > 0) {
		json_object_set_new(object, "part", json_integer(request->part));
		json_object_set_new(object, "offset", json_integer((json_int_t)request->offset));
	}
	if (request->bytes > 0)
		json_object_set_new(object, "bytes", json_integer((json_int_t)request->bytes));
	requests->no_memory |= json_array_append_new(requests->list, object) != 0;
	return requests->no_memory ? VM_STOP : VM_MORE;
}

/* VM_ERR_UNSUPPORTED where the store leaves it to us. */
static int presign(struct exchange *exchange, const struct video *video, struct requests *requests,
                   struct vm_error *err)
{
	char key[VM_KEY_MAX];
	struct vm_presign presign = {
	    .put = {.key = key_source(video->id, key),
	            .content_type = video->upload.content_type[0] != '\0' ? video->upload.content_type
	                                                                  : NULL,
	            .if_absent = true},
	    .bytes = video->upload.bytes,
	    .expires_ms = exchange->server->pipeline->server.upload_expires_ms,
	};

	/* Stores sign an exact length; who does not know his sends the bytes through us. */
	if (video->upload.bytes == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "the length is not declared");
	return storage_presign(exchange->server->places.storage_unprocessed, &presign, add_request,
	                       requests, &exchange->call.vm, err);
}

static int own_request(struct exchange *exchange, const struct video *video,
                       struct requests *requests, struct vm_error *err)
{
	struct upload_url upload = {.expires_ms = video->upload.expires_ms,
	                            .bytes = video->upload.bytes};
	char url[UPLOAD_URL_MAX];
	int status;

	memcpy(upload.video, video->id, sizeof upload.video);
	status = upload_url_write(exchange->http->upload_key, exchange->http->url, &upload, url, err);
	if (status == VM_OK)
		add_request(requests, &(struct vm_request){
		                          .method = "PUT", .url = url, .bytes = video->upload.bytes});
	return status;
}

int api_describe_upload(struct exchange *exchange, const struct video *video, json_t **out,
                        struct vm_error *err)
{
	struct requests requests = {.list = json_array()};
	char complete[ANSWER_VALUE_MAX];
	int status = presign(exchange, video, &requests, err);
	bool presigned = status == VM_OK;

	if (status == VM_ERR_UNSUPPORTED)
		status = own_request(exchange, video, &requests, err);
	if (status == VM_OK && requests.no_memory)
		status = vm_fail_memory(err);
	if (status != VM_OK) {
		json_decref(requests.list);
		return status;
	}
	snprintf(complete, sizeof complete, "%s/v1/videos/%s/complete", exchange->http->url, video->id);
	*out = json_pack("{so sI ss?}", "requests", requests.list, "expires_ms",
	                 (json_int_t)video->upload.expires_ms, "complete", presigned ? complete : NULL);
	return *out != NULL ? VM_OK : vm_fail_memory(err);
}

struct upload {
	struct upload_url url;
	struct receiver *receiver;
	uint64_t taken;
};

static int used(struct exchange *exchange)
{
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

static int take(struct exchange *exchange, const void *bytes, size_t length)
{
	struct upload *upload = exchange->upload;
	struct vm_error err;
	int status = receiver_take(upload->receiver, bytes, length, &err);

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
	const struct vm_call *call = &exchange->call.vm;
	struct vm_error err;
	struct video video;
	int status = videos_complete(exchange->server, id, NULL, &video, call, &err);

	/* The store's own event, or the sweeper, was faster. */
	if (status == VM_ERR_CONFLICT)
		status = videos_get(exchange->server, id, NULL, &video, call, &err);
	if (status == VM_OK)
		return reply_json(exchange, 201, video_to_public_json(&video));
	log_warning("the source of video %s is stored, queueing it failed: %s", id, err.message);
	reply_header(exchange, "Retry-After", "5");
	return reply_problem(exchange, 503,
	                     "the source is stored, but the video could not be queued yet: %s; POST "
	                     "/v1/videos/%s/complete, or wait until it is found",
	                     err.message, id);
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
	if ((status = receiver_commit(upload->receiver, &err)) != VM_OK)
		return refuse_bytes(exchange, status, &err);
	exchange->server->counters.uploads_received++;
	return queue_video(exchange);
}
