/* test_exchange.c - what is sent, and what comes back. */
#include <string.h>

#include "line.h"

START_TEST(an_answer_comes_in_full)
{
	static const struct peer_step steps[] = {{PEER_ANSWER, OK_HELLO, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line.answer.status, 200);
	ck_assert_str_eq(line.answer.body.bytes, "hello");
	ck_assert_str_eq(http_headers_find(&line.answer.headers, "x-name"), "a b");
	peer_stop(peer);
}
END_TEST

START_TEST(headers_are_sent_as_they_are)
{
	static const struct peer_step steps[] = {{PEER_ANSWER, OK_EMPTY, 0}};
	struct peer *peer = PEER_START(steps);
	struct http_headers headers = {0};
	struct http_request request = {
	    .method = "PUT", .headers = &headers, .body = "bytes", .length = 5};
	const char *sent;

	ck_assert_int_eq(http_headers_add(&headers, NULL, "x-empty", "%s", ""), VM_OK);
	ck_assert_int_eq(http_headers_add(&headers, NULL, "x-twice", "1"), VM_OK);
	ck_assert_int_eq(http_headers_add(&headers, NULL, "x-twice", "2; a=\"%%s\""), VM_OK);
	snprintf(line.url, sizeof line.url, "%s/a/../%%C3%%BC+;=?x=%%2B&y", peer_url(peer));
	request.url = line.url;
	ck_assert_int_eq(http_exchange(line.http, &request, &line.answer, NULL, NULL), VM_OK);
	sent = peer_request(peer, 0);
	ck_assert_ptr_eq(strstr(sent, "PUT /a/../%C3%BC+;=?x=%2B&y HTTP/1.1\r\n"), sent);
	ck_assert_ptr_nonnull(strstr(sent, "\r\nx-empty:\r\n"));
	ck_assert_ptr_nonnull(strstr(sent, "\r\nx-twice: 1\r\nx-twice: 2; a=\"%s\"\r\n"));
	ck_assert_ptr_nonnull(strcasestr(sent, "\r\ncontent-length: 5\r\n"));
	ck_assert_ptr_nonnull(strstr(sent, "\r\n\r\nbytes"));
	/* A signature covers what the caller said, and nothing is called a form. */
	ck_assert_ptr_null(strcasestr(sent, "content-type"));
	ck_assert_ptr_null(strcasestr(sent, "accept-encoding"));
	http_headers_finish(&headers);
	peer_stop(peer);
}
END_TEST

START_TEST(connections_are_kept)
{
	static const struct peer_step steps[] = {
	    {PEER_ANSWER, OK_HELLO, 0},
	    {PEER_ANSWER, "HTTP/1.1 404 No\r\ncontent-length: 2\r\n\r\nno", 0},
	    {PEER_ANSWER, OK_EMPTY, 0},
	    {PEER_ANSWER, "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", 0},
	    {PEER_ANSWER, OK_HELLO, 0},
	};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line_ask("DELETE", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line.answer.status, 404);
	ck_assert_str_eq(line.answer.body.bytes, "no");
	ck_assert_int_eq(line_send("POST", peer_url(peer), "a", 1, NULL), VM_OK);
	ck_assert_uint_eq(line.answer.body.length, 0);
	/* HEAD tells of a length that does not come. */
	ck_assert_int_eq(line_ask("HEAD", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_str_eq(line.answer.body.bytes, "hello");
	ck_assert_uint_eq(peer_connections(peer), 1);
	peer_stop(peer);
}
END_TEST

/* Taken by nobody's eyes but at the next request, as S3 does it after some seconds. */
START_TEST(a_kept_connection_that_was_closed_is_made_anew)
{
	static const struct peer_step steps[] = {{PEER_CLOSE, OK_HELLO, 0}, {PEER_ANSWER, OK_HELLO, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line_send("PUT", peer_url(peer), "a", 1, NULL), VM_OK);
	ck_assert_uint_eq(peer_connections(peer), 2);
	ck_assert_uint_eq(peer_requests(peer), 2);
	peer_stop(peer);
}
END_TEST

START_TEST(a_kept_connection_that_closes_upon_the_request_is_made_anew)
{
	static const struct peer_step steps[] = {
	    {PEER_ANSWER, OK_HELLO, 0}, {PEER_CLOSE, NULL, 0}, {PEER_ANSWER, OK_HELLO, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line_send("PUT", peer_url(peer), "bytes", 5, NULL), VM_OK);
	ck_assert_uint_eq(peer_connections(peer), 2);
	ck_assert_ptr_nonnull(strstr(peer_request(peer, 2), "\r\n\r\nbytes"));
	peer_stop(peer);
}
END_TEST

static int send_once(const struct peer *peer)
{
	char url[128];
	const struct http_request request = {
	    .method = "PUT", .url = url, .body = "bytes", .length = 5, .once = true};

	snprintf(url, sizeof url, "%s/a", peer_url(peer));
	return http_exchange(line.http, &request, &line.answer, NULL, &line.err);
}

/* The peer has read the request, and may have done what it says. */
START_TEST(what_is_to_be_sent_once_is)
{
	static const struct peer_step steps[] = {
	    {PEER_ANSWER, OK_HELLO, 0}, {PEER_CLOSE, NULL, 0}, {PEER_ANSWER, OK_HELLO, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(send_once(peer), VM_ERR_TIMEOUT);
	ck_assert_str_eq(line.err.message, "the connection was closed before an answer");
	ck_assert_uint_eq(peer_requests(peer), 2);
	ck_assert_int_eq(send_once(peer), VM_OK);
	peer_stop(peer);
}
END_TEST

START_TEST(what_is_to_be_sent_once_may_find_a_connection_closed)
{
	static const struct peer_step steps[] = {{PEER_CLOSE, OK_HELLO, 0}, {PEER_ANSWER, OK_HELLO, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	peer_wait_closed(peer, 1);
	ck_assert_int_eq(send_once(peer), VM_OK);
	peer_stop(peer);
}
END_TEST

START_TEST(redirects_are_not_followed)
{
	static const struct peer_step steps[] = {
	    {PEER_ANSWER, "HTTP/1.1 307 Go\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n", 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line.answer.status, 307);
	ck_assert_uint_eq(peer_requests(peer), 1);
	peer_stop(peer);
}
END_TEST

START_TEST(what_goes_before_an_answer_is_not_part_of_it)
{
	static const struct peer_step steps[] = {
	    {PEER_ANSWER, "HTTP/1.1 100 Continue\r\nx-early: 1\r\n\r\n" OK_HELLO, 0}};
	static char body[2 << 20];
	struct peer *peer = PEER_START(steps);

	memset(body, 'b', sizeof body);
	ck_assert_int_eq(line_send("PUT", peer_url(peer), body, sizeof body, NULL), VM_OK);
	ck_assert_int_eq(line.answer.status, 200);
	ck_assert_ptr_null(http_headers_find(&line.answer.headers, "x-early"));
	/* Nobody waits for leave to send. */
	ck_assert_ptr_null(strcasestr(peer_request(peer, 0), "\r\nexpect"));
	peer_stop(peer);
}
END_TEST

struct count {
	struct vm_sink sink;
	size_t bytes, most;
};

static int count_bytes(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct count *count = (struct count *)sink;

	(void)bytes;
	count->bytes += length;
	return count->bytes > count->most ? vm_fail(err, VM_ERR_LIMIT, "enough") : VM_OK;
}

static int ask_into(struct count *count, const char *url, size_t most)
{
	const struct http_request request = {
	    .method = "GET", .url = url, .sink = &count->sink, .direct = true};

	*count = (struct count){.sink.write = count_bytes, .most = most};
	return http_exchange(line.http, &request, &line.answer, NULL, &line.err);
}

START_TEST(a_large_body_goes_into_the_sink)
{
	static const struct peer_step steps[] = {
	    {PEER_ANSWER, "HTTP/1.1 206 OK\r\ncontent-length: 134217728\r\n\r\n", (size_t)128 << 20},
	    {PEER_ANSWER, "HTTP/1.1 206 OK\r\ncontent-length: 8388608\r\n\r\n", (size_t)8 << 20},
	    {PEER_ANSWER, "HTTP/1.1 403 No\r\ncontent-length: 2\r\n\r\nno", 0},
	    {PEER_ANSWER, "HTTP/1.1 200 OK\r\ncontent-length: 67108865\r\n\r\n",
	     ((size_t)64 << 20) + 1},
	};
	struct peer *peer = PEER_START(steps);
	struct count count;

	ck_assert_int_eq(ask_into(&count, peer_url(peer), SIZE_MAX), VM_OK);
	ck_assert_uint_eq(count.bytes, (size_t)128 << 20);
	ck_assert_int_eq(ask_into(&count, peer_url(peer), 1000), VM_ERR_LIMIT);
	ck_assert_str_eq(line.err.message, "enough");
	/* A refusal is read as one, and is none of the sink's. */
	ck_assert_int_eq(ask_into(&count, peer_url(peer), SIZE_MAX), VM_OK);
	ck_assert_uint_eq(count.bytes, 0);
	ck_assert_str_eq(line.answer.body.bytes, "no");
	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_ERR_LIMIT);
	peer_stop(peer);
}
END_TEST

START_TEST(a_proxy_is_used_unless_the_way_is_direct)
{
	static const struct peer_step steps[] = {{PEER_ANSWER, OK_HELLO, 0}};
	struct peer *proxy = PEER_START(steps), *peer = PEER_START(steps);
	struct http_request request = {.method = "GET", .url = line.url};

	ck_assert_int_eq(setenv("http_proxy", peer_url(proxy), 1), 0);
	ck_assert_int_eq(unsetenv("no_proxy") + unsetenv("NO_PROXY"), 0);
	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_uint_eq(peer_requests(proxy), 0);
	ck_assert_int_eq(http_exchange(line.http, &request, &line.answer, NULL, NULL), VM_OK);
	ck_assert_uint_eq(peer_requests(proxy), 1);
	ck_assert_uint_eq(peer_requests(peer), 1);
	peer_stop(peer);
	peer_stop(proxy);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("exchange");

	tcase_add_checked_fixture(tests, line_open, line_close);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, an_answer_comes_in_full);
	tcase_add_test(tests, headers_are_sent_as_they_are);
	tcase_add_test(tests, connections_are_kept);
	tcase_add_test(tests, a_kept_connection_that_was_closed_is_made_anew);
	tcase_add_test(tests, a_kept_connection_that_closes_upon_the_request_is_made_anew);
	tcase_add_test(tests, what_is_to_be_sent_once_is);
	tcase_add_test(tests, what_is_to_be_sent_once_may_find_a_connection_closed);
	tcase_add_test(tests, redirects_are_not_followed);
	tcase_add_test(tests, what_goes_before_an_answer_is_not_part_of_it);
	tcase_add_test(tests, a_large_body_goes_into_the_sink);
	tcase_add_test(tests, a_proxy_is_used_unless_the_way_is_direct);
	return run_tests(tests, "exchange");
}
