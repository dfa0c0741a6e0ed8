/* test_api_uploads_broken.c - uploads that end otherwise than their client meant. */
#include "run.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sending.h"
#include "wire.h"

START_TEST(a_chunked_body_ends_where_it_must)
{
	struct wire_answer answer;
	char head[1600];
	int socket;

	create("{\"bytes\":10000000}");
	snprintf(head, sizeof head,
	         "%s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n", line, LARGE);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	wire_send(socket, large, LARGE);
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 413);
	wire_free(&answer);
	wait_until_clean();
	ck_assert_uint_eq(objects(), 0);

	snprintf(head, sizeof head,
	         "%s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
	         "5\r\nhello\r\n0\r\n\r\n",
	         line);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 400);
	wire_free(&answer);
	ck_assert_uint_eq(objects(), 0);
}
END_TEST

START_TEST(a_source_that_trickles_is_given_up)
{
	struct wire_answer answer;
	char head[1600];
	int socket;

	fake.http->limits.upload_ms = 200;
	create("{}");
	snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", line);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	/* The mean is held against whole seconds. */
	for (int n = 0; n < 130; n++) {
		(void)!send(socket, "x", 1, MSG_NOSIGNAL);
		cancel_sleep_ms(NULL, 10);
	}
	wire_finish(socket, &answer);
	ck_assert_int_eq(answer.status, 408);
	wire_free(&answer);
	wait_until_clean();
	ck_assert_uint_eq(objects(), 0);
	ck_assert_int_eq(state_now(), VIDEO_AWAITING_UPLOAD);
}
END_TEST

START_TEST(a_connection_that_breaks_leaves_nothing)
{
	char head[1600];
	int socket;

	create("{}");
	snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: a\r\nContent-Length: %u\r\n\r\n", line,
	         LARGE);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	wire_send(socket, large, LARGE - 1);
	close(socket);
	wait_until_clean();
	ck_assert_uint_eq(objects(), 0);
	ck_assert_int_eq(state_now(), VIDEO_AWAITING_UPLOAD);
	expect(201, line, "", "hello", 5, "queued");
}
END_TEST

START_TEST(a_full_disk_in_the_middle_is_told_in_the_middle)
{
	create("{}");
	fake_fail("upload_part", VM_ERR_NO_MEMORY, "write a: no space left");
	expect(503, line, "", large, LARGE, "no space left");
	fake_mend();
	wait_until_clean();
	ck_assert_uint_eq(objects(), 0);
	expect(201, line, "", large, LARGE, "queued");
}
END_TEST

START_TEST(a_commit_that_fails_promises_nothing)
{
	create("{}");
	fake_fail("put", VM_ERR_NO_MEMORY, "write a: no space left");
	expect(503, line, "", "hello", 5, "nothing was promised");
	ck_assert_int_eq(state_now(), VIDEO_AWAITING_UPLOAD);
	fake_fail("upload_commit", VM_ERR_NO_MEMORY, "sync a: input/output");
	expect(503, line, "", large, LARGE, "input/output");
	fake_mend();
	wait_until_clean();
}
END_TEST

START_TEST(a_source_that_cannot_be_queued_is_no_success)
{
	char complete[128];

	create("{}");
	fake_fail("put_document", VM_ERR_NO_MEMORY, "put b: gone");
	expect(503, line, "", "hello", 5, "complete");
	fake_mend();
	expect_source("hello", 5);
	snprintf(complete, sizeof complete, "POST /v1/videos/%s/complete", id);
	/* Sending it again is as good as saying that it is complete. */
	expect(412, line, "", "other", 5, "works once");
	expect_source("hello", 5);
	expect(409, complete, "", NULL, 0, "it is queued");
}
END_TEST

START_TEST(a_source_that_was_stored_unheard_is_received)
{
	create("{}");
	fake_fail("put unheard", VM_ERR_TIMEOUT, "put a: no answer");
	expect(201, line, "", "hello", 5, "queued");
	expect_source("hello", 5);
	fake_mend();
	create("{}");
	fake_fail("put", VM_ERR_CONFLICT, "put a: it is there");
	expect(503, line, "", "hello", 5, "does not show");
	fake_mend();
	expect(201, line, "", "hello", 5, "queued");
}
END_TEST

START_TEST(a_video_that_went_away_takes_none)
{
	char cancel[128];

	create("{}");
	snprintf(cancel, sizeof cancel, "POST /v1/videos/%s/cancel", id);
	expect(200, cancel, "", NULL, 0, "canceled");
	expect(409, line, "", "hello", 5, "it is canceled");
	snprintf(cancel, sizeof cancel, "DELETE /v1/videos/%s", id);
	expect(202, cancel, "", NULL, 0, "");
	expect(404, line, "", "hello", 5, "no video");
}
END_TEST

START_TEST(uploads_at_once_are_bounded)
{
	char head[1600];
	int socket;

	fake.http->limits.uploads = 1;
	create("{}");
	snprintf(head, sizeof head,
	         "%s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", line);
	socket = wire_connect(fake.port);
	wire_send(socket, head, strlen(head));
	ck_assert(wire_wait(socket, "100 Continue", head, sizeof head));
	expect(503, line, "", "hello", 5, "1 uploads are being received");
	close(socket);
	wait_until_clean();
	expect(201, line, "", "hello", 5, "queued");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("api_uploads_broken");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, sending_start, sending_stop);
	tcase_add_test(tests, a_chunked_body_ends_where_it_must);
	tcase_add_test(tests, a_source_that_trickles_is_given_up);
	tcase_add_test(tests, a_connection_that_breaks_leaves_nothing);
	tcase_add_test(tests, a_full_disk_in_the_middle_is_told_in_the_middle);
	tcase_add_test(tests, a_commit_that_fails_promises_nothing);
	tcase_add_test(tests, a_source_that_cannot_be_queued_is_no_success);
	tcase_add_test(tests, a_source_that_was_stored_unheard_is_received);
	tcase_add_test(tests, a_video_that_went_away_takes_none);
	tcase_add_test(tests, uploads_at_once_are_bounded);
	return run_tests(tests, "api_uploads_broken");
}
