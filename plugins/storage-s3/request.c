/* request.c - what every request to the store has in common. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "aws/sign.h"
#include "s3.h"

int s3_begin(const struct s3 *s3, struct s3_request *request, const char *verb, const char *method,
             const char *key, struct vm_error *err)
{
	const struct s3_config *config = s3->config;
	int status;

	request->err = err;
	snprintf(request->what, sizeof request->what, "%s %s", verb,
	         key != NULL ? key : config->bucket);
	kit_buffer_init(&request->path, SIZE_MAX / 2);
	status = kit_buffer_print(&request->path, err, "/%s%s%s%s",
	                          s3->path_style ? config->bucket : "",
	                          s3->path_style && key != NULL ? "/" : "",
	                          key != NULL ? config->prefix : "", key != NULL ? key : "");
	request->request = (struct aws_request){
	    .what = request->what,
	    .method = method,
	    .host_label = s3->path_style ? NULL : config->bucket,
	    .path = request->path.bytes,
	    .query = &request->query,
	    .headers = &request->headers,
	};
	return status;
}

void s3_finish(struct s3_request *request)
{
	aws_query_finish(&request->query);
	http_headers_finish(&request->headers);
	http_answer_finish(&request->answer);
	kit_buffer_finish(&request->path);
}

static int add_encryption(const struct s3_config *config, struct s3_request *request)
{
	static const char *const names[] = {
	    [S3_ENCRYPTION_AES256] = "AES256", [S3_ENCRYPTION_KMS] = "aws:kms"};
	int status = VM_OK;

	if (config->encryption != S3_ENCRYPTION_BUCKET)
		status = http_headers_add(&request->headers, request->err, "x-amz-server-side-encryption",
		                          "%s", names[config->encryption]);
	if (status == VM_OK && config->kms_key != NULL)
		status = http_headers_add(&request->headers, request->err,
		                          "x-amz-server-side-encryption-aws-kms-key-id", "%s",
		                          config->kms_key);
	return status;
}

int s3_add_put(const struct s3 *s3, struct s3_request *request, const struct vm_put *put,
               bool conditional)
{
	const char *type = put->content_type != NULL ? put->content_type : "application/octet-stream";
	int status = http_headers_add(&request->headers, request->err, "content-type", "%s", type);

	if (status == VM_OK && conditional && put->if_absent)
		status = http_headers_add(&request->headers, request->err, "if-none-match", "*");
	if (status == VM_OK)
		status = add_encryption(s3->config, request);
	if (status == VM_OK && s3->config->storage_class != NULL)
		status = http_headers_add(&request->headers, request->err, "x-amz-storage-class", "%s",
		                          s3->config->storage_class);
	return status;
}

int s3_send(const struct s3 *s3, struct s3_request *request, const struct vm_call *call)
{
	return aws_send(s3->client, &request->request, &request->answer, &request->refusal, call,
	                request->err);
}

int s3_send_bytes(const struct s3 *s3, struct s3_request *request, const void *bytes, size_t length,
                  const struct vm_call *call)
{
	request->request.body = bytes;
	request->request.length = length;
	return s3_send(s3, request, call);
}

int s3_no_answer(const struct s3_request *request, const char *words)
{
	bool reads = strcmp(request->request.method, "GET") == 0 ||
	             strcmp(request->request.method, "HEAD") == 0;

	return vm_fail(request->err, reads ? VM_ERR_UNAVAILABLE : VM_ERR_TIMEOUT, "%s: an answer %s",
	               request->what, words);
}

int s3_send_removal(const struct s3 *s3, struct s3_request *request, const struct vm_call *call)
{
	struct vm_error err;
	int status = aws_send(s3->client, &request->request, &request->answer, &request->refusal, call,
	                      &err);

	/* A store has nothing more to say; somebody in front of it may have a page. */
	if (status == VM_OK && request->answer.body.length > 0)
		return s3_no_answer(request, "that is none of a store");

	if (status == VM_OK || status == VM_ERR_NOT_FOUND)
		return VM_OK;
	if (request->err != NULL)
		*request->err = err;
	return status;
}

int s3_unquote(const char *text, char etag[VM_ETAG_MAX])
{
	size_t length = strlen(text);

	if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
		text++;
		length -= 2;
	}
	if (length == 0 || length >= VM_ETAG_MAX)
		return VM_ERR_BAD_DATA;
	memcpy(etag, text, length);
	etag[length] = '\0';
	return VM_OK;
}

int s3_take_etag(const struct s3_request *request, char etag[VM_ETAG_MAX])
{
	const char *text = http_headers_find(&request->answer.headers, "etag");

	if (text == NULL || s3_unquote(text, etag) != VM_OK)
		return s3_no_answer(request, "without an etag");
	return VM_OK;
}

int64_t s3_answered_ms(const struct s3_request *request)
{
	const char *text = http_headers_find(&request->answer.headers, "date");
	time_t answered = text != NULL ? curl_getdate(text, NULL) : -1;

	return answered > 0 ? (int64_t)answered * 1000 : 0;
}

int s3_read_xml(const struct s3_request *request, const char *root, xmlDoc **out)
{
	const struct kit_buffer *body = &request->answer.body;
	char words[64];
	size_t blank = body->bytes != NULL ? strspn(body->bytes, " \t\r\n") : 0;
	/* Blanks keep the connection alive while the store works; they may not stand in front. */
	xmlDoc *document = aws_xml_read(body->bytes != NULL ? body->bytes + blank : NULL,
	                                body->length - blank);

	if (document == NULL || !aws_xml_is(xmlDocGetRootElement(document), root)) {
		snprintf(words, sizeof words, "that is no %s", root);
		xmlFreeDoc(document);
		return s3_no_answer(request, words);
	}
	*out = document;
	return VM_OK;
}

bool s3_read_count(const xmlNode *node, const char *name, uint64_t *out)
{
	char text[24];
	char *end;

	if (!aws_xml_text(node, name, text, sizeof text) || text[0] < '0' || text[0] > '9')
		return false;
	*out = strtoull(text, &end, 10);
	return *end == '\0';
}
