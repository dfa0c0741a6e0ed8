/* upload.c - uploads in parts: begun, filled, committed, aborted. */
#include <string.h>

#include "s3.h"

int s3_upload_begin(void *self, const struct vm_put *put, char upload[VM_UPLOAD_ID_MAX],
                    const struct vm_call *call, struct vm_error *err)
{
	struct s3 *s3 = self;
	struct s3_request request = {0};
	xmlDoc *document = NULL;
	int status;

	if ((status = s3_begin(s3, &request, "upload", "POST", put->key, err)) != VM_OK ||
	    (status = s3_add_put(s3, &request, put, false)) != VM_OK ||
	    (status = aws_query_add(&request.query, "uploads", "", err)) != VM_OK ||
	    (status = s3_send(s3, &request, call)) != VM_OK ||
	    (status = s3_read_xml(&request, "InitiateMultipartUploadResult", &document)) != VM_OK)
		goto fail;
	if (!aws_xml_text(xmlDocGetRootElement(document), "UploadId", upload, VM_UPLOAD_ID_MAX))
		status = s3_no_answer(&request, "without an upload id");

fail:
	xmlFreeDoc(document);
	s3_finish(&request);
	return status;
}

static int add_part(struct s3_request *request, const char *upload, uint32_t number)
{
	char text[12];
	int status;

	snprintf(text, sizeof text, "%u", number);
	status = aws_query_add(&request->query, "partNumber", text, request->err);
	return status == VM_OK ? aws_query_add(&request->query, "uploadId", upload, request->err)
	                       : status;
}

int s3_upload_part(void *self, const char *key, const char *upload, uint32_t number,
                   const void *bytes, size_t length, struct vm_part *out,
                   const struct vm_call *call, struct vm_error *err)
{
	struct s3_request request = {0};
	struct vm_part part = {.number = number, .bytes = length};
	int status;

	if ((status = s3_begin(self, &request, "upload", "PUT", key, err)) == VM_OK &&
	    (status = add_part(&request, upload, number)) == VM_OK &&
	    (status = s3_send_bytes(self, &request, bytes, length, call)) == VM_OK &&
	    (status = s3_take_etag(&request, part.etag)) == VM_OK)
		*out = part;
	s3_finish(&request);
	return status;
}

static int write_parts(const struct vm_part *parts, size_t count, struct kit_buffer *out,
                       struct vm_error *err)
{
	int status = kit_buffer_print(
	    out, err, "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");

	/* An etag has letters and digits, and a store that makes it of others makes no XML of it. */
	for (size_t i = 0; i < count && status == VM_OK; i++)
		status = strpbrk(parts[i].etag, "<>&\"") != NULL
		             ? vm_fail(err, VM_ERR_BAD_DATA, "part %u: its etag is none of a store's",
		                       parts[i].number)
		             : kit_buffer_print(
		                   out, err, "<Part><PartNumber>%u</PartNumber><ETag>\"%s\"</ETag></Part>",
		                   parts[i].number, parts[i].etag);
	return status == VM_OK ? kit_buffer_print(out, err, "</CompleteMultipartUpload>") : status;
}

/*
 * Long work of the store: it answers 200 at once, keeps the connection with
 * blanks, and then says how it went. (S3 API Reference, CompleteMultipartUpload)
 */
static int read_outcome(struct s3_request *request, char etag[VM_ETAG_MAX])
{
	char text[VM_ETAG_MAX + 2];
	xmlDoc *document = NULL;
	int status;

	aws_refusal_read(&request->answer, &request->refusal);
	if (request->refusal.code[0] != '\0')
		return aws_refusal_fail(&request->refusal, &request->answer, request->what, request->err);
	status = s3_read_xml(request, "CompleteMultipartUploadResult", &document);
	if (status != VM_OK)
		return status;
	if (!aws_xml_text(xmlDocGetRootElement(document), "ETag", text, sizeof text) ||
	    s3_unquote(text, etag) != VM_OK)
		status = s3_no_answer(request, "without an etag");
	xmlFreeDoc(document);
	return status;
}

int s3_upload_commit(void *self, const struct vm_put *put, const char *upload,
                     const struct vm_part *parts, size_t count, struct vm_object *out,
                     const struct vm_call *call, struct vm_error *err)
{
	struct s3_request request = {0};
	struct vm_object object = {0};
	struct kit_buffer body;
	int status;

	kit_buffer_init(&body, SIZE_MAX / 2);
	if ((status = s3_begin(self, &request, "commit", "POST", put->key, err)) != VM_OK ||
	    (status = aws_query_add(&request.query, "uploadId", upload, err)) != VM_OK ||
	    (status = http_headers_add(&request.headers, err, "content-type", "application/xml")) !=
	        VM_OK ||
	    (put->if_absent &&
	     (status = http_headers_add(&request.headers, err, "if-none-match", "*")) != VM_OK) ||
	    (status = write_parts(parts, count, &body, err)) != VM_OK)
		goto fail;
	/* The second would find no such upload, or an object that it was not to replace. */
	request.request.once = true;
	if ((status = s3_send_bytes(self, &request, body.bytes, body.length, call)) != VM_OK ||
	    (status = read_outcome(&request, object.etag)) != VM_OK)
		goto fail;
	for (size_t i = 0; i < count; i++)
		object.bytes += parts[i].bytes;
	object.modified_ms = s3_answered_ms(&request);
	if (out != NULL)
		*out = object;

fail:
	kit_buffer_finish(&body);
	s3_finish(&request);
	return status;
}

int s3_upload_abort(void *self, const char *key, const char *upload, const struct vm_call *call,
                    struct vm_error *err)
{
	struct s3_request request = {0};
	int status;

	if ((status = s3_begin(self, &request, "abort", "DELETE", key, err)) == VM_OK &&
	    (status = aws_query_add(&request.query, "uploadId", upload, err)) == VM_OK)
		status = s3_send_removal(self, &request, call);
	s3_finish(&request);
	return status;
}
