/* test_sign.c - the examples that AWS publishes for Signature Version 4. */
#include "aws/sign.h"

#include "run.h"

#define S3_HOST "examplebucket.s3.amazonaws.com"

/*
 * Amazon S3 API Reference, "Signature Calculations for the Authorization Header:
 * Transferring Payload in a Single Chunk" and "Authenticating Requests: Using Query
 * Parameters". The keys are the documentation's.
 */
static const struct aws_keys keys = {
    .id = "AKIAIOSFODNN7EXAMPLE",
    .secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

static const struct aws_signer s3 = {
    .keys = &keys,
    .region = "us-east-1",
    .service = "s3",
    .now_s = 1369353600, /* 2013-05-24T00:00:00Z */
    .path_as_is = true,
};

static struct http_headers headers;
static struct aws_query query;

static void start(void)
{
	headers = (struct http_headers){0};
	query = (struct aws_query){0};
	ck_assert_int_eq(http_headers_add(&headers, NULL, "host", S3_HOST), VM_OK);
}

static void end(void)
{
	http_headers_finish(&headers);
	aws_query_finish(&query);
}

static void header(const char *name, const char *value)
{
	ck_assert_int_eq(http_headers_add(&headers, NULL, name, "%s", value), VM_OK);
}

static void assert_signature(const char *method, const char *path, const char *payload,
                             const char *signature)
{
	char hash[AWS_HASH_MAX];
	const struct aws_signed what = {
	    .method = method, .path = path, .query = &query, .headers = &headers, .payload_hash = hash};
	const char *authorization;

	ck_assert_int_eq(aws_hash(payload, strlen(payload), hash, NULL), VM_OK);
	header("x-amz-content-sha256", hash);
	ck_assert_int_eq(aws_sign_headers(&s3, &what, NULL), VM_OK);
	authorization = http_headers_find(&headers, "authorization");
	ck_assert_ptr_nonnull(authorization);
	ck_assert_str_eq(strstr(authorization, "Signature=") + strlen("Signature="), signature);
}

START_TEST(get_of_a_range)
{
	header("Range", "bytes=0-9");
	assert_signature("GET", "/test.txt", "",
	                 "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}
END_TEST

START_TEST(put_with_a_dollar_in_its_key)
{
	header("Date", "Fri, 24 May 2013 00:00:00 GMT");
	header("x-amz-storage-class", "REDUCED_REDUNDANCY");
	assert_signature("PUT", "/test%24file.text", "Welcome to Amazon S3.",
	                 "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}
END_TEST

START_TEST(parameter_without_a_value)
{
	ck_assert_int_eq(aws_query_add(&query, "lifecycle", "", NULL), VM_OK);
	assert_signature("GET", "/", "",
	                 "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}
END_TEST

START_TEST(parameters_are_sorted)
{
	ck_assert_int_eq(aws_query_add(&query, "prefix", "J", NULL), VM_OK);
	ck_assert_int_eq(aws_query_add(&query, "max-keys", "2", NULL), VM_OK);
	assert_signature("GET", "/", "",
	                 "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}
END_TEST

START_TEST(presigned_get)
{
	const struct aws_signed what = {.method = "GET",
	                                .path = "/test.txt",
	                                .query = &query,
	                                .headers = &headers,
	                                .payload_hash = AWS_UNSIGNED_PAYLOAD};
	struct kit_buffer text;

	kit_buffer_init(&text, SIZE_MAX / 2);
	ck_assert_int_eq(aws_sign_query(&s3, &what, 86400, NULL), VM_OK);
	ck_assert_int_eq(aws_query_write(&query, &text, NULL), VM_OK);
	ck_assert_str_eq(
	    text.bytes,
	    "X-Amz-Algorithm=AWS4-HMAC-SHA256"
	    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
	    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
	    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
	    "&X-Amz-SignedHeaders=host");
	kit_buffer_finish(&text);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("sign");

	tcase_add_checked_fixture(tests, start, end);
	tcase_add_test(tests, get_of_a_range);
	tcase_add_test(tests, put_with_a_dollar_in_its_key);
	tcase_add_test(tests, parameter_without_a_value);
	tcase_add_test(tests, parameters_are_sorted);
	tcase_add_test(tests, presigned_get);
	return run_tests(tests, "sign");
}
