/* test_api_uploads.c - a source sent to the server's own signed URL. */
#include "run.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake.h"
#include "plugin/storage.h"
#include "support/clock.h"
#include "video/keys.h"
#include "wire.h"

#define JSON "Content-Type: application/json\r\n"
/* More than two parts of the receiver, and no multiple of one. */
#define LARGE ((20u << 20) + 12345)

static struct fake fake;
static char line[1200]; /* "PUT /v1/uploads/…" of the video made last */
static char id[VIDEO_ID_MAX];
static char *large;

static void start(void)
{
	fake_start(&fake, &(struct fake_options){0});
	large = malloc(LARGE);
	for (unsigned i = 0; i < LARGE; i++)
		large[i] = (char)(i * 2654435761u >> 24);
}

static void stop(void)
{
	free(large);
	fake_stop(&fake);
}

/* Makes a video and sets `line` to the request that it came with. */
static void create(const char *body)
{
	struct wire_answer answer;
	const json_t *request;
	const char *url;
	json_t *json;

	wire_ask(fake.port, "POST /v1/videos", JSON, body, &answer);
	ck_assert_int_eq(answer.status, 201);
	json = json_loads(answer.body, 0, NULL);
	request = json_array_get(json_object_get(json_object_get(json, "upload"), "requests"), 0);
	url = json_string_value(json_object_get(request, "url"));
	snprintf(line, sizeof line, "PUT %s", strstr(url, "/v1/"));
	snprintf(id, sizeof id, "%s",
	         json_string_value(json_object_get(json_object_get(json, "video"), "id")));
	json_decref(json);
	wire_free(&answer);
}

static void expect(int status, const char *request, const char *headers, const void *body,
                   size_t length, const char *detail)
{
	struct wire_answer answer;

	wire_ask_bytes(fake.port, request, headers, body, length, &answer);
	ck_assert_msg(answer.status == status, "%d instead of %d: %s", answer.status, status,
	              answer.body);
	ck_assert_msg(strstr(answer.body, detail) != NULL, "%s", answer.body);
	wire_free(&answer);
}

static enum video_state state_now(void)
{
	struct video video;

	ck_assert_int_eq(videos_get(&fake.server, id, NULL, &video, NULL, NULL), VM_OK);
	return video.state;
}

static size_t objects(void)
{
	return fake_storage_objects(fake.server.places.storage_unprocessed->self);
}

static size_t uploads(void)
{
	return fake_storage_uploads(fake.server.places.storage_unprocessed->self);
}

static unsigned uploads_in_hand(void)
{
	unsigned count;

	pthread_mutex_lock(&fake.http->lock);
	count = fake.http->uploads;
	pthread_mutex_unlock(&fake.http->lock);
	return count;
}

/* The connection's thread cleans up after the client has seen the end. */
static void wait_until_clean(void)
{
	int64_t until_ms = clock_monotonic_ms() + 30000;

	while (uploads_in_hand() > 0 && clock_monotonic_ms() < until_ms)
		usleep(1000);
	ck_assert_uint_eq(uploads(), 0);
}

static void expect_source(const char *bytes, size_t length)
{
	char *found = malloc(length + 1);
	char key[VM_KEY_MAX];
	size_t got;

	ck_assert_int_eq(storage_read_at(fake.server.places.storage_unprocessed, key_source(id, key),
	                                 NULL, 0, found, length + 1, &got, NULL, NULL),
	                 VM_OK);
	ck_assert_uint_eq(got, length);
	ck_assert_int_eq(memcmp(found, bytes, length), 0);
	free(found);
}

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
	usleep(1100000);
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
	fake_fault = (struct fake_fault){"upload_part", VM_ERR_NO_MEMORY, "write a: no space left"};
	expect(503, line, "", large, LARGE, "no space left");
	fake_fault = (struct fake_fault){0};
	wait_until_clean();
	ck_assert_uint_eq(objects(), 0);
	expect(201, line, "", large, LARGE, "queued");
}
END_TEST

START_TEST(a_commit_that_fails_promises_nothing)
{
	create("{}");
	fake_fault = (struct fake_fault){"put", VM_ERR_NO_MEMORY, "write a: no space left"};
	expect(503, line, "", "hello", 5, "nothing was promised");
	ck_assert_int_eq(state_now(), VIDEO_AWAITING_UPLOAD);
	fake_fault = (struct fake_fault){"upload_commit", VM_ERR_NO_MEMORY, "sync a: input/output"};
	expect(503, line, "", large, LARGE, "input/output");
	fake_fault = (struct fake_fault){0};
	wait_until_clean();
}
END_TEST

START_TEST(a_source_that_cannot_be_queued_is_no_success)
{
	create("{}");
	fake_fault = (struct fake_fault){"put_document", VM_ERR_NO_MEMORY, "put b: gone"};
	expect(503, line, "", "hello", 5, "complete");
	fake_fault = (struct fake_fault){0};
	expect_source("hello", 5);
	expect(412, line, "", "other", 5, "works once");
	snprintf(line, sizeof line, "POST /v1/videos/%s/complete", id);
	expect(200, line, "", NULL, 0, "queued");
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
	TCase *tests = tcase_create("api_uploads");

	tcase_set_timeout(tests, 60);
	tcase_add_checked_fixture(tests, start, stop);
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
	tcase_add_test(tests, a_chunked_body_ends_where_it_must);
	tcase_add_test(tests, a_connection_that_breaks_leaves_nothing);
	tcase_add_test(tests, a_full_disk_in_the_middle_is_told_in_the_middle);
	tcase_add_test(tests, a_commit_that_fails_promises_nothing);
	tcase_add_test(tests, a_source_that_cannot_be_queued_is_no_success);
	tcase_add_test(tests, a_video_that_went_away_takes_none);
	tcase_add_test(tests, uploads_at_once_are_bounded);
	return run_tests(tests, "api_uploads");
}
