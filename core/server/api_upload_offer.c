/* api_upload_offer.c - what a client is told of how to send a source: presigned, or to us. */
#include <string.h>

#include "plugin/storage.h"
#include "server/api.h"
#include "server/source.h"
#include "server/upload_url.h"

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

/* NULL: out of memory. A header or a number less would be another request. */
static json_t *headers_to_json(const char *const *headers)
{
	json_t *object = json_object();
	int failed = 0;

	for (; headers != NULL && *headers != NULL; headers++) {
		const char *colon = strchr(*headers, ':');
		char name[128];

		if (colon == NULL || (size_t)(colon - *headers) >= sizeof name)
			continue;
		memcpy(name, *headers, (size_t)(colon - *headers));
		name[colon - *headers] = '\0';
		failed |= json_object_set_new(object, name,
		                              json_string(colon + 1 + strspn(colon + 1, " ")));
	}
	if (failed == 0)
		return object;
	json_decref(object);
	return NULL;
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
	int failed = 0;

	if (request->part > 0) {
		failed |= json_object_set_new(object, "part", json_integer(request->part));
		failed |= json_object_set_new(object, "offset", json_integer((json_int_t)request->offset));
	}
	if (request->bytes > 0)
		failed |= json_object_set_new(object, "bytes", json_integer((json_int_t)request->bytes));
	failed |= json_array_append_new(requests->list, object);
	requests->no_memory |= failed != 0;
	return requests->no_memory ? VM_STOP : VM_MORE;
}

/* VM_ERR_UNSUPPORTED where the store leaves it to us. */
static int presign(struct exchange *exchange, const struct video *video, struct requests *requests,
                   struct vm_error *err)
{
	struct server *server = exchange->server;
	struct vm_presign presign;
	char key[VM_KEY_MAX];

	/* Stores sign an exact length; who does not know his sends the bytes through us. */
	if (video->upload.bytes == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "the length is not declared");
	source_presign(server, video, key, &presign);
	return storage_presign(server->places.storage_unprocessed, &presign, add_request, requests,
	                       &exchange->call.vm, err);
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

	if (status == VM_ERR_UNSUPPORTED) {
		json_array_clear(requests.list);
		status = own_request(exchange, video, &requests, err);
	}
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
