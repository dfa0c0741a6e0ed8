/* test_chain.c - where keys are found, in which order, and what is said when there are none. */
#include <string.h>

#include "chain.h"

static void assert_keys(const char *id, const char *token)
{
	ck_assert_int_eq(chain_get(), VM_OK);
	ck_assert_str_eq(chain.keys.id, id);
	ck_assert_str_eq(chain.keys.secret, SECRET);
	ck_assert_str_eq(chain.keys.token, token);
}

static void assert_fails(int status, const char *words)
{
	ck_assert_int_eq(chain_get(), status);
	ck_assert_msg(strstr(chain.err.message, words) != NULL, "%s", chain.err.message);
}

START_TEST(nothing_is_configured)
{
	assert_fails(VM_ERR_DENIED, "no keys for AWS");
	/* Where it was asked in vain it is asked again: they may come. */
	place_write(".aws/credentials",
	            "[default]\naws_access_key_id = late\naws_secret_access_key = " SECRET "\n");
	assert_keys("late", "");
}
END_TEST

START_TEST(no_machine_answers)
{
	static const struct peer_step steps[] = {{PEER_ANSWER, NULL, 0}};
	struct peer *peer = PEER_START(steps);

	place_set("AWS_EC2_METADATA_DISABLED", "false");
	place_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", peer_url(peer));
	peer_stop(peer);
	assert_fails(VM_ERR_DENIED, "no keys for AWS");
}
END_TEST

/* All of them at once; each test takes away what goes before. */
static void configure_all(struct peer *container)
{
	chain.settings.id = "given";
	chain.settings.secret = SECRET;
	place_set("AWS_ACCESS_KEY_ID", "environment");
	place_set("AWS_SECRET_ACCESS_KEY", SECRET);
	place_set("AWS_SESSION_TOKEN", TOKEN);
	place_write(".aws/credentials", "[default]\n"
	                                "aws_access_key_id = default\n"
	                                "aws_secret_access_key = " SECRET "\n"
	                                "[work]\n"
	                                "aws_access_key_id = work\n"
	                                "aws_secret_access_key = " SECRET "\n"
	                                "aws_session_token = " TOKEN "\n");
	place_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", peer_url(container));
}

START_TEST(the_first_that_is_configured_is_taken)
{
	char *answer = chain_answer("container", 3600);
	const struct peer_step steps[] = {{PEER_ANSWER, answer, 0}};
	struct peer *container = PEER_START(steps);

	configure_all(container);
	if (_i >= 1)
		chain.settings.id = chain.settings.secret = NULL;
	if (_i == 2)
		chain.settings.profile = "work";
	if (_i >= 3)
		ck_assert_int_eq(unsetenv("AWS_ACCESS_KEY_ID"), 0);
	if (_i == 4)
		place_write(".aws/credentials", "");
	assert_keys(_i == 0   ? "given"
	            : _i == 1 ? "environment"
	            : _i == 2 ? "work"
	            : _i == 3 ? "default"
	                      : "container",
	            _i == 0 || _i == 3 ? "" : TOKEN);
	ck_assert_uint_eq(peer_requests(container), _i == 4 ? 1 : 0);
	peer_stop(container);
	free(answer);
}
END_TEST

START_TEST(half_a_pair_is_told)
{
	if (_i == 0)
		place_set("AWS_ACCESS_KEY_ID", "id");
	else
		place_write(".aws/credentials", "[default]\naws_access_key_id = id\n");
	assert_fails(VM_ERR_CONFIG, _i == 0 ? "AWS_SECRET_ACCESS_KEY" : "aws_secret_access_key");
}
END_TEST

START_TEST(keys_that_break_a_line_are_refused)
{
	place_set("AWS_ACCESS_KEY_ID", "id");
	place_set("AWS_SECRET_ACCESS_KEY", SECRET);
	place_set("AWS_SESSION_TOKEN", TOKEN "\r\nx-amz-acl: public-read");
	assert_fails(VM_ERR_CONFIG, "line break");
}
END_TEST

static const struct {
	const char *variable, *value;
	bool near;
} places[] = {
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/keys", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1@example.com/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:80@example.com/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.example.com/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.20/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.169.254/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[::2]/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost.example.com/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "file:///etc/passwd", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "", false},
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@example.com/", false},
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", ".example.com/", false},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/", true},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "HTTP://LOCALHOST:1/", true},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[::1]:1/", true},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.1.2.3:1", true},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://localhost:1/", true},
};

/* Nobody listens on port 1, so that what is asked at all is not there. */
START_TEST(only_what_is_near_is_asked_over_plain_http)
{
	place_set(places[_i].variable, places[_i].value);
	if (places[_i].near)
		ck_assert_int_eq(chain_get(), VM_ERR_UNAVAILABLE);
	else if (places[_i].value[0] == '\0')
		assert_fails(VM_ERR_DENIED, "no keys");
	else
		assert_fails(VM_ERR_CONFIG, "AWS_CONTAINER_CREDENTIALS_");
}
END_TEST

START_TEST(the_containers_token_is_sent_and_read_anew)
{
	char *first = chain_answer("first", 100), *second = chain_answer("second", 3600);
	const struct peer_step steps[] = {{PEER_ANSWER, first, 0}, {PEER_ANSWER, second, 0}};
	struct peer *peer = PEER_START(steps);
	char url[128];

	snprintf(url, sizeof url, "%s/v2/keys?a=b", peer_url(peer));
	place_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
	place_set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the variable");
	place_set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", place_write("token", "Bearer one\n"));
	assert_keys("first", TOKEN);
	place_write("token", "Bearer two");
	assert_keys("second", TOKEN);
	ck_assert_ptr_eq(strstr(peer_request(peer, 0), "GET /v2/keys?a=b HTTP/1.1\r\n"),
	                 peer_request(peer, 0));
	ck_assert_ptr_nonnull(strstr(peer_request(peer, 0), "\r\nauthorization: Bearer one\r\n"));
	ck_assert_ptr_nonnull(strstr(peer_request(peer, 1), "\r\nauthorization: Bearer two\r\n"));
	peer_stop(peer);
	free(first);
	free(second);
}
END_TEST

static const char *const bad_tokens[] = {"",          "\n",         TOKEN "\r\nx: y",
                                         TOKEN "\nx", TOKEN "\n\n", TOKEN "\rx"};

START_TEST(a_token_of_more_than_one_line_is_not_sent)
{
	static const struct peer_step steps[] = {{PEER_CLOSE, NULL, 0}};
	struct peer *peer = PEER_START(steps);
	bool in_file = _i % 2 == 0;
	const char *token = bad_tokens[_i / 2];

	place_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", peer_url(peer));
	if (in_file)
		place_set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", place_write("token", token));
	else
		place_set("AWS_CONTAINER_AUTHORIZATION_TOKEN", token[0] != '\0' ? token : "\n");
	assert_fails(VM_ERR_CONFIG, in_file ? "/token: not one line" : "more than one line");
	ck_assert_uint_eq(peer_requests(peer), 0);
	peer_stop(peer);
}
END_TEST

#define NO_KEYS                                                                                    \
	"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"                                                 \
	"{\"AccessKeyId\":7,\"SecretAccessKey\":\"" SECRET "\"}"

static const char *const bad_answers[] = {
    "HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n[\"a\"",
    "HTTP/1.1 200 OK\r\ncontent-length: 21\r\n\r\n{\"AccessKeyId\":\"only\"}",
    NO_KEYS,
};

START_TEST(what_the_container_says_amiss_is_for_later)
{
	const struct peer_step steps[] = {{PEER_CLOSE, bad_answers[_i], 0}};
	struct peer *peer = PEER_START(steps);

	place_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", peer_url(peer));
	ck_assert_int_eq(chain_get(), VM_ERR_UNAVAILABLE);
	peer_stop(peer);
}
END_TEST

START_TEST(the_machine_is_asked_in_a_session)
{
	char *keys = chain_answer("machine", 3600);
	const struct peer_step steps[] = {
	    {PEER_ANSWER, "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsession", 0},
	    {PEER_ANSWER, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nthe-role\n", 0},
	    {PEER_ANSWER, keys, 0},
	};
	struct peer *peer = PEER_START(steps);

	place_set("AWS_EC2_METADATA_DISABLED", "false");
	place_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", peer_url(peer));
	assert_keys("machine", TOKEN);
	ck_assert_ptr_eq(strstr(peer_request(peer, 0), "PUT /latest/api/token "),
	                 peer_request(peer, 0));
	ck_assert_ptr_nonnull(
	    strstr(peer_request(peer, 0), "\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"));
	for (size_t i = 1; i < 3; i++)
		ck_assert_ptr_nonnull(
		    strstr(peer_request(peer, i), "\r\nx-aws-ec2-metadata-token: session\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(peer_request(peer, 2), "GET /latest/meta-data/iam/security-credentials/the-role "));
	ck_assert_ptr_nonnull(strstr(chain.log, "the machine's metadata service"));
	peer_stop(peer);
	free(keys);
}
END_TEST

START_TEST(a_machine_without_a_role)
{
	static const struct peer_step steps[] = {
	    {PEER_ANSWER, "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsession", 0},
	    {PEER_ANSWER, "HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", 0},
	};
	struct peer *peer = PEER_START(steps);

	place_set("AWS_EC2_METADATA_DISABLED", "false");
	place_set("AWS_EC2_METADATA_SERVICE_ENDPOINT", peer_url(peer));
	assert_fails(VM_ERR_DENIED, "no keys for AWS");
	peer_stop(peer);
}
END_TEST

#define STS_ANSWER(id)                                                                             \
	"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"                                                 \
	"<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"      \
	"<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>" id "</AccessKeyId>"              \
	"<SecretAccessKey>" SECRET "</SecretAccessKey><SessionToken>" TOKEN "</SessionToken>"          \
	"<Expiration>2099-01-01T00:00:00.123Z</Expiration></Credentials>"                              \
	"</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"

static void be_somebody(struct peer *sts)
{
	place_set("AWS_WEB_IDENTITY_TOKEN_FILE", place_write("jwt", "e30.e30.a+b/=\n"));
	place_set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/worker");
	place_set("AWS_ENDPOINT_URL_STS", peer_url(sts));
}

START_TEST(a_web_identity_becomes_a_role)
{
	static const struct peer_step steps[] = {{PEER_CLOSE, STS_ANSWER("web"), 0}};
	struct peer *sts = PEER_START(steps);

	be_somebody(sts);
	assert_keys("web", TOKEN);
	ck_assert_int_eq(chain.keys.expires_ms, INT64_C(4070908800000));
	ck_assert_ptr_nonnull(strstr(peer_request(sts, 0),
	                             "\r\n\r\nAction=AssumeRoleWithWebIdentity"
	                             "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fworker"
	                             "&RoleSessionName=vidmill&Version=2011-06-15"
	                             "&WebIdentityToken=e30.e30.a%2Bb%2F%3D"));
	peer_stop(sts);
}
END_TEST

#define STS_REFUSAL(status, code)                                                                  \
	"HTTP/1.1 " status " No\r\nconnection: close\r\n\r\n<ErrorResponse><Error><Type>Sender</Type>" \
	"<Code>" code                                                                                  \
	"</Code><Message>Not so.</Message></Error><RequestId>1</RequestId></ErrorResponse>"

static const struct {
	const char *answer;
	int status;
} refusals[] = {
    {STS_REFUSAL("400", "ExpiredTokenException"), VM_ERR_DENIED},
    {STS_REFUSAL("400", "InvalidIdentityToken"), VM_ERR_DENIED},
    {STS_REFUSAL("403", "AccessDenied"), VM_ERR_DENIED},
    {STS_REFUSAL("404", "NoSuchThing"), VM_ERR_DENIED},
    {STS_REFUSAL("400", "Throttling"), VM_ERR_THROTTLED},
    {STS_REFUSAL("503", "ServiceUnavailable"), VM_ERR_UNAVAILABLE},
    {"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<nothing/>", VM_ERR_UNAVAILABLE},
    {"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nno xml", VM_ERR_UNAVAILABLE},
};

/* It was meant, so nobody else is asked: that would be another identity. */
START_TEST(a_web_identity_that_is_refused)
{
	const struct peer_step steps[] = {{PEER_CLOSE, refusals[_i].answer, 0}};
	struct peer *sts = PEER_START(steps);

	be_somebody(sts);
	place_set("AWS_CONTAINER_CREDENTIALS_FULL_URI", peer_url(sts));
	assert_fails(refusals[_i].status, "assume the role of AWS_ROLE_ARN");
	ck_assert_uint_eq(peer_requests(sts), 1);
	peer_stop(sts);
}
END_TEST

START_TEST(a_web_identity_that_is_half_configured)
{
	place_set("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/jwt");
	assert_fails(VM_ERR_CONFIG, "AWS_ROLE_ARN");
	place_set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/worker");
	assert_fails(VM_ERR_CONFIG, "/nowhere/jwt");
}
END_TEST

#define LENGTH(array) (int)(sizeof(array) / sizeof *(array))

int main(void)
{
	TCase *tests = tcase_create("chain");

	tcase_add_checked_fixture(tests, chain_open, chain_close);
	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, nothing_is_configured);
	tcase_add_test(tests, no_machine_answers);
	tcase_add_loop_test(tests, the_first_that_is_configured_is_taken, 0, 5);
	tcase_add_loop_test(tests, half_a_pair_is_told, 0, 2);
	tcase_add_test(tests, keys_that_break_a_line_are_refused);
	tcase_add_loop_test(tests, only_what_is_near_is_asked_over_plain_http, 0, LENGTH(places));
	tcase_add_test(tests, the_containers_token_is_sent_and_read_anew);
	tcase_add_loop_test(tests, a_token_of_more_than_one_line_is_not_sent, 0,
	                    2 * LENGTH(bad_tokens));
	tcase_add_loop_test(tests, what_the_container_says_amiss_is_for_later, 0, LENGTH(bad_answers));
	tcase_add_test(tests, the_machine_is_asked_in_a_session);
	tcase_add_test(tests, a_machine_without_a_role);
	tcase_add_test(tests, a_web_identity_becomes_a_role);
	tcase_add_loop_test(tests, a_web_identity_that_is_refused, 0, LENGTH(refusals));
	tcase_add_test(tests, a_web_identity_that_is_half_configured);
	return run_tests(tests, "chain");
}
