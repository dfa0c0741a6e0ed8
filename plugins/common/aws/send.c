/* send.c - one request: written, signed, sent. */
#include <stdio.h>
#include <string.h>

#include "aws/client_internal.h"

/* One signing of one request. */
struct signing {
	struct aws_keys keys;
	char region[AWS_REGION_MAX];
	struct aws_signer signer;
	struct http_headers headers;
	struct aws_query no_query;
	struct kit_buffer origin; /* "https://bucket.s3.eu-west-1.amazonaws.com" */
	struct kit_buffer path;
};

static void signing_finish(struct signing *signing)
{
	aws_keys_wipe(&signing->keys);
	http_headers_finish(&signing->headers);
	aws_query_finish(&signing->no_query);
	kit_buffer_finish(&signing->origin);
	kit_buffer_finish(&signing->path);
}

static int write_origin(const struct aws_client *client, const struct aws_request *request,
                        struct signing *signing, struct vm_error *err)
{
	char endpoint[AWS_ENDPOINT_MAX];
	const char *host;
	int status = aws_endpoint_write(client->service->name, signing->region,
	                                client->config->endpoint, endpoint, err);

	if (status != VM_OK)
		return status;
	host = strstr(endpoint, "://") + 3;
	return kit_buffer_print(&signing->origin, err, "%.*s%s%s%s", (int)(host - endpoint), endpoint,
	                        request->host_label != NULL ? request->host_label : "",
	                        request->host_label != NULL ? "." : "", host);
}

/* Everything that is signed but the date and the keys' own headers. */
static int signing_begin(struct aws_client *client, const struct aws_request *request,
                         struct signing *signing, const struct vm_call *call, struct vm_error *err)
{
	const char *path = request->path != NULL ? request->path : "/";
	int status;

	kit_buffer_init(&signing->origin, SIZE_MAX / 2);
	kit_buffer_init(&signing->path, SIZE_MAX / 2);
	if ((status = aws_credentials_get(client->credentials, &signing->keys, call, err)) != VM_OK)
		return status;
	aws_client_region(client, signing->region);
	signing->signer = (struct aws_signer){.keys = &signing->keys,
	                                      .region = signing->region,
	                                      .service = client->service->name,
	                                      .now_s = aws_client_now_s(client),
	                                      .path_as_is = client->service->path_as_is};
	if ((status = write_origin(client, request, signing, err)) != VM_OK ||
	    (status = aws_encode(&signing->path, path, strlen(path), true, err)) != VM_OK ||
	    (status = http_headers_add(&signing->headers, err, "host", "%s",
	                               strstr(signing->origin.bytes, "://") + 3)) != VM_OK)
		return status;
	for (size_t i = 0; request->headers != NULL && i < request->headers->count; i++)
		if ((status = http_headers_add(&signing->headers, err, request->headers->items[i].name,
		                               "%s", request->headers->items[i].value)) != VM_OK)
			return status;
	return VM_OK;
}

static int write_url(const struct signing *signing, struct aws_query *query, struct kit_buffer *url,
                     struct vm_error *err)
{
	int status = kit_buffer_print(url, err, "%s%s%s", signing->origin.bytes, signing->path.bytes,
	                              query->count > 0 ? "?" : "");

	return status == VM_OK ? aws_query_write(query, url, err) : status;
}

/* The service compares it with what arrives, so that no byte is changed on the way either. */
static int hash_payload(const struct aws_client *client, const struct aws_request *request,
                        struct signing *signing, char hash[AWS_HASH_MAX], struct vm_error *err)
{
	int status = aws_hash(request->body, request->length, hash, err);

	if (status == VM_OK && client->service->path_as_is)
		status = http_headers_add(&signing->headers, err, "x-amz-content-sha256", "%s", hash);
	return status;
}

static int send_once(struct aws_client *client, const struct aws_request *request,
                     struct signing *signing, struct http_answer *answer,
                     const struct vm_call *call, struct vm_error *err)
{
	struct aws_query *query = request->query != NULL ? request->query : &signing->no_query;
	struct http_request exchange = {.method = request->method,
	                                .headers = &signing->headers,
	                                .body = request->body,
	                                .length = request->length,
	                                .sink = request->sink,
	                                .patience_ms = request->patience_ms,
	                                .once = request->once};
	char hash[AWS_HASH_MAX];
	struct aws_signed what = {.method = request->method,
	                          .query = query,
	                          .headers = &signing->headers,
	                          .payload_hash = hash};
	struct kit_buffer url;
	int status;

	kit_buffer_init(&url, SIZE_MAX / 2);
	if ((status = signing_begin(client, request, signing, call, err)) != VM_OK)
		goto fail;
	what.path = signing->path.bytes;
	if ((status = hash_payload(client, request, signing, hash, err)) != VM_OK ||
	    (status = aws_sign_headers(&signing->signer, &what, err)) != VM_OK ||
	    (status = write_url(signing, query, &url, err)) != VM_OK)
		goto fail;
	exchange.url = url.bytes;
	status = http_exchange(client->http, &exchange, answer, call, err);

fail:
	kit_buffer_finish(&url);
	return status;
}

/* A failure below the service's words: whose request it was. */
static int told(const char *what, int status, struct vm_error *err)
{
	char message[sizeof err->message];

	if (err == NULL)
		return status;
	memcpy(message, err->message, sizeof message);
	snprintf(err->message, sizeof err->message, "%.200s: %.280s", what, message);
	return status;
}

int aws_send(struct aws_client *client, const struct aws_request *request,
             struct http_answer *answer, struct aws_refusal *refusal, const struct vm_call *call,
             struct vm_error *err)
{
	struct aws_refusal words = {0};
	bool learnt = false, again = true;
	int status = VM_OK;

	while (again) {
		struct signing signing = {0};

		again = false;
		words = (struct aws_refusal){0};
		status = send_once(client, request, &signing, answer, call, err);
		if (status != VM_OK) {
			told(request->what, status, err);
		} else if (answer->status / 100 != 2) {
			aws_refusal_read(answer, &words);
			again = !learnt && aws_client_learn(client, &signing.signer, answer, words.code);
			learnt = true;
			if (!again)
				status = aws_refusal_fail(&words, answer, request->what, err);
		}
		signing_finish(&signing);
	}
	if (refusal != NULL)
		*refusal = words;
	return status;
}

int aws_presign(struct aws_client *client, const struct aws_request *request, uint64_t expires_s,
                struct kit_buffer *url, const struct vm_call *call, struct vm_error *err)
{
	struct signing signing = {0};
	struct aws_signed what = {.method = request->method,
	                          .query = request->query != NULL ? request->query : &signing.no_query,
	                          .headers = &signing.headers,
	                          .payload_hash = AWS_UNSIGNED_PAYLOAD};
	int status = signing_begin(client, request, &signing, call, err);

	if (status == VM_OK) {
		what.path = signing.path.bytes;
		status = aws_sign_query(&signing.signer, &what, expires_s, err);
	}
	if (status == VM_OK)
		status = write_url(&signing, what.query, url, err);
	signing_finish(&signing);
	return status == VM_OK ? VM_OK : told(request->what, status, err);
}
