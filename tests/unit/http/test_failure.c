/* test_failure.c - no answer: what may have happened, and how soon one knows. */
#include <netdb.h>
#include <string.h>
#include <time.h>

#include "line.h"

/* Seconds which it takes to find the address of a name; libcurl asks here. */
static unsigned resolver_s;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
	const struct timespec pause = {.tv_sec = resolver_s};

	(void)node;
	(void)service;
	(void)hints;
	(void)out;
	nanosleep(&pause, NULL);
	return EAI_AGAIN;
}

START_TEST(nobody_listens)
{
	static const struct peer_step steps[] = {{PEER_ANSWER, OK_EMPTY, 0}};
	struct peer *peer = PEER_START(steps);
	char url[64];

	snprintf(url, sizeof url, "%s", peer_url(peer));
	peer_stop(peer);
	ck_assert_int_eq(line_send("PUT", url, "a", 1, NULL), VM_ERR_UNAVAILABLE);
	ck_assert_int_eq(line.err.status, VM_ERR_UNAVAILABLE);
	ck_assert_ptr_nonnull(strcasestr(line.err.message, "connect"));
}
END_TEST

START_TEST(a_name_that_is_not_found)
{
	ck_assert_int_eq(line_send("PUT", "http://nobody.example", "a", 1, NULL), VM_ERR_UNAVAILABLE);
}
END_TEST

static const struct {
	struct peer_step step;
	int of_get, of_put;
} breaks[] = {
    {{PEER_RESET, NULL, 0}, VM_ERR_UNAVAILABLE, VM_ERR_TIMEOUT},
    {{PEER_CLOSE, NULL, 0}, VM_ERR_UNAVAILABLE, VM_ERR_TIMEOUT},
    {{PEER_CLOSE, "HTTP/1.1 200 O", 0}, VM_ERR_UNAVAILABLE, VM_ERR_TIMEOUT},
    {{PEER_CLOSE, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", 0},
     VM_ERR_UNAVAILABLE,
     VM_ERR_TIMEOUT},
    {{PEER_RESET, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", 0},
     VM_ERR_UNAVAILABLE,
     VM_ERR_TIMEOUT},
    {{PEER_CLOSE, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", 0},
     VM_ERR_UNAVAILABLE,
     VM_ERR_TIMEOUT},
    {{PEER_CLOSE, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n", 0},
     VM_ERR_UNAVAILABLE,
     VM_ERR_TIMEOUT},
    /* Something else listens there, or a proxy is out of order: no word about the pipeline file. */
    {{PEER_CLOSE, "SSH-2.0-OpenSSH_9.2\r\n", 0}, VM_ERR_UNAVAILABLE, VM_ERR_TIMEOUT},
    {{PEER_CLOSE, "HTTP/1.1 200 OK\r\ncontent-length: -7\r\n\r\n", 0},
     VM_ERR_UNAVAILABLE,
     VM_ERR_TIMEOUT},
    {{PEER_STAY, NULL, 0}, VM_ERR_TIMEOUT, VM_ERR_TIMEOUT},
};

START_TEST(an_answer_that_does_not_come_in_full)
{
	const struct peer_step steps[] = {breaks[_i].step, breaks[_i].step};
	struct peer *peer = PEER_START(steps);
	int64_t start_ms = patience_now_ms();

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), breaks[_i].of_get);
	ck_assert_int_eq(line_send("PUT", peer_url(peer), "a", 1, NULL), breaks[_i].of_put);
	ck_assert_int_eq(line.err.status, breaks[_i].of_put);
	ck_assert_int_lt(patience_now_ms() - start_ms, 10000);
	ck_assert_uint_eq(peer_requests(peer), 2);
	peer_stop(peer);
}
END_TEST

/* libcurl takes the mean of five seconds, so that it is six until a second was quiet. */
START_TEST(an_answer_that_stops)
{
	static const struct peer_step steps[] = {
	    {PEER_STAY, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", 0}};
	struct peer *peer = PEER_START(steps);
	int64_t start_ms = patience_now_ms();

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_ERR_TIMEOUT);
	ck_assert_int_lt(patience_now_ms() - start_ms, 12000);
	peer_stop(peer);
}
END_TEST

/* The first try may have been heard, so it is no matter that the second one was not. */
START_TEST(a_kept_connection_breaks_and_then_nobody_listens)
{
	static const struct peer_step steps[] = {{PEER_ANSWER, OK_EMPTY, 0}, {PEER_VANISH, NULL, 0}};
	struct peer *peer = PEER_START(steps);

	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_int_eq(line_send("PUT", peer_url(peer), "a", 1, NULL), VM_ERR_TIMEOUT);
	peer_stop(peer);
}
END_TEST

START_TEST(a_connection_that_never_stands)
{
	int64_t start_ms = patience_now_ms();

	ck_assert_int_eq(line_send("PUT", peer_deaf_url(false), "a", 1, NULL), VM_ERR_UNAVAILABLE);
	ck_assert_int_lt(patience_now_ms() - start_ms, 5000);
}
END_TEST

START_TEST(the_deadline_of_the_call)
{
	static const struct peer_step steps[] = {{PEER_STAY, NULL, 0}};
	struct peer *peer = PEER_START(steps);
	struct patience patience;

	patience_start(&patience, 300);
	ck_assert_int_eq(line_ask("GET", peer_url(peer), &patience.call), VM_ERR_TIMEOUT);
	/* Not sent at all. */
	ck_assert_int_eq(line_ask("GET", peer_url(peer), &patience.call), VM_ERR_TIMEOUT);
	ck_assert_uint_eq(peer_requests(peer), 1);
	patience_finish(&patience);
	peer_stop(peer);
}
END_TEST

/* Within a second of it, and within two for a machine that is busy. */
static void assert_cancels(const char *method, const char *url, size_t length, bool with_fd)
{
	static char body[32 << 20];
	struct patience patience;
	int64_t start_ms = patience_now_ms();

	patience_cancel_after(&patience, 200, with_fd);
	ck_assert_int_eq(line_send(method, url, body, length, &patience.call), VM_ERR_CANCELLED);
	ck_assert_int_lt(patience_now_ms() - start_ms, 200 + 2000);
	patience_finish(&patience);
}

/* Longer than any of these waits by itself. */
static void open_patient(void)
{
	const struct http_settings settings = {.connect_ms = 30000, .quiet_ms = 30000};

	line = (struct line){0};
	ck_assert_int_eq(http_create(&settings, &line.http, NULL), VM_OK);
}

START_TEST(cancelled_while_a_name_is_looked_up)
{
	resolver_s = 6;
	assert_cancels("GET", "http://nobody.example", 0, _i == 0);
}
END_TEST

START_TEST(cancelled_while_it_connects)
{
	assert_cancels("GET", peer_deaf_url(false), 0, _i == 0);
}
END_TEST

START_TEST(cancelled_while_it_sends)
{
	assert_cancels("PUT", peer_deaf_url(true), 32 << 20, _i == 0);
}
END_TEST

START_TEST(cancelled_while_it_waits)
{
	assert_cancels("GET", peer_deaf_url(true), 0, _i == 0);
}
END_TEST

START_TEST(cancelled_while_it_receives)
{
	static const struct peer_step steps[] = {
	    {PEER_STAY, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", 0},
	    {PEER_ANSWER, OK_HELLO, 0},
	};
	struct peer *peer = PEER_START(steps);

	assert_cancels("GET", peer_url(peer), 0, _i == 0);
	/* The rest of the old answer is not taken for the next one. */
	ck_assert_int_eq(line_ask("GET", peer_url(peer), NULL), VM_OK);
	ck_assert_str_eq(line.answer.body.bytes, "hello");
	ck_assert_uint_eq(peer_connections(peer), 2);
	peer_stop(peer);
}
END_TEST

static const char *const no_addresses[] = {"ftp://127.0.0.1", "file:///etc/passwd", "http://a b",
                                           "http://127.0.0.1/\r\nx: y", "http://127.0.0.1:99999"};

START_TEST(no_address)
{
	ck_assert_int_eq(line_ask("GET", no_addresses[_i], NULL), VM_ERR_CONFIG);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("failure"), *patient = tcase_create("cancelled");
	Suite *suite = suite_create("failure");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tests, line_open, line_close);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, nobody_listens);
	tcase_add_test(tests, a_name_that_is_not_found);
	tcase_add_loop_test(tests, an_answer_that_does_not_come_in_full, 0,
	                    sizeof breaks / sizeof *breaks);
	tcase_add_test(tests, an_answer_that_stops);
	tcase_add_test(tests, a_kept_connection_breaks_and_then_nobody_listens);
	tcase_add_test(tests, a_connection_that_never_stands);
	tcase_add_test(tests, the_deadline_of_the_call);
	tcase_add_loop_test(tests, no_address, 0, sizeof no_addresses / sizeof *no_addresses);
	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(patient, open_patient, line_close);
	tcase_set_timeout(patient, 60);
	tcase_add_loop_test(patient, cancelled_while_a_name_is_looked_up, 0, 2);
	tcase_add_loop_test(patient, cancelled_while_it_connects, 0, 2);
	tcase_add_loop_test(patient, cancelled_while_it_sends, 0, 2);
	tcase_add_loop_test(patient, cancelled_while_it_waits, 0, 2);
	tcase_add_loop_test(patient, cancelled_while_it_receives, 0, 2);
	suite_add_tcase(suite, patient);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
