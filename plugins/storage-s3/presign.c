/* presign.c - requests by which a client writes one object, once, whole or in parts. */
#include <stdlib.h>
#include <string.h>

#include "s3.h"

#define EXPIRES_MOST_S 604800 /* a week: Signature Version 4, X-Amz-Expires */

/* The most that one PUT may carry. (User Guide, "Uploading objects") */
#define PUT_BYTES_MOST (UINT64_C(5) << 30)

/* What is emitted: every signed header, as the client has to send it. */
struct offer {
	const struct s3 *s3;
	const struct vm_presign *presign;
	vm_request_fn *emit;
	void *ctx;
	const struct vm_call *call;
	struct vm_error *err;
};

static int emit_signed(const struct offer *offer, struct s3_request *request,
                       struct vm_request *signed_request, bool *stopped)
{
	uint64_t expires_s = offer->presign->expires_ms / 1000;
	const char *lines[16] = {0};
	char *texts[16] = {0};
	struct kit_buffer url;
	int status;

	kit_buffer_init(&url, SIZE_MAX / 2);
	if (expires_s == 0)
		expires_s = 1;
	status = aws_presign(offer->s3->client, &request->request,
	                     expires_s > EXPIRES_MOST_S ? EXPIRES_MOST_S : expires_s, &url, offer->call,
	                     offer->err);
	for (size_t i = 0; status == VM_OK && i < request->headers.count; i++) {
		const struct http_header *header = &request->headers.items[i];

		if (i == sizeof texts / sizeof *texts - 1)
			status = vm_fail(offer->err, VM_ERR_BUG, "more headers than an offer has room for");
		else if (asprintf(&texts[i], "%s: %s", header->name, header->value) < 0)
			status = vm_fail_memory(offer->err);
		lines[i] = texts[i];
	}
	if (status == VM_OK) {
		signed_request->method = "PUT";
		signed_request->url = url.bytes;
		signed_request->headers = lines;
		*stopped = offer->emit(offer->ctx, signed_request) == VM_STOP;
	}
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
	kit_buffer_finish(&url);
	return status;
}

/* The length is signed too: not a byte more goes through. */
static int add_length(struct s3_request *request, uint64_t bytes)
{
	return http_headers_add(&request->headers, request->err, "content-length", "%llu",
	                        (unsigned long long)bytes);
}

static int offer_whole(const struct offer *offer)
{
	const struct vm_presign *presign = offer->presign;
	struct vm_request signed_request = {.bytes = presign->bytes};
	struct s3_request request = {0};
	bool stopped;
	int status;

	if ((status = s3_begin(offer->s3, &request, "presign", "PUT", presign->put.key, offer->err)) ==
	        VM_OK &&
	    (status = s3_add_put(offer->s3, &request, &presign->put, true)) == VM_OK &&
	    (status = add_length(&request, presign->bytes)) == VM_OK)
		status = emit_signed(offer, &request, &signed_request, &stopped);
	s3_finish(&request);
	return status;
}

static int offer_part(const struct offer *offer, const char *upload,
                      struct vm_request *signed_request, bool *stopped)
{
	struct s3_request request = {0};
	char number[12];
	int status;

	snprintf(number, sizeof number, "%u", signed_request->part);
	if ((status = s3_begin(offer->s3, &request, "presign", "PUT", offer->presign->put.key,
	                       offer->err)) == VM_OK &&
	    (status = aws_query_add(&request.query, "partNumber", number, offer->err)) == VM_OK &&
	    (status = aws_query_add(&request.query, "uploadId", upload, offer->err)) == VM_OK &&
	    (status = add_length(&request, signed_request->bytes)) == VM_OK)
		status = emit_signed(offer, &request, signed_request, stopped);
	s3_finish(&request);
	return status;
}

/* Whole MiB, large enough that the parts are not too many. */
static uint64_t part_bytes(const struct s3 *s3, uint64_t bytes)
{
	uint64_t least = (bytes + S3_PARTS_MOST - 1) / S3_PARTS_MOST;
	uint64_t part = s3->config->presign_part;

	if (part < least)
		part = (least + (UINT64_C(1) << 20) - 1) >> 20 << 20;
	return part;
}

static int offer_parts(const struct offer *offer)
{
	const struct vm_presign *presign = offer->presign;
	uint64_t part = part_bytes(offer->s3, presign->bytes);
	char upload[VM_UPLOAD_ID_MAX];
	bool stopped = false;
	struct s3 *s3 = (struct s3 *)(uintptr_t)offer->s3;
	int status = s3_upload_begin(s3, &presign->put, upload, offer->call, offer->err);

	if (status != VM_OK)
		return status;
	for (uint64_t offset = 0; offset < presign->bytes && status == VM_OK && !stopped;
	     offset += part) {
		uint64_t left = presign->bytes - offset;
		struct vm_request signed_request = {.part = (uint32_t)(offset / part + 1),
		                                    .offset = offset,
		                                    .bytes = left < part ? left : part};

		status = offer_part(offer, upload, &signed_request, &stopped);
	}
	if (status != VM_OK)
		s3_upload_abort(s3, presign->put.key, upload, NULL, NULL);
	return status;
}

int s3_presign(void *self, const struct vm_presign *presign, vm_request_fn *emit, void *ctx,
               const struct vm_call *call, struct vm_error *err)
{
	const struct s3 *s3 = self;
	const struct offer offer = {
	    .s3 = s3, .presign = presign, .emit = emit, .ctx = ctx, .call = call, .err = err};

	if (presign->bytes > S3_OBJECT_BYTES_MOST)
		return vm_fail(err, VM_ERR_LIMIT, "presign %s: more bytes than an object can have",
		               presign->put.key);
	if (presign->bytes > s3->config->presign_part || presign->bytes > PUT_BYTES_MOST)
		return offer_parts(&offer);
	return offer_whole(&offer);
}
