/* test_http.c - who is let in, what is too much, and how a stop goes. */
#include "run.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake.h"
#include "support/clock.h"
#include "wire.h"

#define ALPHA "8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8"
#define JSON "Content-Type: application/json\r\n"

static struct fake fake;

static void start(const char *tokens, const struct http_limits *limits)
{
	fake_start(&fake, &(struct fake_options){.tokens = tokens, .limits = limits});
}

static void stop(void)
{
	fake_stop(&fake);
}

/* Asks, and checks the status and that the detail says something. */
static void expect(int status, const char *line, const char *headers, const char *body,
                   const char *detail)
{
	struct wire_answer answer;

	wire_ask(fake.port, line, headers, body, &answer);
	ck_assert_msg(answer.status == status, "%s: %d: %s", line, answer.status, answer.body);
	if (status >= 400) {
		ck_assert_str_eq(wire_header(&answer, "Content-Type"), "application/problem+json");
		ck_assert_msg(strstr(answer.body, detail) != NULL, "%s: %s", line, answer.body);
	}
	ck_assert_str_eq(wire_header(&answer, "X-Content-Type-Options"), "nosniff");
	wire_free(&answer);
}

START_TEST(without_tokens_everybody_on_this_machine_is_let_in)
{
	start(NULL, NULL);
	expect(200, "GET /v1/videos", "", NULL, "");
	expect(200, "GET /metrics", "", NULL, "");
	stop();
}
END_TEST

START_TEST(without_tokens_pages_of_other_sites_are_not)
{
	start(NULL, NULL);
	expect(403, "POST /v1/videos", "Origin: http://evil.example\r\n", NULL, "other sites");
	expect(403, "POST /v1/videos", "Origin: null\r\n", NULL, "other sites");
	expect(403, "GET /v1/videos", "Host: evil.example:8080\r\n", NULL, "Host");
	expect(201, "POST /v1/videos", "Host: 127.0.0.1:1\r\nOrigin: http://127.0.0.1:1\r\n", NULL, "");
	expect(200, "GET /v1/videos", "Host: [::1]:8080\r\n", NULL, "");
	stop();
}
END_TEST

START_TEST(the_public_name_is_its_own)
{
	fake_start(&fake, &(struct fake_options){.public_url = "https://video.example/"});
	expect(200, "GET /v1/videos", "Host: Video.example\r\n", NULL, "");
	expect(403, "GET /v1/videos", "Host: video.example.evil\r\n", NULL, "Host");
	stop();
}
END_TEST

START_TEST(with_tokens_a_token_is_asked_for)
{
	struct wire_answer answer;

	start("ann:" ALPHA, NULL);
	expect(200, "GET /v1/videos", "Authorization: Bearer alpha\r\n", NULL, "");
	expect(200, "GET /v1/videos", "Authorization: bearer alpha\r\n", NULL, "");
	expect(401, "GET /v1/videos", "", NULL, "send a token");
	expect(401, "GET /v1/videos", "Authorization: Bearer beta\r\n", NULL, "not known");
	expect(401, "GET /v1/videos", "Authorization: Bearer \r\n", NULL, "not known");
	expect(401, "GET /v1/videos", "Authorization: Basic alpha\r\n", NULL, "not known");
	expect(401, "GET /metrics", "", NULL, "send a token");
	expect(200, "GET /healthz", "", NULL, "");
	expect(200, "GET /readyz", "", NULL, "");
	wire_ask(fake.port, "GET /v1/videos", "", NULL, &answer);
	ck_assert_str_eq(wire_header(&answer, "WWW-Authenticate"), "Bearer realm=\"vidmill\"");
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(a_stranger_is_refused_before_its_body_is_read)
{
	const char *head = "POST /v1/videos HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n" JSON "\r\n";
	struct wire_answer answer;
	int socket;

	start("ann:" ALPHA, NULL);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	shutdown(socket, SHUT_WR);
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 401);
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(unknown_paths_and_methods_are_told_apart)
{
	struct wire_answer answer;

	start(NULL, NULL);
	expect(404, "GET /nothing", "", NULL, "no such path");
	expect(404, "GET /v1/videos/%ff%80", "", NULL, "there is no video ??");
	expect(404, "GET /v1/videos/not-an-id", "", NULL, "no video");
	expect(404, "GET /v1/videos/00112233445566778899aabbccddeeff", "", NULL, "no video");
	wire_ask(fake.port, "PATCH /v1/videos", "", NULL, &answer);
	ck_assert_int_eq(answer.status, 405);
	ck_assert_str_eq(wire_header(&answer, "Allow"), "POST, GET, HEAD");
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(a_connection_outlives_a_refusal)
{
	const char *both = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"
	                   "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	char seen[4096];
	int socket;

	start(NULL, NULL);
	socket = wire_connect(fake.port);
	wire_send(socket, both, strlen(both));
	ck_assert(wire_wait(socket, "alive", seen, sizeof seen));
	ck_assert_ptr_nonnull(strstr(seen, "HTTP/1.1 404"));
	close(socket);
	stop();
}
END_TEST

START_TEST(bodies_are_checked)
{
	char large[70000];

	start(NULL, NULL);
	memset(large, ' ', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	expect(413, "POST /v1/videos", JSON, large, "65536 bytes");
	expect(415, "POST /v1/videos", "Content-Type: text/plain\r\n", "{}", "application/json");
	expect(415, "POST /v1/videos", "Content-Type: application/jsonx\r\n", "{}", "application/json");
	expect(415, "POST /v1/videos", "", "{}", "application/json");
	expect(400, "POST /v1/videos", JSON, "{", "no JSON object");
	expect(400, "POST /v1/videos", JSON, "[]", "no JSON object");
	expect(400, "POST /v1/videos", JSON, "{\"name\":\"a\",\"name\":\"b\"}", "no JSON object");
	expect(201, "POST /v1/videos", "Content-Type: application/json; charset=utf-8\r\n", "{}", "");
	stop();
}
END_TEST

START_TEST(a_chunked_body_is_bounded_too)
{
	const char *head = "POST /v1/videos HTTP/1.1\r\nHost: localhost\r\n" JSON
	                   "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
	char chunk[10000];
	struct wire_answer answer;
	int socket;

	start(NULL, NULL);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	memset(chunk, ' ', sizeof chunk);
	for (int i = 0; i < 20; i++) {
		wire_send(socket, "2710\r\n", 6);
		wire_send(socket, chunk, sizeof chunk);
		wire_send(socket, "\r\n", 2);
	}
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 413);
	ck_assert_ptr_nonnull(strstr(answer.body, "65536 bytes"));
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(heads_are_bounded)
{
	char line[4096] = "GET /v1/videos/";
	char header[20000] = "X-Long: ";

	start(NULL, NULL);
	memset(line + strlen(line), 'a', 3000);
	expect(414, line, "", NULL, "2048 bytes");
	memset(header + strlen(header), 'a', 19000);
	memcpy(header + strlen(header), "\r\n", 3);
	expect(431, "GET /v1/videos", header, NULL, "16384 bytes");
	stop();
}
END_TEST

START_TEST(a_place_that_is_down_is_a_503_that_promises_nothing)
{
	struct wire_answer answer;

	start(NULL, NULL);
	fake_fail("put_document", VM_ERR_UNAVAILABLE, "put a: disk is full");
	wire_ask(fake.port, "POST /v1/videos", "", NULL, &answer);
	ck_assert_int_eq(answer.status, 503);
	ck_assert_str_eq(wire_header(&answer, "Retry-After"), "5");
	ck_assert_ptr_nonnull(strstr(answer.body, "disk is full; nothing was promised"));
	wire_free(&answer);
	fake_fail("put_document", VM_ERR_CONFIG, "put a: a read-only file system");
	expect(503, "POST /v1/videos", "", NULL, "has to look at it");
	fake_fail("put_document", VM_ERR_BUG, "put a: no such table");
	expect(500, "POST /v1/videos", "", NULL, "has to look at it");
	stop();
}
END_TEST

START_TEST(a_stop_waits_for_what_is_in_hand)
{
	const char *head = "POST /v1/videos HTTP/1.1\r\nHost: localhost\r\n" JSON
	                   "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
	struct wire_answer answer;
	char seen[4096];
	int socket;

	start(NULL, NULL);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	ck_assert(wire_wait(socket, "100 Continue", seen, sizeof seen));
	fake.http->stopping = true;
	wire_send(socket, "{}", 2);
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 201);
	ck_assert_str_eq(wire_header(&answer, "Connection"), "close");
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(a_stop_ends_what_does_not_end_by_itself)
{
	const char *head = "POST /v1/videos HTTP/1.1\r\nHost: localhost\r\n" JSON
	                   "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
	struct wire_answer answer;
	int64_t begun_ms;
	char seen[4096];
	int socket;

	start(NULL, NULL);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	ck_assert(wire_wait(socket, "100 Continue", seen, sizeof seen));
	begun_ms = clock_monotonic_ms();
	http_stop(fake.http, 100);
	fake.http = NULL;
	ck_assert_int_lt(clock_monotonic_ms() - begun_ms, 10000);
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 0);
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(a_start_that_cannot_be_leaves_nothing)
{
	struct http *http = NULL;
	char address[128];
	struct vm_error err;

	start(NULL, NULL);
	fake.pipeline.server.listen = fake.address + strlen("http://");
	ck_assert_int_eq(http_start(&fake.server, &http, address, sizeof address, &err), VM_ERR_CONFIG);
	ck_assert_ptr_null(http);
	fake.pipeline.server.listen = "0.0.0.0:0";
	ck_assert_int_eq(http_start(&fake.server, &http, address, sizeof address, &err), VM_ERR_CONFIG);
	ck_assert_ptr_nonnull(strstr(err.message, "server.tokens"));
	fake.pipeline.server.listen = "127.0.0.1:0";
	fake.pipeline.server.tokens = "nonsense";
	ck_assert_int_eq(http_start(&fake.server, &http, address, sizeof address, &err), VM_ERR_CONFIG);
	stop();
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("http");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, without_tokens_everybody_on_this_machine_is_let_in);
	tcase_add_test(tests, without_tokens_pages_of_other_sites_are_not);
	tcase_add_test(tests, the_public_name_is_its_own);
	tcase_add_test(tests, with_tokens_a_token_is_asked_for);
	tcase_add_test(tests, a_stranger_is_refused_before_its_body_is_read);
	tcase_add_test(tests, unknown_paths_and_methods_are_told_apart);
	tcase_add_test(tests, a_connection_outlives_a_refusal);
	tcase_add_test(tests, bodies_are_checked);
	tcase_add_test(tests, a_chunked_body_is_bounded_too);
	tcase_add_test(tests, heads_are_bounded);
	tcase_add_test(tests, a_place_that_is_down_is_a_503_that_promises_nothing);
	tcase_add_test(tests, a_stop_waits_for_what_is_in_hand);
	tcase_add_test(tests, a_stop_ends_what_does_not_end_by_itself);
	tcase_add_test(tests, a_start_that_cannot_be_leaves_nothing);
	return run_tests(tests, "http");
}
