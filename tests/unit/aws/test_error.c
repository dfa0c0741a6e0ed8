/* test_error.c - refusals in every form in which they come, and what is made of them. */
#include "aws/error.h"

#include <string.h>

#include "run.h"

#define LONG_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LONG_256 LONG_64 LONG_64 LONG_64 LONG_64

static const struct {
	int http;
	const char *header, *value; /* one of the answer's, or NULL */
	const char *body;
	int status;
	const char *sentence; /* behind "do it: " */
} refusals[] = {
    /* S3 */
    {503, NULL, NULL,
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SlowDown</Code><Message>Please "
     "reduce "
     "your request rate.</Message><RequestId>44425</RequestId><HostId>x</HostId></Error>",
     VM_ERR_THROTTLED, "503 SlowDown: Please reduce your request rate (request 44425)"},
    {404, "x-amz-request-id", "7", "<Error><Code>NoSuchKey</Code></Error>", VM_ERR_NOT_FOUND,
     "404 NoSuchKey (request 7)"},
    {404, NULL, NULL, "<Error><Code>NoSuchBucket</Code></Error>", VM_ERR_CONFIG,
     "404 NoSuchBucket"},
    {404, NULL, NULL, "<Error><Code>NoSuchUpload</Code></Error>", VM_ERR_NOT_FOUND,
     "404 NoSuchUpload"},
    {412, NULL, NULL, "<Error><Code>PreconditionFailed</Code></Error>", VM_ERR_CONFLICT,
     "412 PreconditionFailed"},
    {409, NULL, NULL, "<Error><Code>ConditionalRequestConflict</Code></Error>", VM_ERR_UNAVAILABLE,
     "409 ConditionalRequestConflict"},
    {400, NULL, NULL, "<Error><Code>BadDigest</Code></Error>", VM_ERR_UNAVAILABLE, "400 BadDigest"},
    {400, NULL, NULL, "<Error><Code>ExpiredToken</Code></Error>", VM_ERR_DENIED,
     "400 ExpiredToken"},
    {200, NULL, NULL, "  \n<Error><Code>InternalError</Code></Error>", VM_ERR_UNAVAILABLE,
     "200 InternalError"},
    {301, NULL, NULL, "<Error><Code>PermanentRedirect</Code></Error>", VM_ERR_CONFIG,
     "301 PermanentRedirect"},
    /* The query protocols: a name space, an envelope. */
    {403, NULL, NULL,
     "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
     "<Code>InvalidClientTokenId</Code><Message>The token is invalid.</Message></Error>"
     "<RequestId>9</RequestId></ErrorResponse>",
     VM_ERR_DENIED, "403 InvalidClientTokenId: The token is invalid"},
    /* JSON */
    {400, "x-amzn-requestid", "8",
     "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"No such queue.\"}",
     VM_ERR_CONFIG, "400 QueueDoesNotExist: No such queue (request 8)"},
    {400, NULL, NULL, "{\"__type\":\"ThrottlingException\",\"Message\":\"Rate exceeded\"}",
     VM_ERR_THROTTLED, "400 ThrottlingException: Rate exceeded"},
    {400, NULL, NULL, "{\"code\":\"RequestThrottled:http://docs.example/#here\"}", VM_ERR_THROTTLED,
     "400 RequestThrottled"},
    {400, "x-amzn-errortype", "ClusterNotFoundException:http://internal.amazon.com/coral/",
     "{\"message\":\"Cluster not found.\"}", VM_ERR_CONFIG,
     "400 ClusterNotFoundException: Cluster not found"},
    {400, "x-amzn-errortype", "AccessDeniedException", "{\"__type\":\"Another\"}", VM_ERR_DENIED,
     "400 AccessDeniedException"},
    {400, NULL, NULL, "{\"__type\":\"AWS.SimpleQueueService.NonExistentQueue\"}", VM_ERR_CONFIG,
     "400 AWS.SimpleQueueService.NonExistentQueue"},
    {400, NULL, NULL, "{\"__type\":7,\"message\":null}", VM_ERR_BAD_DATA, "400"},
    /* Nothing, garbage, and what is too long or breaks the line. */
    {400, NULL, NULL, "", VM_ERR_DENIED, "400"},
    {400, NULL, NULL, "<html>", VM_ERR_BAD_DATA, "400"},
    {302, NULL, NULL, "<html>", VM_ERR_CONFIG, "302"},
    {307, NULL, NULL, "", VM_ERR_UNAVAILABLE, "307"},
    {307, NULL, NULL, "<Error><Code>TemporaryRedirect</Code></Error>", VM_ERR_UNAVAILABLE,
     "307 TemporaryRedirect"},
    {403, NULL, NULL, "", VM_ERR_DENIED, "403"},
    {404, NULL, NULL, "", VM_ERR_NOT_FOUND, "404"},
    {408, NULL, NULL, "", VM_ERR_UNAVAILABLE, "408"},
    {412, NULL, NULL, "", VM_ERR_CONFLICT, "412"},
    {429, NULL, NULL, "", VM_ERR_THROTTLED, "429"},
    {500, NULL, NULL, "", VM_ERR_UNAVAILABLE, "500"},
    {501, NULL, NULL, "", VM_ERR_UNSUPPORTED, "501"},
    {502, NULL, NULL, "<html><body>Bad Gateway</body></html>", VM_ERR_UNAVAILABLE, "502"},
    {502, NULL, NULL, "<Error><Code>cut", VM_ERR_UNAVAILABLE, "502"},
    {504, NULL, NULL, "{\"cut\":", VM_ERR_UNAVAILABLE, "504"},
    {403, NULL, NULL, "<Error><Code>AccessDenied</Code><Message>a\n b\x7f.</Message></Error>",
     VM_ERR_DENIED, "403 AccessDenied: a  b"},
    {403, NULL, NULL, "<Error><Code>AccessDenied</Code><Message>" LONG_256 "</Message></Error>",
     VM_ERR_DENIED,
     "403 AccessDenied: " LONG_64 LONG_64 LONG_64
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"},
    {403, NULL, NULL, "{\"__type\":\"x#AccessDenied\",\"message\":\"" LONG_256 "\"}", VM_ERR_DENIED,
     "403 AccessDenied: " LONG_64 LONG_64 LONG_64
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"},
    /* No entity grows, and no file is read. */
    {400, NULL, NULL,
     "<!DOCTYPE Error [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Error><Code>A</Code>"
     "<Message>&x;</Message></Error>",
     VM_ERR_BAD_DATA, "400 A"},
};

START_TEST(a_refusal_is_judged_and_told)
{
	struct http_answer answer = {.status = refusals[_i].http};
	struct aws_refusal refusal;
	struct vm_error err;

	kit_buffer_init(&answer.body, SIZE_MAX / 2);
	ck_assert_int_eq(
	    kit_buffer_append(&answer.body, refusals[_i].body, strlen(refusals[_i].body), NULL), VM_OK);
	if (refusals[_i].header != NULL)
		ck_assert_int_eq(
		    http_headers_add(&answer.headers, NULL, refusals[_i].header, "%s", refusals[_i].value),
		    VM_OK);
	aws_refusal_read(&answer, &refusal);
	ck_assert_int_eq(aws_refusal_fail(&refusal, &answer, "do it", &err), refusals[_i].status);
	ck_assert_int_eq(err.status, refusals[_i].status);
	ck_assert_int_eq(err.native, refusals[_i].http);
	ck_assert_ptr_eq(strstr(err.message, "do it: "), err.message);
	ck_assert_str_eq(err.message + strlen("do it: "), refusals[_i].sentence);
	ck_assert_int_eq(aws_refusal_fail(&refusal, &answer, "do it", NULL), refusals[_i].status);
	http_answer_finish(&answer);
}
END_TEST

static const struct {
	const char *header, *value;
	uint32_t ms;
} waits[] = {
    {"retry-after", "3", 3000},
    {"retry-after", "3600", 3600000},
    {"retry-after", "3601", 0},
    {"retry-after", "-1", 0},
    {"retry-after", "1.5", 0},
    {"retry-after", "Wed, 25 Nov 2026 01:02:03 GMT", 0},
    {"retry-after", "99999999999999999999999", 0},
    {"x-amz-retry-after", "1500", 1500},
    {"x-amz-retry-after", "3600001", 0},
    {"date", "3", 0},
};

START_TEST(a_service_says_when_to_come_back)
{
	struct http_answer answer = {.status = 503};
	const struct aws_refusal refusal = {0};
	struct vm_error err;

	ck_assert_int_eq(
	    http_headers_add(&answer.headers, NULL, waits[_i].header, "%s", waits[_i].value), VM_OK);
	aws_refusal_fail(&refusal, &answer, "do it", &err);
	ck_assert_uint_eq(err.retry_after_ms, waits[_i].ms);
	http_answer_finish(&answer);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("error");

	tcase_add_loop_test(tests, a_refusal_is_judged_and_told, 0, sizeof refusals / sizeof *refusals);
	tcase_add_loop_test(tests, a_service_says_when_to_come_back, 0, sizeof waits / sizeof *waits);
	return run_tests(tests, "error");
}
