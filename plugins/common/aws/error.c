/* error.c - refusals: read from XML or JSON, and judged by a table. */
#include "aws/error.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/xml.h"

/*
 * One row for each code that means something else than its HTTP status says.
 * (S3 "Error responses", SQS and ECS "Common errors"; the throttling codes are
 * those of the SDKs' standard retry mode.)
 */
static const struct {
	const char *code;
	int status; /* enum vm_status */
} judgements[] = {
    {"Throttling", VM_ERR_THROTTLED},
    {"ThrottlingException", VM_ERR_THROTTLED},
    {"ThrottledException", VM_ERR_THROTTLED},
    {"RequestThrottled", VM_ERR_THROTTLED},
    {"RequestThrottledException", VM_ERR_THROTTLED},
    {"TooManyRequestsException", VM_ERR_THROTTLED},
    {"ProvisionedThroughputExceededException", VM_ERR_THROTTLED},
    {"RequestLimitExceeded", VM_ERR_THROTTLED},
    {"BandwidthLimitExceeded", VM_ERR_THROTTLED},
    {"LimitExceededException", VM_ERR_THROTTLED},
    {"SlowDown", VM_ERR_THROTTLED},
    {"PriorRequestNotComplete", VM_ERR_THROTTLED},
    {"EC2ThrottledException", VM_ERR_THROTTLED},
    {"OverLimit", VM_ERR_THROTTLED},
    {"KmsThrottled", VM_ERR_THROTTLED},
    {"KMS.ThrottlingException", VM_ERR_THROTTLED},
    {"RequestTimeout", VM_ERR_UNAVAILABLE},
    {"RequestTimeoutException", VM_ERR_UNAVAILABLE},
    {"InternalError", VM_ERR_UNAVAILABLE},
    {"ServerException", VM_ERR_UNAVAILABLE},
    {"OperationAborted", VM_ERR_UNAVAILABLE},
    /* Two writers of one key at once: the condition has not been judged yet. */
    {"ConditionalRequestConflict", VM_ERR_UNAVAILABLE},
    /* The bytes were changed on their way, or not all of them came. */
    {"BadDigest", VM_ERR_UNAVAILABLE},
    {"XAmzContentSHA256Mismatch", VM_ERR_UNAVAILABLE},
    {"IncompleteBody", VM_ERR_UNAVAILABLE},
    {"NoSuchKey", VM_ERR_NOT_FOUND},
    {"NoSuchUpload", VM_ERR_NOT_FOUND},
    {"NoSuchBucket", VM_ERR_CONFIG},
    {"InvalidBucketName", VM_ERR_CONFIG},
    {"PermanentRedirect", VM_ERR_CONFIG},
    /* A bucket so young that not every front of the service knows it. */
    {"TemporaryRedirect", VM_ERR_UNAVAILABLE},
    {"AuthorizationHeaderMalformed", VM_ERR_CONFIG},
    {"QueueDoesNotExist", VM_ERR_CONFIG},
    {"AWS.SimpleQueueService.NonExistentQueue", VM_ERR_CONFIG},
    {"ClusterNotFoundException", VM_ERR_CONFIG},
    {"IllegalLocationConstraintException", VM_ERR_CONFIG},
    {"KMS.NotFoundException", VM_ERR_CONFIG},
    {"KMS.DisabledException", VM_ERR_CONFIG},
    {"PreconditionFailed", VM_ERR_CONFLICT},
    {"AccessDenied", VM_ERR_DENIED},
    {"AccessDeniedException", VM_ERR_DENIED},
    {"InvalidAccessKeyId", VM_ERR_DENIED},
    {"InvalidClientTokenId", VM_ERR_DENIED},
    {"UnrecognizedClientException", VM_ERR_DENIED},
    {"SignatureDoesNotMatch", VM_ERR_DENIED},
    {"InvalidSignatureException", VM_ERR_DENIED},
    {"IncompleteSignature", VM_ERR_DENIED},
    {"MissingAuthenticationToken", VM_ERR_DENIED},
    {"RequestTimeTooSkewed", VM_ERR_DENIED},
    {"RequestExpired", VM_ERR_DENIED},
    {"RequestInTheFuture", VM_ERR_DENIED},
    {"AuthFailure", VM_ERR_DENIED},
    {"InvalidToken", VM_ERR_DENIED},
    {"TokenRefreshRequired", VM_ERR_DENIED},
    {"ExpiredToken", VM_ERR_DENIED},
    {"ExpiredTokenException", VM_ERR_DENIED},
    {"EntityTooLarge", VM_ERR_LIMIT},
    {"NotImplemented", VM_ERR_UNSUPPORTED},
    {"UnsupportedOperation", VM_ERR_UNSUPPORTED},
    {"InvalidAction", VM_ERR_UNSUPPORTED},
};

static int by_http(int http)
{
	switch (http) {
	case 307:
		return VM_ERR_UNAVAILABLE; /* TemporaryRedirect, to a HEAD */
	case 401:
	case 403:
		return VM_ERR_DENIED;
	case 404:
		return VM_ERR_NOT_FOUND;
	case 408:
		return VM_ERR_UNAVAILABLE;
	case 409:
	case 412:
		return VM_ERR_CONFLICT;
	case 413:
		return VM_ERR_LIMIT;
	case 429:
		return VM_ERR_THROTTLED;
	case 501:
		return VM_ERR_UNSUPPORTED;
	default:
		/* It is another address that answers for this service. */
		if (http / 100 == 3)
			return VM_ERR_CONFIG;
		/* A 200 that is a refusal was begun before the service knew. */
		return http >= 500 || http / 100 == 2 ? VM_ERR_UNAVAILABLE : VM_ERR_BAD_DATA;
	}
}

bool aws_refusal_has_no_words(const char *code, const struct http_answer *answer)
{
	return answer->status == 400 && code[0] == '\0' && answer->body.length == 0;
}

static int judge(const char *code, const struct http_answer *answer)
{
	for (size_t i = 0; i < sizeof judgements / sizeof *judgements; i++)
		if (strcmp(code, judgements[i].code) == 0)
			return judgements[i].status;
	return aws_refusal_has_no_words(code, answer) ? VM_ERR_DENIED : by_http(answer->status);
}

/* "com.amazonaws.sqs#QueueDoesNotExist:http://…" is QueueDoesNotExist. (Smithy, awsJson) */
static void take_code(const char *text, char *code, size_t size)
{
	size_t end = strcspn(text, ":");

	for (size_t i = 0; i < end; i++)
		if (text[i] == '#') {
			text += i + 1;
			end -= i + 1;
			break;
		}
	snprintf(code, size, "%.*s", (int)(end < size ? end : size - 1), text);
}

static void read_json(const struct kit_buffer *body, struct aws_refusal *out)
{
	json_t *root = json_loadb(body->bytes, body->length, 0, NULL);
	const char *type = json_string_value(json_object_get(root, "__type"));
	const char *message = json_string_value(json_object_get(root, "message"));

	if (type == NULL)
		type = json_string_value(json_object_get(root, "code"));
	if (message == NULL)
		message = json_string_value(json_object_get(root, "Message"));
	if (type != NULL && out->code[0] == '\0')
		take_code(type, out->code, sizeof out->code);
	if (message != NULL)
		snprintf(out->message, sizeof out->message, "%s", message);
	json_decref(root);
}

/* Cut where it is too long: half a sentence is more than none. */
static void take_text(const xmlNode *error, const char *name, char *text, size_t size)
{
	xmlNode *child = aws_xml_child(error, name);
	xmlChar *content = child != NULL ? xmlNodeGetContent(child) : NULL;

	snprintf(text, size, "%s", content != NULL ? (const char *)content : "");
	xmlFree(content);
}

/* S3 has <Error> at the root, the query protocols (IAM, STS) within <ErrorResponse>. */
static void read_xml(const struct kit_buffer *body, struct aws_refusal *out)
{
	xmlDoc *document = aws_xml_read(body->bytes, body->length);
	xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
	xmlNode *error = aws_xml_is(root, "Error") ? root : aws_xml_child(root, "Error");

	if (error != NULL) {
		take_text(error, "Code", out->code, sizeof out->code);
		take_text(error, "Message", out->message, sizeof out->message);
		take_text(error, "RequestId", out->request, sizeof out->request);
	}
	xmlFreeDoc(document);
}

/* One line without a full stop, whatever the service or a stranger's proxy has sent. */
static void tidy(char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
	while (length > 0 && (text[length - 1] == '.' || text[length - 1] == ' '))
		text[--length] = '\0';
}

void aws_refusal_read(const struct http_answer *answer, struct aws_refusal *out)
{
	const char *type = http_headers_find(&answer->headers, "x-amzn-errortype");
	const char *request = http_headers_find(&answer->headers, "x-amz-request-id");
	const char *start = answer->body.bytes;

	*out = (struct aws_refusal){0};
	if (type != NULL)
		take_code(type, out->code, sizeof out->code);
	if (start != NULL)
		start += strspn(start, " \t\r\n");
	if (start != NULL && *start == '{')
		read_json(&answer->body, out);
	else if (start != NULL && *start == '<')
		read_xml(&answer->body, out);
	if (request == NULL)
		request = http_headers_find(&answer->headers, "x-amzn-requestid");
	if (request != NULL && out->request[0] == '\0')
		snprintf(out->request, sizeof out->request, "%s", request);
	tidy(out->code);
	tidy(out->message);
	tidy(out->request);
}

/* Milliseconds, as the service asked for them; 0 when it did not. */
static uint32_t retry_after_ms(const struct http_headers *headers)
{
	const char *ms = http_headers_find(headers, "x-amz-retry-after");
	const char *s = http_headers_find(headers, "retry-after");
	char *end = NULL;
	unsigned long value = ms != NULL ? strtoul(ms, &end, 10) : s != NULL ? strtoul(s, &end, 10) : 0;
	unsigned long most = ms != NULL ? 3600000 : 3600;

	/* A date, or an hour and more, is nothing to go by. */
	if (end == NULL || *end != '\0' || value > most)
		return 0;
	return (uint32_t)(ms != NULL ? value : value * 1000);
}

int aws_refusal_fail(const struct aws_refusal *refusal, const struct http_answer *answer,
                     const char *what, struct vm_error *err)
{
	int status = judge(refusal->code, answer);

	vm_fail(err, status, "%s: %d%s%s%s%s%s%s%s", what, answer->status,
	        refusal->code[0] != '\0' ? " " : "", refusal->code,
	        refusal->message[0] != '\0' ? ": " : "", refusal->message,
	        refusal->request[0] != '\0' ? " (request " : "", refusal->request,
	        refusal->request[0] != '\0' ? ")" : "");
	if (err != NULL) {
		err->native = answer->status;
		err->retry_after_ms = retry_after_ms(&answer->headers);
	}
	return status;
}
