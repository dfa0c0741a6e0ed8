/* test_api_uploads.c - a source sent to the server's own signed URL. */
#include "run.h"

#include <stdio.h>
#include <string.h>

#include "sending.h"
#include "support/cancel.h"
#include "wire.h"

START_TEST(a_source_is_stored_and_queued_before_the_answer)
{
	create("{\"bytes\":5}");
	expect(201, line, "", "hello", 5, "\"queued\"");
	expect_source("hello", 5);
	ck_assert_int_eq(state_now(), VIDEO_QUEUED);
	ck_assert_uint_eq(fake_queue_messages(fake.server.places.queue_unprocessed->self), 1);
	ck_assert_uint_eq(fake.server.counters.uploads_received, 1);
}
END_TEST

START_TEST(a_large_one_goes_in_parts)
{
	create("{}");
	expect(201, line, "", large, LARGE, "\"queued\"");
	expect_source(large, LARGE);
	ck_assert_uint_eq(uploads(), 0);
}
END_TEST

START_TEST(a_chunked_one_does_as_well)
{
	struct wire_answer answer;
	char head[1600];
	int socket;

	create("{}");
	snprintf(head, sizeof head,
	         "%s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
	         "Expect: 100-continue\r\n\r\n",
	         line);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	for (size_t at = 0; at < LARGE;) {
		size_t length = LARGE - at < 1000000 ? LARGE - at : 1000000;

		snprintf(head, sizeof head, "%zx\r\n", length);
		wire_send(socket, head, strlen(head));
		wire_send(socket, large + at, length);
		wire_send(socket, "\r\n", 2);
		at += length;
	}
	wire_send(socket, "0\r\n\r\n", 5);
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 201);
	wire_free(&answer);
	expect_source(large, LARGE);
}
END_TEST

START_TEST(an_empty_one_is_a_source_too)
{
	create("{}");
	expect(201, line, "", "", 0, "\"queued\"");
	expect_source("", 0);
}
END_TEST

START_TEST(a_url_works_once)
{
	create("{}");
	expect(201, line, "", "hello", 5, "\"queued\"");
	expect(412, line, "", "other", 5, "works once");
	expect(412, line, "", large, LARGE, "works once");
	expect_source("hello", 5);
	wait_until_clean();
}
END_TEST

START_TEST(of_two_at_once_one_wins)
{
	struct wire_answer answer;
	char head[1600];
	int first;

	create("{}");
	snprintf(head, sizeof head,
	         "%s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	         "Connection: close\r\nExpect: 100-continue\r\n\r\n",
	         line);
	first = wire_connect(fake.port);
	wire_send(first, head, strlen(head));
	ck_assert(wire_wait(first, "100 Continue", head, sizeof head));
	expect(201, line, "", "other", 5, "\"queued\"");
	wire_send(first, "hello", 5);
	wire_finish(first, &answer);
	ck_assert_int_eq(answer.status, 412);
	wire_free(&answer);
	expect_source("other", 5);
}
END_TEST

START_TEST(nothing_of_the_url_can_be_changed)
{
	struct upload_case {
		const char *from, *to;
	} cases[] = {{"signature=", "signature=0"},
	             {"bytes=5", "bytes=6"},
	             {"expires=1", "expires=2"},
	             {"signature=", "signatur="},
	             {"&bytes=5", ""}};

	create("{\"bytes\":5}");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char changed[1300];
		char *at = strstr(line, cases[i].from);

		ck_assert_ptr_nonnull(at);
		snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - line), line, cases[i].to,
		         at + strlen(cases[i].from));
		expect(403, changed, "", "hello", 5, "upload URL");
	}
	ck_assert_uint_eq(objects(), 0);
	ck_assert_int_eq(state_now(), VIDEO_AWAITING_UPLOAD);
}
END_TEST

START_TEST(an_expired_url_is_refused)
{
	fake.pipeline.server.upload_expires_ms = 1;
	create("{}");
	/* expiry is kept to the second, rounded up */
	cancel_sleep_ms(NULL, 1100);
	expect(403, line, "", "hello", 5, "expired");
	ck_assert_uint_eq(objects(), 0);
}
END_TEST

START_TEST(the_declared_length_is_held)
{
	create("{\"bytes\":5}");
	expect(413, line, "", "hello!", 6, "6 bytes are announced, 5 may come");
	expect(400, line, "", "hell", 4, "declared with 5");
	expect(413, line, "", large, LARGE, "5 may come");
	ck_assert_uint_eq(objects(), 0);
	expect(201, line, "", "hello", 5, "queued");
}
END_TEST

START_TEST(the_largest_source_is_held)
{
	fake.pipeline.policy.limits.bytes = 1000;
	create("{}");
	expect(413, line, "", large, 1001, "1000 may come");
	expect(201, line, "", large, 1000, "queued");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("api_uploads");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, sending_start, sending_stop);
	tcase_add_test(tests, a_source_is_stored_and_queued_before_the_answer);
	tcase_add_test(tests, a_large_one_goes_in_parts);
	tcase_add_test(tests, a_chunked_one_does_as_well);
	tcase_add_test(tests, an_empty_one_is_a_source_too);
	tcase_add_test(tests, a_url_works_once);
	tcase_add_test(tests, of_two_at_once_one_wins);
	tcase_add_test(tests, nothing_of_the_url_can_be_changed);
	tcase_add_test(tests, an_expired_url_is_refused);
	tcase_add_test(tests, the_declared_length_is_held);
	tcase_add_test(tests, the_largest_source_is_held);
	return run_tests(tests, "api_uploads");
}
