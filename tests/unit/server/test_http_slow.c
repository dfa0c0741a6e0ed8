/* test_http_slow.c - clients that say nothing, or too little, or come in too great a number. */
#include "run.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake.h"
#include "support/clock.h"
#include "wire.h"

#define JSON "Content-Type: application/json\r\n"

static struct fake fake;

static void start(const struct http_limits *limits)
{
	fake_start(&fake, &(struct fake_options){.limits = limits});
}

static void stop(void)
{
	fake_stop(&fake);
}

static void expect_alive(void)
{
	struct wire_answer answer;

	wire_ask(fake.port, "GET /healthz", "", NULL, &answer);
	ck_assert_int_eq(answer.status, 200);
	wire_free(&answer);
}

START_TEST(a_silent_client_is_let_go)
{
	struct http_limits limits = http_default_limits;
	const char *half = "GET /v1/videos HTTP/1.1\r\nHost: localh";
	struct wire_answer answer;
	int64_t begun_ms;
	int socket;

	limits.idle_s = 1;
	start(&limits);
	socket = wire_connect(fake.port);
	wire_send(socket, half, strlen(half));
	begun_ms = clock_monotonic_ms();
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 0);
	ck_assert_int_ge(clock_monotonic_ms() - begun_ms, 900);
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(a_body_that_trickles_is_given_up)
{
	struct http_limits limits = http_default_limits;
	const char *head = "POST /v1/videos HTTP/1.1\r\nHost: localhost\r\n" JSON
	                   "Content-Length: 1000\r\n\r\n";
	struct wire_answer answer;
	int64_t begun_ms = clock_monotonic_ms();
	int socket;

	limits.body_ms = 300;
	start(&limits);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	while (clock_monotonic_ms() - begun_ms < 400) {
		wire_send(socket, " ", 1);
		cancel_sleep_ms(NULL, 10);
	}
	wire_send(socket, " ", 1);
	shutdown(socket, SHUT_WR);
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 408);
	wire_free(&answer);
	stop();
}
END_TEST

/* Sends `text` byte by byte, over and over, until the server closes: that long it took. */
static int64_t trickle(int socket, const char *text)
{
	int64_t begun_ms = clock_monotonic_ms();
	char answer[256];

	for (size_t i = 0; clock_monotonic_ms() - begun_ms < 30000; i++) {
		if (send(socket, &text[i % strlen(text)], 1, MSG_NOSIGNAL) < 0 ||
		    recv(socket, answer, sizeof answer, MSG_DONTWAIT) == 0)
			break;
		cancel_sleep_ms(NULL, 10);
	}
	close(socket);
	return clock_monotonic_ms() - begun_ms;
}

START_TEST(a_head_that_trickles_is_given_up)
{
	const char *line = "GET /healthz HTTP/1.1\r\nHost: a\r\n", *request = "\r\n";
	struct http_limits limits = http_default_limits;
	char seen[4096];
	int socket;

	limits.head_ms = 500;
	start(&limits);
	socket = wire_connect(fake.port);
	wire_send(socket, line, strlen(line));
	ck_assert_int_lt(trickle(socket, "A: b\r\n"), 20000);
	/* Also the next one on a connection that was served. */
	socket = wire_connect(fake.port);
	wire_send(socket, line, strlen(line));
	wire_send(socket, request, strlen(request));
	ck_assert(wire_wait(socket, "alive", seen, sizeof seen));
	wire_send(socket, line, strlen(line));
	ck_assert_int_lt(trickle(socket, "A: b\r\n"), 20000);
	expect_alive();
	stop();
}
END_TEST

START_TEST(a_request_in_hand_is_no_slow_head)
{
	const char *head = "POST /v1/videos HTTP/1.1\r\nHost: localhost\r\n" JSON
	                   "Connection: close\r\nContent-Length: 2\r\n\r\n";
	struct http_limits limits = http_default_limits;
	struct wire_answer answer;
	int socket;

	limits.head_ms = 200;
	start(&limits);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	cancel_sleep_ms(NULL, 600);
	wire_send(socket, "{}", 2);
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 201);
	wire_free(&answer);
	stop();
}
END_TEST

START_TEST(one_address_does_not_take_all_connections)
{
	const char *request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
	struct http_limits limits = http_default_limits;
	struct wire_answer answer = {0};
	char seen[4096];
	int sockets[2], socket;

	limits.connections_per_address = 2;
	start(&limits);
	for (int i = 0; i < 2; i++) {
		sockets[i] = wire_connect(fake.port);
		wire_send(sockets[i], request, strlen(request));
		ck_assert(wire_wait(sockets[i], "alive", seen, sizeof seen));
	}
	socket = wire_connect(fake.port);
	(void)!send(socket, request, strlen(request), MSG_NOSIGNAL);
	ck_assert(!wire_wait(socket, "alive", seen, sizeof seen));
	close(socket);
	close(sockets[0]);
	for (int n = 0; n < 2000 && answer.status != 200; n++) {
		socket = wire_connect(fake.port);
		(void)!send(socket, request, strlen(request), MSG_NOSIGNAL);
		if (wire_wait(socket, "alive", seen, sizeof seen))
			answer.status = 200;
		close(socket);
		cancel_sleep_ms(NULL, 5);
	}
	ck_assert_int_eq(answer.status, 200);
	close(sockets[1]);
	stop();
}
END_TEST

START_TEST(more_connections_than_allowed_are_not_served)
{
	const char *request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
	struct http_limits limits = http_default_limits;
	struct wire_answer answer = {0};
	int64_t until_ms;
	char seen[4096];
	int sockets[3];

	limits.connections = 3;
	start(&limits);
	for (int i = 0; i < 3; i++) {
		sockets[i] = wire_connect(fake.port);
		wire_send(sockets[i], request, strlen(request));
		ck_assert(wire_wait(sockets[i], "alive", seen, sizeof seen));
	}
	wire_ask(fake.port, "GET /healthz", "", NULL, &answer);
	ck_assert_int_eq(answer.status, 0);
	for (int i = 0; i < 3; i++)
		close(sockets[i]);
	until_ms = clock_monotonic_ms() + 30000;
	while (answer.status == 0 && clock_monotonic_ms() < until_ms) {
		wire_free(&answer);
		wire_ask(fake.port, "GET /healthz", "", NULL, &answer);
	}
	ck_assert_int_eq(answer.status, 200);
	wire_free(&answer);
	stop();
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("http_slow");

	tcase_add_test(tests, a_silent_client_is_let_go);
	tcase_add_test(tests, a_body_that_trickles_is_given_up);
	tcase_add_test(tests, a_head_that_trickles_is_given_up);
	tcase_add_test(tests, a_request_in_hand_is_no_slow_head);
	tcase_add_test(tests, one_address_does_not_take_all_connections);
	tcase_add_test(tests, more_connections_than_allowed_are_not_served);
	return run_tests(tests, "http_slow");
}
