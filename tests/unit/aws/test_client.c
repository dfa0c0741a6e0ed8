/* test_client.c - what a client learns from a refusal, and that it learns once. */
#include <string.h>
#include <time.h>

#include "aws/client_internal.h"
#include "aws/query.h"
#include "chain.h"

#define OK_EMPTY "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
#define HOUR_S 3600

static const struct aws_service s3 = {.name = "s3", .path_as_is = true, .regional = true};
static struct aws_config config;
static struct aws_client *client;
static struct http_answer answer;
static struct aws_refusal refusal;

static void open_client(void)
{
	chain_open();
	config = (struct aws_config){
	    .region = "eu-west-1", .connect_timeout = 1000, .timeout = 2000, .access_key = "AKID"};
	config.secret_key = SECRET;
	client = NULL;
	answer = (struct http_answer){0};
}

static void close_client(void)
{
	http_answer_finish(&answer);
	aws_client_destroy(client);
	chain_close();
}

static int send_method(const char *method, struct peer *peer)
{
	const struct aws_request request = {
	    .what = "put a", .method = method, .path = "/a", .body = "bytes", .length = 5};
	int status;

	config.endpoint = peer != NULL ? peer_url(peer) : NULL;
	if (client == NULL)
		ck_assert_int_eq(aws_client_create(&s3, &config, NULL, &client, NULL), VM_OK);
	status = aws_send(client, &request, &answer, &refusal, NULL, &chain.err);
	if (status != VM_OK)
		ck_assert_ptr_null(strstr(chain.err.message, SECRET));
	return status;
}

/* The text of an answer with a Date so far from now; the caller's. */
static char *dated(int status, const char *code, long from_now_s, const char *more)
{
	char date[64], body[128], *text;
	time_t then = time(NULL) + from_now_s;
	struct tm parts;

	gmtime_r(&then, &parts);
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
	snprintf(body, sizeof body, code != NULL ? "<Error><Code>%s</Code></Error>" : "%s",
	         code != NULL ? code : "");
	ck_assert_int_gt(asprintf(&text, "HTTP/1.1 %d A\r\ndate: %s\r\n%scontent-length: %zu\r\n\r\n%s",
	                          status, date, more, strlen(body), body),
	                 0);
	return text;
}

/* By which clock a request was signed, in seconds from now. */
static long signed_from_now_s(struct peer *peer, size_t index)
{
	const char *date = strstr(peer_request(peer, index), "\r\nx-amz-date: ");
	struct tm parts = {0};

	ck_assert_ptr_nonnull(date);
	ck_assert_ptr_nonnull(strptime(date + strlen("\r\nx-amz-date: "), "%Y%m%dT%H%M%SZ", &parts));
	return (long)(timegm(&parts) - time(NULL));
}

START_TEST(a_clock_that_is_off_is_learnt_once)
{
	/* A HEAD's answer has no words. */
	bool head = _i == 1;
	long off_s = _i == 2 ? -HOUR_S : HOUR_S;
	char *skewed = dated(403, head ? NULL : "RequestTimeTooSkewed", off_s, "");
	const struct peer_step steps[] = {
	    {PEER_ANSWER, skewed, 0}, {PEER_ANSWER, OK_EMPTY, 0}, {PEER_ANSWER, OK_EMPTY, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(send_method(head ? "HEAD" : "PUT", peer), VM_OK);
	ck_assert_int_eq(send_method("PUT", peer), VM_OK);
	ck_assert_uint_eq(peer_requests(peer), 3);
	ck_assert_int_lt(labs(signed_from_now_s(peer, 0)), 60);
	ck_assert_int_lt(labs(signed_from_now_s(peer, 1) - off_s), 60);
	ck_assert_int_lt(labs(signed_from_now_s(peer, 2) - off_s), 60);
	ck_assert_ptr_nonnull(strstr(peer_request(peer, 2), "\r\n\r\nbytes"));
	peer_stop(peer);
	free(skewed);
}
END_TEST

static const struct {
	int status;
	const char *code;
	long off_s;
	const char *more;
} no_clocks[] = {
    {403, "SignatureDoesNotMatch", 0, ""}, {403, "SignatureDoesNotMatch", 200, ""},
    {403, "AccessDenied", HOUR_S, ""},     {403, "RequestTimeTooSkewed", HOUR_S, "age: 3500\r\n"},
    {503, "SlowDown", HOUR_S, ""},
};

START_TEST(a_refusal_for_another_reason_is_not_signed_again)
{
	char *refused = dated(no_clocks[_i].status, no_clocks[_i].code, no_clocks[_i].off_s,
	                      no_clocks[_i].more);
	const struct peer_step steps[] = {{PEER_ANSWER, refused, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_ne(send_method("PUT", peer), VM_OK);
	ck_assert_str_eq(refusal.code, no_clocks[_i].code);
	ck_assert_uint_eq(peer_requests(peer), 1);
	peer_stop(peer);
	free(refused);
}
END_TEST

START_TEST(what_is_refused_twice_is_refused)
{
	char *once = dated(403, "RequestTimeTooSkewed", HOUR_S, "");
	char *twice = dated(403, "RequestTimeTooSkewed", -HOUR_S, "");
	const struct peer_step steps[] = {{PEER_ANSWER, once, 0}, {PEER_ANSWER, twice, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(send_method("PUT", peer), VM_ERR_DENIED);
	ck_assert_str_eq(chain.err.message, "put a: 403 RequestTimeTooSkewed");
	ck_assert_uint_eq(peer_requests(peer), 2);
	peer_stop(peer);
	free(once);
	free(twice);
}
END_TEST

START_TEST(expired_keys_are_renewed_and_signed_with_once)
{
	char *old = chain_answer("old", HOUR_S), *new = chain_answer("new", HOUR_S);
	char *expired = dated(400, "ExpiredToken", 0, "");
	const struct peer_step keys[] = {{PEER_ANSWER, old, 0}, {PEER_ANSWER, new, 0}};
	const struct peer_step steps[] = {{PEER_ANSWER, expired, 0},
	                                  {PEER_ANSWER, _i == 0 ? OK_EMPTY : expired, 0}};
	struct peer *container = PEER_START(keys), *peer = PEER_START(steps);

	config.access_key = config.secret_key = NULL;
	place_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", peer_url(container));
	ck_assert_int_eq(send_method("PUT", peer), _i == 0 ? VM_OK : VM_ERR_DENIED);
	ck_assert_uint_eq(peer_requests(peer), 2);
	ck_assert_ptr_nonnull(strstr(peer_request(peer, 0), "Credential=old/"));
	ck_assert_ptr_nonnull(strstr(peer_request(peer, 1), "Credential=new/"));
	ck_assert_ptr_nonnull(strstr(peer_request(peer, 1), "\r\nx-amz-security-token: " TOKEN));
	peer_stop(peer);
	peer_stop(container);
	free(old);
	free(new);
	free(expired);
}
END_TEST

START_TEST(no_keys_no_request)
{
	static const struct peer_step steps[] = {{PEER_ANSWER, OK_EMPTY, 0}};
	struct peer *peer = PEER_START(steps);

	config.access_key = config.secret_key = NULL;
	ck_assert_int_eq(send_method("PUT", peer), VM_ERR_DENIED);
	ck_assert_ptr_eq(strstr(chain.err.message, "put a: no keys for AWS"), chain.err.message);
	ck_assert_uint_eq(peer_requests(peer), 0);
	peer_stop(peer);
}
END_TEST

/* Whether the region that a refusal names is taken for the next signature. */
static bool learns_region(const struct aws_service *service, int status, const char *named)
{
	struct aws_keys keys = {.id = "AKID"};
	const struct aws_signer signer = {
	    .keys = &keys, .region = "eu-west-1", .now_s = (int64_t)time(NULL)};
	struct http_answer told = {.status = status};
	char region[AWS_REGION_MAX];
	bool again;

	ck_assert_int_eq(http_headers_add(&told.headers, NULL, "x-amz-bucket-region", "%s", named),
	                 VM_OK);
	ck_assert_int_eq(aws_client_create(service, &config, NULL, &client, NULL), VM_OK);
	again = aws_client_learn(client, &signer, &told, status == 301 ? "PermanentRedirect" : "");
	aws_client_region(client, region);
	ck_assert_str_eq(region, again ? named : "eu-west-1");
	aws_client_destroy(client);
	client = NULL;
	http_answer_finish(&told);
	return again;
}

START_TEST(a_bucket_of_another_region)
{
	static const struct aws_service sqs = {.name = "sqs"};

	ck_assert(learns_region(&s3, 301, "us-gov-east-1"));
	/* To a HEAD. */
	ck_assert(learns_region(&s3, 400, "us-gov-east-1"));
	ck_assert(!learns_region(&s3, 301, "eu-west-1"));
	ck_assert(!learns_region(&sqs, 301, "us-gov-east-1"));
	/* It would be part of a name to which signed requests go. */
	ck_assert(!learns_region(&s3, 301, "example.com/"));
	ck_assert(!learns_region(&s3, 301, "a.example.com"));
	ck_assert(!learns_region(&s3, 301, ""));
	ck_assert(!learns_region(&s3, 301,
	                         "a123456789a123456789a123456789a123456789a123456789a123456789abcde"));
	config.endpoint = "http://127.0.0.1:9000";
	ck_assert(!learns_region(&s3, 301, "us-gov-east-1"));
}
END_TEST

static const struct {
	const char *endpoint, *words;
} endpoints[] = {
    {"127.0.0.1:9000", "127.0.0.1:9000"},
    {"ftp://host", "ftp://host"},
    {"https://", "https://"},
    {"https://host/path", "https://host/path"},
    {"https://host?query", "https://host?query"},
    {"https://user:" SECRET "@host", "it has a user in it"},
    {"https://ho st", "https://ho st"},
};

START_TEST(an_endpoint_that_is_none)
{
	config.endpoint = endpoints[_i].endpoint;
	ck_assert_int_eq(aws_config_check(&config, &chain.err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(chain.err.message, endpoints[_i].words));
	ck_assert_ptr_null(strstr(chain.err.message, SECRET));
}
END_TEST

START_TEST(options_that_go_together)
{
	ck_assert_int_eq(aws_config_check(&config, &chain.err), VM_OK);
	config.secret_key = NULL;
	ck_assert_int_eq(aws_config_check(&config, &chain.err), VM_ERR_CONFIG);
	config.access_key = NULL;
	config.region = "Ireland";
	ck_assert_int_eq(aws_config_check(&config, &chain.err), VM_ERR_CONFIG);
	config.region = NULL;
	ck_assert_int_eq(aws_config_check(&config, &chain.err), VM_OK);
	/* Nobody says which one. */
	ck_assert_int_eq(aws_client_create(&s3, &config, NULL, &client, &chain.err), VM_ERR_CONFIG);
	ck_assert_ptr_null(client);
	place_set("AWS_DEFAULT_REGION", "eu-west-2");
	ck_assert_int_eq(aws_client_create(&s3, &config, NULL, &client, &chain.err), VM_OK);
}
END_TEST

#define LENGTH(array) (int)(sizeof(array) / sizeof *(array))

int main(void)
{
	TCase *tests = tcase_create("client");

	tcase_add_checked_fixture(tests, open_client, close_client);
	tcase_set_timeout(tests, 30);
	tcase_add_loop_test(tests, a_clock_that_is_off_is_learnt_once, 0, 3);
	tcase_add_loop_test(tests, a_refusal_for_another_reason_is_not_signed_again, 0,
	                    LENGTH(no_clocks));
	tcase_add_test(tests, what_is_refused_twice_is_refused);
	tcase_add_loop_test(tests, expired_keys_are_renewed_and_signed_with_once, 0, 2);
	tcase_add_test(tests, no_keys_no_request);
	tcase_add_test(tests, a_bucket_of_another_region);
	tcase_add_loop_test(tests, an_endpoint_that_is_none, 0, LENGTH(endpoints));
	tcase_add_test(tests, options_that_go_together);
	return run_tests(tests, "client");
}
