/* object.c - objects that are asked for, read, written whole and removed. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "s3.h"

static int64_t modified_ms(const struct s3_request *request)
{
	const char *text = http_headers_find(&request->answer.headers, "last-modified");
	time_t modified = text != NULL ? curl_getdate(text, NULL) : -1;

	return modified > 0 ? (int64_t)modified * 1000 : 0;
}

int s3_stat(void *self, const char *key, struct vm_object *out, const struct vm_call *call,
            struct vm_error *err)
{
	struct s3_request request = {0};
	struct vm_object object = {0};
	const char *length;
	char *end;
	int status;

	if ((status = s3_begin(self, &request, "stat", "HEAD", key, err)) != VM_OK ||
	    (status = s3_send(self, &request, call)) != VM_OK ||
	    (status = s3_take_etag(&request, object.etag)) != VM_OK)
		goto fail;
	length = http_headers_find(&request.answer.headers, "content-length");
	object.bytes = length != NULL ? strtoull(length, &end, 10) : 0;
	if (length == NULL || *end != '\0') {
		status = vm_fail(err, VM_ERR_UNAVAILABLE, "%s: an answer without a length", request.what);
		goto fail;
	}
	object.modified_ms = modified_ms(&request);
	*out = object;

fail:
	s3_finish(&request);
	return status;
}

/* Memory of the caller's, filled from its beginning with what is at `offset` of one version. */
struct window {
	struct vm_sink sink;
	const struct s3_request *request;
	const char *etag;
	uint64_t offset;
	char *bytes;
	size_t length, filled;
	const struct vm_call *call;
};

/* Bytes `first` to `last`, both included, of `total`. */
struct range {
	unsigned long long first, last, total;
};

static bool read_range(const struct s3_request *request, struct range *out)
{
	const char *text = http_headers_find(&request->answer.headers, "content-range");

	return text != NULL &&
	       sscanf(text, "bytes %llu-%llu/%llu", &out->first, &out->last, &out->total) == 3;
}

/* Before the first byte is believed: that it is the version and the place asked for. Somebody in
 * front of the store answers 200 as well. */
static int check_head(const struct window *window)
{
	const struct s3_request *request = window->request;
	char told[VM_ETAG_MAX];
	struct range range;
	int status = s3_take_etag(request, told);

	if (status != VM_OK)
		return status;
	if (window->etag != NULL && strcmp(told, window->etag) != 0)
		return vm_fail(request->err, VM_ERR_CONFLICT, "%s: changed", request->what);
	if (request->answer.status != 206)
		return window->offset == 0 ? VM_OK
		                           : vm_fail(request->err, VM_ERR_UNSUPPORTED,
		                                     "%s: the store knows no ranges", request->what);
	if (!read_range(request, &range) || range.first != window->offset)
		return s3_no_answer(request, "of another range");
	return VM_OK;
}

static int fill(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct window *window = (struct window *)sink;
	int status;

	if (window->filled == 0 && (status = check_head(window)) != VM_OK)
		return status;
	/* A store that takes no notice of the range sends all of the object. */
	if (length > window->length - window->filled)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "the store sends more than the range asked for");
	memcpy(window->bytes + window->filled, bytes, length);
	window->filled += length;
	vm_call_progress(window->call, window->filled, window->length);
	return VM_OK;
}

/* The length is the one asked for: what is short would pass for the end. */
static int check_read(const struct window *window)
{
	const struct s3_request *request = window->request;
	struct range range;
	int status = check_head(window);

	if (status != VM_OK || request->answer.status != 206)
		return status;
	if (!read_range(request, &range) || range.last < range.first ||
	    range.last - range.first + 1 != window->filled ||
	    (window->filled < window->length && range.last + 1 != range.total))
		return s3_no_answer(request, "of another range");
	return VM_OK;
}

/* Behind the end there is nothing, of the version that is meant. */
static int read_behind_end(struct s3 *s3, const char *key, const char *etag,
                           const struct vm_call *call, struct vm_error *err)
{
	struct vm_object object;
	int status = s3_stat(s3, key, &object, call, err);

	if (status == VM_OK && etag != NULL && strcmp(object.etag, etag) != 0)
		return vm_fail(err, VM_ERR_CONFLICT, "read %s: changed", key);
	return status;
}

int s3_read_at(void *self, const char *key, const char *etag, uint64_t offset, void *buffer,
               size_t length, size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct s3_request request = {0};
	struct window window = {.sink = {.write = fill},
	                        .request = &request,
	                        .etag = etag,
	                        .offset = offset,
	                        .bytes = buffer,
	                        .length = length,
	                        .call = call};
	struct vm_error why;
	int status;

	if (length == 0) {
		*got = 0;
		return VM_OK;
	}
	if ((status = s3_begin(self, &request, "read", "GET", key, &why)) != VM_OK ||
	    (status = http_headers_add(&request.headers, &why, "range", "bytes=%llu-%llu",
	                               (unsigned long long)offset,
	                               (unsigned long long)(offset + length - 1))) != VM_OK ||
	    (etag != NULL &&
	     (status = http_headers_add(&request.headers, &why, "if-match", "\"%s\"", etag)) != VM_OK))
		goto fail;
	request.request.sink = &window.sink;
	status = s3_send(self, &request, call);
	if (status == VM_OK)
		status = check_read(&window);
	else if (request.answer.status == 416)
		status = read_behind_end(self, key, etag, call, &why);
	if (status == VM_OK)
		*got = window.filled;

fail:
	if (status != VM_OK && err != NULL)
		*err = why;
	s3_finish(&request);
	return status;
}

int s3_put(void *self, const struct vm_put *put, const void *bytes, size_t length,
           struct vm_object *out, const struct vm_call *call, struct vm_error *err)
{
	struct s3_request request = {0};
	struct vm_object object = {.bytes = length};
	int status;

	if ((status = s3_begin(self, &request, "put", "PUT", put->key, err)) != VM_OK ||
	    (status = s3_add_put(self, &request, put, true)) != VM_OK)
		goto fail;
	/* The second would find the object that the first has written. */
	request.request.once = put->if_absent;
	if ((status = s3_send_bytes(self, &request, bytes, length, call)) != VM_OK ||
	    (status = s3_take_etag(&request, object.etag)) != VM_OK)
		goto fail;
	/* The store's clock stamps the object; the answer's date is within a moment of it. */
	object.modified_ms = s3_answered_ms(&request);
	if (out != NULL)
		*out = object;

fail:
	s3_finish(&request);
	return status;
}

int s3_remove(void *self, const char *key, const struct vm_call *call, struct vm_error *err)
{
	struct s3_request request = {0};
	int status = s3_begin(self, &request, "remove", "DELETE", key, err);

	if (status == VM_OK)
		status = s3_send_removal(self, &request, call);
	s3_finish(&request);
	return status;
}
